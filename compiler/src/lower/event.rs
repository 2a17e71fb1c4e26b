//! Events and their fields.

use std::collections::HashMap;

use slo_grammar::{Entry, EventEntry, Expression, NamedType, Place, Placed, Type as TypeSyntax};

use super::Lowering;
use super::domain::{Constraints, Mode};
use super::literal::literal;
use super::options::{Context, Options, wrong_kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Domain, Event, Field, FieldValue, Literal};
use crate::resolve::{Binding, is_declaration, spelled};
use crate::text::some_of;

/// An event with its fields by their names.
pub(super) struct Fields<'e> {
    event: &'e Event,
    by_name: HashMap<&'e str, &'e Field>,
}

impl<'e> Fields<'e> {
    pub(super) fn of(event: &'e Event) -> Fields<'e> {
        let by_name = event.fields.iter().map(|field| (field.name.as_str(), field)).collect();
        Fields { event, by_name }
    }

    pub(super) fn field(&self, name: &str) -> Option<&'e Field> {
        self.by_name.get(name).copied()
    }
}

impl std::ops::Deref for Fields<'_> {
    type Target = Event;

    fn deref(&self) -> &Event {
        self.event
    }
}

/// A field's or a payload's type, with its constraints.
pub(super) struct Typed {
    /// The key of its attribute, where its type is one.
    key: Option<String>,
    pub(super) domain: Option<Domain>,
    declaration: Option<Place>,
    docs: String,
    pub(super) sensitive: bool,
}

impl<'t> Lowering<'_, 't> {
    pub(super) fn event(&mut self, tree: usize, event: &'t slo_grammar::Event) {
        let options = Options::read(&event.options, Context::EventHeader, self.diagnostics);
        let drop_invalid = self.drop_invalid(&options);
        let scope = match self.resolved.bindings.get(&event.scope.place).copied() {
            Some(Binding::Named(scope_tree, item)) => {
                Some(format!("{}.{}", self.package_name(scope_tree), item.name().value))
            }
            _ => None,
        };
        let mut made = Event {
            node: self.contract.places.add(event.name.place),
            package: self.package_name(tree).to_owned(),
            name: event.name.value.clone(),
            docs: event.docs.clone(),
            scope,
            drop_invalid,
            fields: Vec::new(),
            metrics: Vec::new(),
            log: None,
            span: None,
        };
        self.fields(tree, event, &mut made);
        // Signals name fields, which may stand below them.
        let whole = made.clone();
        let fields = Fields::of(&whole);
        let (mut log, mut span) = (None, None);
        for entry in &event.entries {
            match entry {
                EventEntry::Field(_) | EventEntry::Spread(_) => {}
                EventEntry::Metric(metric) => {
                    let metric = self.event_metric(tree, metric, &fields);
                    made.metrics.push(metric);
                }
                EventEntry::Log(declared) => {
                    self.only_one("log", declared.name.place, &mut log, &made.name);
                    let lowered = self.log(tree, declared, &fields);
                    made.log.get_or_insert(lowered);
                }
                EventEntry::Span(declared) => {
                    self.only_one("span", declared.place, &mut span, &made.name);
                    let lowered = self.span(tree, declared, &fields);
                    made.span.get_or_insert(lowered);
                }
            }
        }
        if made.metrics.is_empty() && made.log.is_none() && made.span.is_none() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Empty,
                    event.name.place,
                    format!("the event `{}` goes out on no signal", event.name.value),
                )
                .about(made.full_name())
                .help("say what it becomes: `metric NAME: counter`, `log NAME: info` or `span \"NAME\"`"),
            );
        }
        self.contract.events.push(made);
    }

    fn drop_invalid(&mut self, options: &Options<'_>) -> bool {
        let Some(value) = options.value("invalid") else { return false };
        let drop = matches!(&value.value, Expression::Key(word) if word == "drop");
        if !drop {
            let help = "without it what doesn't fit is left out and counted";
            self.diagnostics.push(wrong_kind("invalid", value.place, "`drop`").help(help));
        }
        drop
    }

    fn only_one(&mut self, signal: &str, place: Place, first: &mut Option<Place>, event: &str) {
        let Some(first) = *first else {
            *first = Some(place);
            return;
        };
        self.diagnostics.push(
            Diagnostic::new(Code::DeclaredTwice, place, format!("`{event}` has two entries `{signal}`"))
                .about(event)
                .and(first, "the first one")
                .help(format!("an event becomes one {signal}: keep one of them, or make it two events")),
        );
    }

    /// The event's fields, with what its groups bring.
    fn fields(&mut self, tree: usize, event: &'t slo_grammar::Event, made: &mut Event) {
        let mut known: HashMap<String, Place> = HashMap::new();
        for entry in &event.entries {
            match entry {
                EventEntry::Field(field) => {
                    let lowered = self.field(tree, field);
                    self.add_field(lowered, field.name.place, &mut known, made);
                }
                EventEntry::Spread(name) => self.group_fields(name, event, &mut known, made),
                _ => {}
            }
        }
    }

    /// The fields of a group, with those of the groups that it takes in.
    fn group_fields(
        &mut self,
        name: &Placed<String>,
        event: &'t slo_grammar::Event,
        known: &mut HashMap<String, Place>,
        made: &mut Event,
    ) {
        let binding = self.resolved.bindings.get(&name.place).copied();
        let Some(group) = binding.and_then(Binding::group) else { return };
        let mut times: HashMap<Place, usize> = HashMap::new();
        let mut stack = vec![(group, 0)];
        while let Some(((tree, block), next)) = stack.last_mut() {
            let (tree, block) = (*tree, *block);
            let Some(entry) = block.entries.get(*next) else {
                stack.pop();
                continue;
            };
            *next += 1;
            match entry {
                Entry::Field(field) => {
                    let lowered = self.field(tree, field);
                    self.add_field(lowered, name.place, known, made);
                }
                Entry::Spread(inner) => {
                    let binding = self.resolved.bindings.get(&inner.place).copied();
                    let Some(group) = binding.and_then(Binding::group) else { continue };
                    // A group that comes in a second time brings what is reported as twice there; a third time would
                    // say nothing new.
                    let times = times.entry(group.1.name.place).or_default();
                    *times += 1;
                    if *times <= 2 {
                        stack.push((group, 0));
                    }
                }
                Entry::Key { key, .. } => self.diagnostics.push(
                    Diagnostic::new(
                        Code::Misplaced,
                        key.place,
                        format!(
                            "`{}` is a resource's key, and `{}` takes fields",
                            key.value, event.name.value
                        ),
                    )
                    .about(&key.value)
                    .and(name.place, "taken in here")
                    .help(format!("a field has a type: `name: {}`", spelled(&key.value))),
                ),
            }
        }
    }

    fn add_field(
        &mut self,
        field: Field,
        place: Place,
        known: &mut HashMap<String, Place>,
        event: &mut Event,
    ) {
        if let Some(first) = known.get(&field.name) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::DeclaredTwice,
                    place,
                    format!("`{}` has two fields `{}`", event.name, field.name),
                )
                .about(&field.name)
                .and(*first, "the first one")
                .help("take one of them out, or give it another name"),
            );
            return;
        }
        known.insert(field.name.clone(), place);
        event.fields.push(field);
    }

    pub(super) fn field(&mut self, tree: usize, field: &'t slo_grammar::Field) -> Field {
        let name = &field.name;
        let options = Options::read(&field.options, Context::Field, self.diagnostics);
        if name.value.contains('.') {
            let short = name.value.rsplit('.').next().unwrap_or("name");
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    name.place,
                    format!("`{}` is a key, and a field has a name", name.value),
                )
                .about(&name.value)
                .help(format!(
                    "write `{short}: {}`: it shows under the key of its type",
                    spelled(&name.value)
                )),
            );
        }
        let mut made = Field {
            node: self.contract.places.add(name.place),
            name: name.value.clone(),
            docs: field.docs.clone(),
            key: String::new(),
            declaration: None,
            value: None,
            optional: field.optional.is_some(),
            constant: None,
            constant_node: None,
            unset: None,
            unset_node: None,
            sensitive: false,
            clear: false,
        };
        match &field.type_of.value {
            TypeSyntax::Named(NamedType { name: type_name, array }) if is_declaration(&type_name.value) => {
                self.meaning_field(field, type_name, *array, &options, &mut made);
            }
            TypeSyntax::Named(NamedType { name: type_name, array: true }) if type_name.value == "context" => {
                self.contexts_field(field, &options, &mut made);
            }
            _ => self.plain_field(tree, field, &options, &mut made),
        }
        if let (Some(via), false) =
            (&field.via, matches!(made.value, Some(FieldValue::Meaning { .. }) | None))
        {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    via.place,
                    format!("`via` is for meanings, and `{}` is none", name.value),
                )
                .about(&name.value)
                .help("take it out"),
            );
        }
        made
    }

    fn meaning_field(
        &mut self,
        field: &'t slo_grammar::Field,
        type_name: &Placed<String>,
        array: bool,
        options: &Options<'t>,
        made: &mut Field,
    ) {
        let name = &field.name.value;
        if array {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, field.type_of.place, "there is no list of meanings")
                    .about(name)
                    .help("an event has one outcome: make it an event of each"),
            );
        }
        if let Some(value) = &field.value {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, value.place, format!("the meaning `{name}` is no constant"))
                    .about(name)
                    .help("an event that always means the same needs no field for it: write `key = value` into its lists"),
            );
        }
        let help = "take it out: a meaning's variants are its values";
        self.no_constraints(name, options, "a meaning", help);
        let Some(Binding::Named(tree, item)) = self.resolved.bindings.get(&type_name.place).copied() else {
            return;
        };
        let Some(meaning) = self.face(tree, item) else { return };
        let meaning = self.contract.meanings[meaning].full_name();
        let face = match &field.via {
            Some(via) => match self.via(via, &meaning) {
                Some(face) => face,
                None => return,
            },
            None => meaning.clone(),
        };
        if let Some(value) = options.value("unset") {
            made.unset_node = Some(self.contract.places.add(value.place));
            made.unset = self.unset_variant(value, &meaning);
            self.unset_is_asked_for(field, value.place);
        }
        made.value = Some(FieldValue::Meaning { meaning, face });
    }

    /// The view of a meaning that is named behind `via`.
    pub(super) fn via(&mut self, via: &Placed<String>, meaning: &str) -> Option<String> {
        let Some(Binding::Named(tree, item)) = self.resolved.bindings.get(&via.place).copied() else {
            return None;
        };
        let face = self.face(tree, item)?;
        let face = &self.contract.meanings[face];
        let full_name = face.full_name();
        if face.view.as_ref().map_or(full_name.as_str(), |view| view.of.as_str()) == meaning {
            return Some(full_name);
        }
        let is = match &face.view {
            Some(view) => format!("a view of `{}`", view.of),
            None => "another meaning".to_owned(),
        };
        let faces = self.contract.meanings.iter();
        let views: Vec<&str> = faces
            .filter(|face| face.view.as_ref().is_some_and(|view| view.of == meaning))
            .map(|face| face.name.as_str())
            .collect();
        let help = match views.as_slice() {
            [] => "take `via` out: the meaning shows by itself".to_owned(),
            [one] => format!("its view is `{one}`"),
            several => format!("its views are {}", some_of(several)),
        };
        self.diagnostics.push(
            Diagnostic::new(
                Code::OtherKind,
                via.place,
                format!("`{}` is {is}, and the field is of `{meaning}`", via.value),
            )
            .about(&via.value)
            .help(help),
        );
        None
    }

    fn unset_variant(&mut self, value: &Placed<Expression>, meaning: &str) -> Option<Literal> {
        let Expression::Key(word) = &value.value else {
            self.diagnostics.push(wrong_kind("unset", value.place, "a variant of the meaning"));
            return None;
        };
        let meaning = self.contract.meaning(meaning)?;
        let Some(variant) = meaning.variant(word) else {
            let names = meaning.variants.iter().map(|variant| variant.name.as_str());
            let word = Placed::new(word.clone(), value.place);
            let diagnostic = super::meaning::unknown_variant(&word, &meaning.name, names);
            self.diagnostics.push(diagnostic);
            return None;
        };
        if let Some(payload) = variant.payload.first() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Unset,
                    value.place,
                    format!("`{word}` carries `{}`, which nobody would have set", payload.name),
                )
                .about(word)
                .and(self.contract.places.place(payload.node), "carried")
                .help("name a variant without payload: add one, such as `Unknown`, if there is none"),
            );
            return None;
        }
        Some(Literal::String(word.clone()))
    }

    /// `unset=` is for what may be left unset: not for a constant, nor for what may be absent.
    fn unset_is_asked_for(&mut self, field: &slo_grammar::Field, place: Place) {
        let name = &field.name.value;
        let (other, says) = match (&field.value, field.optional) {
            (Some(value), _) => (value.place, "it is always this"),
            (None, Some(optional)) => (optional, "it may be absent"),
            (None, None) => return,
        };
        self.diagnostics.push(
            Diagnostic::new(Code::Unset, place, format!("`unset` of `{name}` never holds"))
                .about(name)
                .and(other, says)
                .help("keep one of the two"),
        );
    }

    fn contexts_field(&mut self, field: &slo_grammar::Field, options: &Options<'_>, made: &mut Field) {
        made.value = Some(FieldValue::Contexts);
        let name = &field.name.value;
        self.no_constraints(name, options, "a list of contexts", "take it out");
        let constant = field.value.as_ref().map(|value| value.place);
        let unset = options.get("unset").map(|option| option.place);
        for place in [constant, unset, field.optional].into_iter().flatten() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    place,
                    format!("`{name}` is a list of contexts, which may be empty and has no value of its own"),
                )
                .about(name)
                .help(format!("write `{name}: context[]`; a span names it: `links={name}`")),
            );
        }
    }

    /// Reports the options that are for plain values.
    fn no_constraints(&mut self, name: &str, options: &Options<'_>, is: &str, help: &str) {
        const OF_VALUES: [&str; 10] =
            ["only", "range", "max", "bounded", "other", "values", "open", "unit", "sensitive", "clear"];
        for option in OF_VALUES.into_iter().filter_map(|option| options.get(option)) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    option.place,
                    format!("`{}` is for plain values, and `{name}` is {is}", option.name.value),
                )
                .about(name)
                .help(help),
            );
        }
    }

    fn plain_field(
        &mut self,
        tree: usize,
        field: &'t slo_grammar::Field,
        options: &Options<'t>,
        made: &mut Field,
    ) {
        let name = &field.name;
        let typed = self.typed(tree, name, &field.type_of, options);
        made.sensitive = typed.sensitive;
        made.clear = self.clear(name, options, typed.sensitive);
        if made.docs.is_empty() {
            made.docs.clone_from(&typed.docs);
        }
        made.declaration = typed.declaration.map(|place| self.contract.places.add(place));
        if typed.key.is_none() && !name.value.contains('.') {
            self.local_name(tree, name);
        }
        made.key = typed.key.unwrap_or_else(|| name.value.clone());
        let Some(domain) = typed.domain else { return };
        if domain.value.value_type().is_none() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::NotAnAttribute,
                    field.type_of.place,
                    format!("no attribute can hold `{}`, which is {}", name.value, domain.value),
                )
                .about(&name.value)
                .help("a field is a string, a number, a boolean or a list of these; of a family of keys name one"),
            );
            return;
        }
        if let Some(value) = &field.value {
            made.constant_node = Some(self.contract.places.add(value.place));
            made.constant = self.read_literal(&made.key, value, &domain);
        }
        if let Some(value) = options.value("unset") {
            made.unset_node = Some(self.contract.places.add(value.place));
            made.unset = self.read_literal(&made.key, value, &domain);
            self.unset_is_asked_for(field, value.place);
        }
        made.value = Some(FieldValue::Plain(domain));
    }

    fn read_literal(&mut self, key: &str, value: &Placed<Expression>, domain: &Domain) -> Option<Literal> {
        match literal(key, value, domain) {
            Ok(literal) => Some(literal),
            Err(error) => {
                self.diagnostics.push(*error);
                None
            }
        }
    }

    /// A plain type with its constraints: an attribute's by its key, or one of its own.
    pub(super) fn typed(
        &mut self,
        tree: usize,
        name: &Placed<String>,
        type_of: &'t Placed<TypeSyntax>,
        options: &Options<'t>,
    ) -> Typed {
        let sensitive = options.has("sensitive");
        if let TypeSyntax::Named(NamedType { name: type_name, array: false }) = &type_of.value {
            if is_declaration(&type_name.value) {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Misplaced,
                        type_name.place,
                        format!("a variant carries plain values, and `{}` is a declaration", type_name.value),
                    )
                    .about(&name.value)
                    .help("take its variants in by `...`, or carry what it is made of"),
                );
                return Typed { key: None, domain: None, declaration: None, docs: String::new(), sensitive };
            }
            if let Some(bound) = self.bound(tree, type_name) {
                let mode = Mode::Narrow(Some(bound.place));
                let domain = bound.domain.as_ref().map(|base| {
                    Constraints {
                        key: &bound.key,
                        options,
                        mode,
                        data: self.data,
                        diagnostics: self.diagnostics,
                    }
                    .apply(base)
                });
                return Typed {
                    domain,
                    declaration: Some(bound.place),
                    docs: bound.docs,
                    sensitive: sensitive || bound.sensitive,
                    key: Some(bound.key),
                };
            }
        }
        let key = &name.value;
        let base = self.attributes.type_of(key, type_of, self.diagnostics);
        let domain = base.map(|base| {
            Constraints { key, options, mode: base.mode, data: self.data, diagnostics: self.diagnostics }
                .apply(&base.domain)
        });
        Typed { key: None, domain, declaration: None, docs: String::new(), sensitive }
    }
}
