//! The contracts in `examples/` are sound without a word of the compiler's, and between them they use the whole language.
//!
//! What the language has is asked of the grammar and of the compiler where they can say it: a construct that is added there,
//! and that no example uses, fails here by its name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slo_compiler::diagnostic::{Class, Code, Diagnostic, render};
use slo_compiler::ir::{InstrumentKind, Severity, SpanKind, Status};
use slo_compiler::{Compilation, compile, load};
use slo_grammar::{
    Attribute, DECLARATIONS, Declared, Entry, Event, EventEntry, Expression, Field, FileId, Item,
    LATER_DECLARATIONS, Level, ListItem, Log, Lossy, Meaning, MeaningEntry, Metric, NamedType, Opt, Pair,
    Passes, PayloadField, Policy, PolicyEntry, Projection, Span, SpanEvent, SyntaxTree, TokenKind, Type,
    Variant, View, parse,
};
use slo_tests::compile_text;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The examples by their names, each with the folder of its contract. What is in several languages has a contract for each.
fn examples() -> Vec<(String, PathBuf)> {
    let folder = repository().join("examples");
    let mut found = Vec::new();
    for name in folders(&folder) {
        let root = folder.join(&name).join("slo");
        if root.is_dir() {
            found.push((name, root));
            continue;
        }
        let languages = folders(&folder.join(&name)).into_iter();
        found.extend(languages.map(|language| {
            let root = folder.join(&name).join(&language).join("slo");
            (format!("{name}/{language}"), root)
        }));
    }
    found
}

/// The names of the folders in one, in their order.
fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut found: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    found
}

fn compiled(root: &Path) -> Compilation {
    compile(&load::load(root).unwrap())
}

#[test]
fn every_example_is_sound_and_nothing_is_left_to_say_of_it() {
    let examples = examples();
    assert!(examples.len() >= 4, "there are {} examples", examples.len());
    for (name, root) in examples {
        let compilation = compiled(&root);
        // A policy allows what is accepted, with its reason, so that a note is something new.
        let found = render::short(&compilation.diagnostics, &compilation.sources);
        assert!(compilation.diagnostics.is_empty(), "{name}:\n{found}");
        assert!(compilation.checked.is_some(), "{name}");
    }
}

#[test]
fn the_list_of_examples_names_each() {
    let folder = repository().join("examples");
    let list = fs::read_to_string(folder.join("README.md")).unwrap();
    for name in folders(&folder) {
        assert!(list.contains(&format!("]({name}/")), "examples/README.md has no link into `{name}`");
    }
}

#[test]
fn between_them_the_examples_use_every_construct() {
    let found = found();
    let wanted = wanted();
    let missing: Vec<&str> =
        wanted.iter().map(String::as_str).filter(|construct| !found.contains(*construct)).collect();
    assert!(missing.is_empty(), "no example uses:\n  {}", missing.join("\n  "));
}

/// Every construct that an example uses, by its name.
fn found() -> BTreeSet<String> {
    let mut found = Found::default();
    for (_, root) in examples() {
        let compilation = compiled(&root);
        for (_, file) in compilation.sources.files().filter(|(_, file)| file.root == 0) {
            if file.path.ends_with(".slo") {
                found.tree(&parse(FileId(0), Arc::clone(&file.text)));
            }
        }
    }
    found.0
}

/// Every construct that an example must use, by its name.
fn wanted() -> BTreeSet<String> {
    let mut wanted: BTreeSet<String> = WRITTEN.iter().map(|name| (*name).to_owned()).collect();
    wanted.extend(DECLARATIONS.iter().map(|keyword| format!("the declaration `{keyword}`")));
    wanted.extend(keywords().iter().map(|keyword| format!("the keyword `{keyword}`")));
    wanted.extend(Severity::ALL.iter().map(|severity| format!("the severity `{}`", severity.name())));
    wanted.extend(Status::ALL.iter().map(|status| format!("the status `{}`", status.name())));
    wanted.extend(InstrumentKind::ALL.iter().map(|kind| format!("the instrument `{}`", kind.name())));
    wanted.extend(SpanKind::ALL.iter().map(|kind| format!("the span kind `{}`", kind.name())));
    wanted.extend(rules().iter().map(|rule| format!("the rule `{rule}`")));
    for (place, options) in options() {
        // A severity is wanted above, whoever says it.
        let options = options.iter().filter(|option| Severity::from_name(option).is_none());
        for option in options {
            wanted.insert(format!("the option `{option}`"));
            // Each option at each place would make an exercise of the examples; at these places it is how they are used.
            if ["a field", "a metric of an event", "an event", "a log", "a span", "a view"].contains(&place) {
                wanted.insert(format!("the option `{option}` of {place}"));
            }
        }
    }
    wanted
}

/// What neither the grammar nor the compiler lists.
const WRITTEN: &[&str] = &[
    "the docs of a package",
    "a `use` of a package of the same root",
    "an enum whose members have wire values of their own",
    "an enum of numbers",
    "an attribute of an attribute's type",
    "the type `string`",
    "the type `int`",
    "the type `double`",
    "the type `bool`",
    "the type `context[]`",
    "a list as a type",
    "a part of a key in quotes",
    "a group of keys taken into a resource",
    "a group of fields taken into an event",
    "a group taken into a group",
    "a variant with a description",
    "a variant with a payload",
    "a variant with two payloads",
    "a payload with an option",
    "a payload of an attribute's type",
    "a payload of an enum",
    "a payload as a value",
    "a meaning taken into a meaning",
    "keys of `metric`",
    "keys of `log`",
    "keys of `span`",
    "keys of `all`",
    "`metric none`",
    "`log none`",
    "`span none`",
    "a severity and keys in one `log`",
    "a severity alone",
    "a status and keys in one `span`",
    "a status alone",
    "a name that is local to a signal",
    "a member as a value",
    "a text as a value",
    "a number as a value",
    "`to_string(…)`",
    "`lossy` with its reason",
    "`lossy` in a view",
    "a field of a plain type",
    "a field of an attribute's type",
    "a field of a meaning",
    "a field of a meaning that may be absent",
    "a field that may be absent",
    "a field that is a constant",
    "a field of a meaning by a view",
    "an `unset` of a meaning",
    "an `unset` of a value",
    "a list with a view",
    "a list with another name",
    "a list with a constant under a local name",
    "a list with a constant under a declared key",
    "a metric of an event without a list",
    "a log with a list",
    "a log without a list",
    "a log with its own severity",
    "a log without a severity of its own",
    "a span with a list",
    "a span without a list",
    "a span on the one that runs",
    "what is set on every span",
    "an event on a span",
    "a list with a field as text",
    "a list of objects",
    "a member that may be absent",
    "a log without a name",
    "an event with several logs",
    "a variant that gives a log its text",
    "a variant that describes its status",
    "a span's name with a field in it",
    "a body with a field in it",
    "a metric twice in one event",
    "a log in another scope",
    "a metric in a scope",
    "a span in another scope",
    "a metric while an event runs, in that event's scope",
    "an observed metric",
    "a metric that is declared for events to record",
    "the requirement level `required`",
    "the requirement level `recommended`",
    "the requirement level `opt_in`",
    "the requirement level `if`",
    "the requirement level `id`",
    "a requirement level under a condition",
    "a span of a declared one",
    "`one_of(…)` of entities",
    "`all_of(…)` of entities",
    "the test `==`",
    "the test `in`",
    "the test `not in`",
    "the test `present`",
    "tests joined by `and`",
    "`invalid=drop`",
    "`severity=max`",
    "`status=max`",
    "a rule whose findings are `error`",
    "a rule whose findings are `warn`",
    "a rule whose findings are `note`",
    "`allow` of what is unproved",
    "`allow` of what a rule finds",
    "`allow` of a number",
    "a range",
    "a number with `_`",
];

/// The words with a meaning of their own that this release compiles, read from the grammar itself.
fn keywords() -> Vec<String> {
    let grammar = fs::read_to_string(repository().join("grammar/src/token.rs")).unwrap();
    let (_, table) = grammar.split_once("fn kind_of(").unwrap();
    let rows = table.lines().take_while(|line| !line.contains("_ =>"));
    let words = rows.filter_map(|row| Some(row.trim().strip_prefix('"')?.split_once("\" =>")?.0));
    let later = |word: &&str| !LATER_DECLARATIONS.contains(word);
    let keywords: Vec<String> = words.filter(later).map(str::to_owned).collect();
    assert!(keywords.len() > 20, "the grammar's keywords are no longer found");
    keywords
}

/// A name that is near to nothing, so that the compiler answers it with all that there is.
const UNKNOWN: &str = "zzzzzzzzzz";

/// The words between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn helps(text: &str, code: Code, begins: &str) -> Vec<Vec<String>> {
    let compilation = compile_text(text);
    let mut diagnostics: Vec<&Diagnostic> =
        compilation.diagnostics.iter().filter(|diagnostic| diagnostic.code == code).collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels[0].place.start);
    let helps = diagnostics.iter().filter_map(|diagnostic| diagnostic.help.as_deref()?.strip_prefix(begins));
    helps.map(quoted).collect()
}

/// The options at each place, as the compiler lists them for one that it doesn't know.
fn options() -> Vec<(&'static str, Vec<String>)> {
    const PLACES: [(&str, &str); 16] = [
        ("an attribute", "attribute x.a: int, OPTION"),
        ("`refine`", "refine http.route: OPTION"),
        ("a resource", "resource R: OPTION { x.a: required }"),
        ("a key of a resource or scope", "resource R { x.a: OPTION }"),
        ("a metric at top level", "metric x.metric: OPTION"),
        ("a span at top level", "span x.span: OPTION { x.a }"),
        ("a log at top level", "log x.log: OPTION { x.a }"),
        ("an entity", "entity x.entity: OPTION { x.a id }"),
        ("a view", "view W of M: OPTION { V { log info } }"),
        ("a payload", "meaning P { V(p: int, OPTION) { log info { p = p } } }"),
        ("an event", "event E in S: OPTION { log x.log: info }"),
        ("a field", "event E in S {\n f: int, OPTION\n log x.log: info\n }"),
        ("a metric of an event", "event E in S { metric x.metric: OPTION }"),
        ("a log", "event E in S { log x.log: OPTION }"),
        ("a span", "event E in S { span \"x\": OPTION }"),
        ("an event on a span", "event E in S { span event \"x\": OPTION }"),
    ];
    let places = PLACES.map(|(place, declaration)| {
        let text = format!(
            "package a\nuse std.otel\nattribute x.a: int\nscope S {{}}\nmeaning M {{ V {{ log info }} }}\n{}\n",
            declaration.replace("OPTION", UNKNOWN)
        );
        let text =
            if place == "an attribute" { text.replacen("attribute x.a: int\n", "", 1) } else { text };
        let mut helps = helps(&text, Code::UnknownOption, "the options here are ");
        assert_eq!(helps.len(), 1, "the options of {place} are no longer found");
        (place, helps.remove(0))
    });
    places.to_vec()
}

/// The rules that a policy may have, as the compiler lists them.
fn rules() -> Vec<String> {
    let text = format!("package a\npolicy P {{\n {UNKNOWN}: error\n}}\n");
    let mut helps = helps(&text, Code::UnknownRule, "this release has the rules ");
    assert_eq!(helps.len(), 1, "the rules are no longer found");
    helps.remove(0)
}

/// The names of the constructs that were found.
#[derive(Default)]
struct Found(BTreeSet<String>);

// Everything is taken apart without `..`: what the syntax tree gains doesn't compile here until it is looked at.
impl Found {
    fn add(&mut self, construct: impl Into<String>) {
        self.0.insert(construct.into());
    }

    fn add_if(&mut self, is: bool, construct: &str) {
        if is {
            self.add(construct);
        }
    }

    fn tree(&mut self, tree: &SyntaxTree) {
        let SyntaxTree { file: _, text, tokens, items, errors, unread: _ } = tree;
        assert!(errors.is_empty(), "{errors:?}");
        for number in 0..tokens.len() {
            let text = &text[tokens.place(number)];
            match tokens.kind(number) {
                TokenKind::Keyword => self.add(format!("the keyword `{text}`")),
                TokenKind::Number => self.add_if(text.contains('_'), "a number with `_`"),
                TokenKind::Key => self.add_if(text.contains('"'), "a part of a key in quotes"),
                TokenKind::LineEnd
                | TokenKind::Doc
                | TokenKind::Word
                | TokenKind::Text
                | TokenKind::Punctuation
                | TokenKind::Raw
                | TokenKind::Unknown => {}
            }
        }
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        self.add(format!("the declaration `{}`", item.keyword()));
        match item {
            Item::Package(package) => self.add_if(!package.docs.is_empty(), "the docs of a package"),
            Item::Use(used) => {
                self.add_if(!used.name.value.starts_with("std."), "a `use` of a package of the same root");
            }
            Item::Attribute(item) => {
                let Attribute { docs: _, key: _, type_of, options, tokens: _ } = &**item;
                if let Type::Named(NamedType { name, array: _ }) = &type_of.value {
                    self.add_if(is_key(&name.value), "an attribute of an attribute's type");
                }
                self.type_of(&type_of.value);
                self.options(options);
            }
            Item::Refine(refine) => self.options(&refine.options),
            Item::Group(block) => {
                for entry in &block.entries {
                    match entry {
                        Entry::Key { docs: _, key: _, options, tokens: _ } => self.options(options),
                        Entry::Spread(_) => self.add("a group taken into a group"),
                        Entry::Field(field) => self.field(field),
                    }
                }
            }
            Item::Resource(block) | Item::Scope(block) => {
                self.options(&block.options);
                for entry in &block.entries {
                    match entry {
                        Entry::Key { docs: _, key: _, options, tokens: _ } => self.options(options),
                        Entry::Spread(_) => self.add("a group of keys taken into a resource"),
                        Entry::Field(_) => {}
                    }
                }
            }
            Item::Policy(policy) => self.policy(policy),
            Item::Metric(metric) => self.metric_at_top_level(metric),
            Item::Span(item) | Item::Log(item) | Item::Entity(item) => {
                let Declared { docs: _, name: _, options, list, tokens: _ } = &**item;
                self.options(options);
                self.list(list.as_deref());
            }
            Item::Meaning(item) => {
                let Meaning { docs: _, name: _, entries, broken: _, tokens: _ } = &**item;
                for entry in entries {
                    self.meaning_entry(entry);
                }
            }
            Item::View(item) => {
                let View { docs: _, name: _, of: _, options, entries, broken: _, tokens: _ } = &**item;
                self.options_of(options, "a view");
                for entry in entries {
                    self.add_if(matches!(entry, MeaningEntry::Lossy(_)), "`lossy` in a view");
                    self.meaning_entry(entry);
                }
            }
            Item::Event(event) => self.event(event),
        }
    }

    fn policy(&mut self, policy: &Policy) {
        let Policy { docs: _, name: _, entries, broken: _, tokens: _ } = policy;
        for entry in entries {
            match entry {
                PolicyEntry::Rule { name, options, tokens: _ } => {
                    self.add(format!("the rule `{}`", name.value));
                    for option in options.iter().filter(|option| option.value.is_none()) {
                        self.add(format!("a rule whose findings are `{}`", option.name.value));
                    }
                }
                PolicyEntry::Allow { code, names: _, number, reason: _, tokens: _ } => {
                    let of_a_rule = Code::from_id(&code.value).unwrap().class() == Class::Rule;
                    self.add_if(of_a_rule, "`allow` of what a rule finds");
                    self.add_if(!of_a_rule, "`allow` of what is unproved");
                    self.add_if(number.is_some(), "`allow` of a number");
                }
            }
        }
    }

    fn options(&mut self, options: &[Opt]) {
        for Opt { name, value, place: _, tokens: _ } in options {
            self.add(format!("the option `{}`", name.value));
            let kinds = InstrumentKind::ALL.iter().map(|kind| kind.name());
            if kinds.into_iter().any(|kind| kind == name.value) {
                self.add(format!("the instrument `{}`", name.value));
            }
            if let Some(value) = value {
                self.add_if(matches!(value.value, Expression::Range(..)), "a range");
                self.combined(&value.value);
                if let Expression::Conditions(tests) = &value.value {
                    self.add_if(tests.len() > 1, "tests joined by `and`");
                    for test in tests {
                        match &test.passes {
                            // `in` and `==` are one in the tree, and keywords tell them apart.
                            Passes::In(values) => self.add(match values.len() {
                                1 => "the test `==`",
                                _ => "the test `in`",
                            }),
                            Passes::NotIn(_) => self.add("the test `not in`"),
                            Passes::Present => self.add("the test `present`"),
                        }
                    }
                }
            }
        }
    }

    fn combined(&mut self, value: &Expression) {
        if let Expression::Combination(word, parts) = value {
            self.add(format!("`{}(…)` of entities", word.value));
            parts.iter().for_each(|part| self.combined(&part.value));
        }
    }

    fn options_of(&mut self, options: &[Opt], place: &str) {
        self.options(options);
        for option in options {
            self.add(format!("the option `{}` of {place}", option.name.value));
        }
    }

    fn type_of(&mut self, type_of: &Type) {
        match type_of {
            Type::Enum(members) => {
                let wire = members.iter().filter_map(|member| member.wire.as_ref());
                for wire in wire {
                    let number = matches!(wire.value, Expression::Number { .. });
                    self.add_if(number, "an enum of numbers");
                    self.add_if(!number, "an enum whose members have wire values of their own");
                }
            }
            Type::Map(_) | Type::Timestamp(_) | Type::Duration(_) => {}
            Type::Object(object) => {
                self.add_if(object.array, "a list of objects");
                self.add_if(
                    object.members.iter().any(|member| member.optional),
                    "a member that may be absent",
                );
                object.members.iter().for_each(|member| self.type_of(&member.type_of.value));
            }
            Type::Named(NamedType { name, array }) => {
                let name = &name.value;
                match array {
                    true => self.add_if(name != "context", "a list as a type"),
                    false => self.add(format!("the type `{name}`")),
                }
                self.add_if(*array && name == "context", "the type `context[]`");
            }
        }
    }

    fn meaning_entry(&mut self, entry: &MeaningEntry) {
        match entry {
            MeaningEntry::Variant(variant) => self.variant(variant),
            MeaningEntry::Spread(_) => self.add("a meaning taken into a meaning"),
            MeaningEntry::Lossy(Lossy { signal: _, variants: _, reason, place: _, tokens: _ }) => {
                self.add_if(reason.is_some(), "`lossy` with its reason");
            }
        }
    }

    fn variant(&mut self, variant: &Variant) {
        let Variant { docs: _, name: _, payload, description, options, projections, tokens: _ } = variant;
        self.options(options);
        self.add_if(description.is_some(), "a variant with a description");
        self.add_if(!payload.is_empty(), "a variant with a payload");
        self.add_if(payload.len() > 1, "a variant with two payloads");
        for PayloadField { name: _, type_of, options, tokens: _ } in payload {
            self.type_of(&type_of.value);
            self.options(options);
            self.add_if(!options.is_empty(), "a payload with an option");
            match &type_of.value {
                Type::Enum(_) => self.add("a payload of an enum"),
                Type::Named(named) => {
                    self.add_if(is_key(&named.name.value), "a payload of an attribute's type");
                }
                Type::Map(_) | Type::Object(_) | Type::Timestamp(_) | Type::Duration(_) => {}
            }
        }
        let carried: Vec<&str> = payload.iter().map(|field| field.name.value.as_str()).collect();
        for projection in projections {
            self.projection(projection, &carried);
        }
    }

    fn projection(&mut self, projection: &Projection, carried: &[&str]) {
        let Projection { signal, word, text, pairs, place: _, tokens: _ } = projection;
        self.add_if(
            text.is_some(),
            match signal.value.as_str() {
                "log" => "a variant that gives a log its text",
                _ => "a variant that describes its status",
            },
        );
        let signal = signal.value.as_str();
        match word.as_ref().map(|word| word.value.as_str()) {
            Some("none") => self.add(format!("`{signal} none`")),
            Some(word) => {
                let (level, level_of) = match signal {
                    "log" => ("severity", "`log`"),
                    _ => ("status", "`span`"),
                };
                self.add(format!("the {level} `{word}`"));
                match pairs {
                    Some(_) => self.add(format!("a {level} and keys in one {level_of}")),
                    None => self.add(format!("a {level} alone")),
                }
            }
            None => {}
        }
        for Pair { key, value, tokens: _ } in pairs.iter().flatten() {
            self.add(format!("keys of `{signal}`"));
            self.add_if(!key.value.contains('.'), "a name that is local to a signal");
            match &value.value {
                Expression::Call(function, _) => self.add(format!("`{}(…)`", function.value)),
                Expression::Key(word) if carried.contains(&word.as_str()) => self.add("a payload as a value"),
                Expression::Key(_) => self.add("a member as a value"),
                Expression::String(_) => self.add("a text as a value"),
                Expression::Number { .. } => self.add("a number as a value"),
                Expression::Range(..)
                | Expression::List(_)
                | Expression::Combination(..)
                | Expression::Conditions(_)
                | Expression::Raw(_) => {}
            }
        }
    }

    fn event(&mut self, event: &Event) {
        let Event { docs: _, name: _, scope: _, options, entries, broken: _, tokens: _ } = event;
        self.options_of(options, "an event");
        self.add_if(says(options, "invalid", "drop"), "`invalid=drop`");
        let mut metrics: Vec<&str> = Vec::new();
        let logs = entries.iter().filter(|entry| matches!(entry, EventEntry::Log(_))).count();
        self.add_if(logs > 1, "an event with several logs");
        for entry in entries {
            match entry {
                EventEntry::Field(field) => self.field(field),
                EventEntry::Spread(_) => self.add("a group of fields taken into an event"),
                EventEntry::Metric(metric) => {
                    self.add_if(metrics.contains(&metric.name.value.as_str()), "a metric twice in one event");
                    metrics.push(&metric.name.value);
                    self.options_of(&metric.options, "a metric of an event");
                    self.add_if(metric.list.is_none(), "a metric of an event without a list");
                    self.list(metric.list.as_deref());
                }
                EventEntry::Log(log) => self.log(log),
                EventEntry::Span(span) => self.span(span),
                EventEntry::SpanEvent(one) => self.span_event(one),
            }
        }
    }

    fn field(&mut self, field: &Field) {
        let Field { docs: _, name: _, type_of, optional, value, via, options, tokens: _ } = field;
        self.type_of(&type_of.value);
        self.options_of(options, "a field");
        self.add_if(optional.is_some(), "a field that may be absent");
        self.add_if(value.is_some(), "a field that is a constant");
        self.add_if(via.is_some(), "a field of a meaning by a view");
        let unset = options.iter().any(|option| option.name.value == "unset");
        match &type_of.value {
            Type::Named(named) if is_declaration(&named.name.value) => {
                self.add("a field of a meaning");
                self.add_if(optional.is_some(), "a field of a meaning that may be absent");
                self.add_if(unset, "an `unset` of a meaning");
            }
            other => {
                let key = matches!(other, Type::Named(named) if is_key(&named.name.value));
                self.add(if key { "a field of an attribute's type" } else { "a field of a plain type" });
                self.add_if(unset, "an `unset` of a value");
            }
        }
    }

    fn list(&mut self, items: Option<&[ListItem]>) {
        for ListItem { key, value, via, shown_as, level, tokens: _ } in items.into_iter().flatten() {
            self.add_if(via.is_some(), "a list with a view");
            self.add_if(shown_as.is_some(), "a list with another name");
            if let Some(Expression::Call(..)) = value.as_ref().map(|value| &value.value) {
                self.add("a list with a field as text");
            } else if value.is_some() {
                self.add(match key.value.contains('.') {
                    true => "a list with a constant under a declared key",
                    false => "a list with a constant under a local name",
                });
            }
            if let Some(Level { word, condition }) = level.as_ref().map(|level| &level.value) {
                match word {
                    Some(word) => {
                        self.add(format!("the requirement level `{}`", word.value));
                        self.add_if(condition.is_some(), "a requirement level under a condition");
                    }
                    None => self.add("the requirement level `if`"),
                }
            }
        }
    }

    fn metric_at_top_level(&mut self, metric: &Metric) {
        let Metric { docs: _, name: _, scope, options, list, tokens: _ } = metric;
        self.options(options);
        self.list(list.as_deref());
        self.add_if(scope.is_some(), "a metric in a scope");
        let has = |name: &str| options.iter().any(|option| option.name.value == name);
        match (has("observed"), has("while")) {
            (true, _) => self.add("an observed metric"),
            (false, true) => {
                self.add_if(scope.is_none(), "a metric while an event runs, in that event's scope");
            }
            (false, false) => self.add("a metric that is declared for events to record"),
        }
    }

    fn log(&mut self, log: &Log) {
        let Log { docs: _, place: _, name, scope, options, list, tokens: _ } = log;
        self.add_if(name.is_none(), "a log without a name");
        self.add_if(scope.is_some(), "a log in another scope");
        self.options_of(options, "a log");
        self.list(list.as_deref());
        self.add(if list.is_some() { "a log with a list" } else { "a log without a list" });
        let own = options.iter().find(|option| Severity::from_name(&option.name.value).is_some());
        match own {
            Some(own) => {
                self.add("a log with its own severity");
                self.add(format!("the severity `{}`", own.name.value));
            }
            None => self.add("a log without a severity of its own"),
        }
        self.add_if(says(options, "severity", "max"), "`severity=max`");
        let body = options.iter().find(|option| option.name.value == "body");
        if let Some(Expression::String(body)) =
            body.and_then(|body| body.value.as_ref()).map(|value| &value.value)
        {
            self.add_if(body.contains('{'), "a body with a field in it");
        }
    }

    fn span_event(&mut self, one: &SpanEvent) {
        let SpanEvent { docs: _, name: _, scope: _, options, list, tokens: _ } = one;
        self.add("an event on a span");
        self.options_of(options, "an event on a span");
        self.list(list.as_deref());
    }

    fn span(&mut self, span: &Span) {
        let Span { docs: _, place: _, name, every, of, scope, options, list, tokens: _ } = span;
        self.add_if(of.is_some(), "a span of a declared one");
        self.add_if(scope.is_some(), "a span in another scope");
        self.options_of(options, "a span");
        self.list(list.as_deref());
        self.add(if list.is_some() { "a span with a list" } else { "a span without a list" });
        for option in options.iter().filter(|option| SpanKind::from_name(&option.name.value).is_some()) {
            self.add(format!("the span kind `{}`", option.name.value));
        }
        self.add_if(says(options, "status", "max"), "`status=max`");
        match name {
            Some(name) => self.add_if(name.value.contains('{'), "a span's name with a field in it"),
            None if *every => self.add("what is set on every span"),
            None => self.add("a span on the one that runs"),
        }
    }
}

/// Whether an option has this word as its value.
fn says(options: &[Opt], name: &str, word: &str) -> bool {
    options.iter().any(|option| {
        let value = option.value.as_ref().map(|value| &value.value);
        option.name.value == name && value == Some(&Expression::Key(word.into()))
    })
}

/// A type's name whose last part begins with a capital is a declaration.
fn is_declaration(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

/// Any other name with a dot is a key.
fn is_key(name: &str) -> bool {
    name.contains('.') && !is_declaration(name)
}
