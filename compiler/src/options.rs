//! Which options there are, where each may stand, and what may follow it. Files and tags share this list.

use slo_grammar::{Expression, Opt, Place, Placed};

use crate::diagnostic::{Code, Diagnostic, MOST_SHOWN, Reported};
use crate::text::{grouped, list, nearest};

/// Where options stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    Attribute,
    Refine,
    /// An entry of a resource, a scope or a group, and a tag.
    Entry,
    /// Behind the name of a resource.
    Header,
    /// Behind the name of a scope.
    ScopeHeader,
    /// Behind the name of a metric at top level.
    Metric,
    /// Behind the name of a metric of an event.
    EventMetric,
    /// Behind the type of an event's field.
    Field,
    /// Behind the type of what a variant carries.
    Payload,
    /// Behind the scope of an event.
    EventHeader,
    /// Behind the meaning of a view.
    ViewHeader,
    Log,
    Span,
    SpanEvent,
    /// Behind the name of a span at top level.
    DeclaredSpan,
    /// Behind the name of a log at top level.
    DeclaredLog,
    /// Behind the name of an entity.
    Entity,
    /// Behind a member of an enum.
    Member,
    /// Behind a variant of a meaning.
    Variant,
}

impl Context {
    const fn name(self) -> &'static str {
        match self {
            Context::Attribute => "an attribute",
            Context::Refine => "`refine`",
            Context::Entry => "a key of a resource or scope",
            Context::Header => "a resource",
            Context::ScopeHeader => "a scope",
            Context::Metric => "a metric at top level",
            Context::EventMetric => "a metric of an event",
            Context::Field => "a field",
            Context::Payload => "a payload",
            Context::EventHeader => "an event",
            Context::ViewHeader => "a view",
            Context::Log => "a log",
            Context::Span => "a span",
            Context::SpanEvent => "an event on a span",
            Context::DeclaredSpan => "a span at top level",
            Context::DeclaredLog => "a log at top level",
            Context::Entity => "an entity",
            Context::Member => "a member of an enum",
            Context::Variant => "a variant",
        }
    }
}

/// What follows an option's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    Nothing,
    Value,
    Either,
}

use Context::{
    Attribute, DeclaredLog, DeclaredSpan, Entity, Entry, EventHeader, EventMetric, Field, Header, Log,
    Member, Metric, Payload, Refine, ScopeHeader, Span, SpanEvent, Variant, ViewHeader,
};
use Follows::{Either, Nothing, Value};

const OPTIONS: &[(&str, Follows, &[Context])] = &[
    ("required", Nothing, &[Entry]),
    ("optional", Nothing, &[Entry]),
    ("auto", Nothing, &[Entry]),
    ("static", Value, &[Entry]),
    ("env", Value, &[Entry]),
    ("default", Value, &[Entry]),
    ("matches", Value, &[Entry]),
    ("only", Value, &[Attribute, Refine, Entry, Field, Payload]),
    ("range", Value, &[Attribute, Refine, Entry, Field, Payload]),
    ("except", Value, &[Attribute, Refine, Entry, Field, Payload]),
    ("max", Value, &[Attribute, Refine, Entry, Field, Payload]),
    ("unit", Value, &[Attribute, Metric, EventMetric, Field]),
    ("bounded", Value, &[Attribute, Refine, Field, Payload]),
    ("other", Value, &[Attribute, Refine, Field, Payload]),
    ("values", Value, &[Attribute, Refine, Field, Payload]),
    ("open", Nothing, &[Attribute, Field, Payload]),
    ("sensitive", Nothing, &[Attribute, Refine, Field, Payload]),
    ("clear", Nothing, &[Field, Payload]),
    ("unset", Value, &[Field]),
    ("stability", Value, DECLARED),
    ("deprecated", Either, DECLARED),
    ("examples", Value, &[Attribute]),
    ("entities", Value, &[Metric, DeclaredSpan, DeclaredLog]),
    ("closed", Nothing, &[Header, Log, Span, DeclaredSpan, DeclaredLog]),
    ("schema_url", Value, &[ScopeHeader]),
    ("counter", Nothing, METRICS),
    ("updowncounter", Nothing, METRICS),
    ("gauge", Nothing, METRICS),
    ("histogram", Nothing, METRICS),
    ("value", Value, METRICS),
    ("buckets", Value, &[EventMetric]),
    ("exponential", Nothing, &[EventMetric]),
    ("points", Value, METRICS),
    ("limit", Value, METRICS),
    ("observed", Nothing, &[Metric]),
    ("while", Value, &[Metric]),
    ("when", Value, &[EventMetric, Log, Span, SpanEvent]),
    ("until", Value, &[Attribute, Member, Variant, Metric, EventMetric, Log, ViewHeader]),
    ("opt_in", Nothing, &[Log]),
    ("body", Value, &[Log]),
    ("severity", Value, &[Log]),
    ("severity_text", Value, &[Log]),
    ("unspecified", Nothing, &[Log, DeclaredLog]),
    ("trace", Nothing, &[Log, DeclaredLog]),
    ("debug", Nothing, &[Log, DeclaredLog]),
    ("info", Nothing, &[Log, DeclaredLog]),
    ("warn", Nothing, &[Log, DeclaredLog]),
    ("error", Nothing, &[Log, DeclaredLog]),
    ("fatal", Nothing, &[Log, DeclaredLog]),
    ("status", Value, &[Span]),
    ("links", Value, &[Span]),
    ("internal", Nothing, &[Span, DeclaredSpan]),
    ("server", Nothing, &[Span, DeclaredSpan]),
    ("client", Nothing, &[Span, DeclaredSpan]),
    ("producer", Nothing, &[Span, DeclaredSpan]),
    ("consumer", Nothing, &[Span, DeclaredSpan]),
    ("invalid", Value, &[EventHeader]),
    ("external", Nothing, &[EventHeader]),
    ("specialized", Nothing, &[EventHeader]),
];

/// Options that had another name before, with the one of OpenTelemetry that they have now.
const RENAMED: [(&str, &str); 1] = [("updown", "updowncounter")];

/// The name that an option has now.
fn renamed(name: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(old, _)| *old == name).map(|(_, now)| *now)
}

/// What may be declared for others.
const DECLARED: &[Context] = &[Attribute, Metric, DeclaredSpan, DeclaredLog, Entity];

/// A metric, wherever it stands.
const METRICS: &[Context] = &[Metric, EventMetric];

/// The options that give a value its source.
pub(crate) const SOURCES: [&str; 5] = ["required", "optional", "static", "env", "auto"];

/// Whether there is an option of this name somewhere.
pub(crate) fn is_known(name: &str) -> bool {
    renamed(name).is_some() || OPTIONS.iter().any(|(known, ..)| *known == name)
}

/// Whether an option may stand behind a key of a resource or a scope as it is.
pub(crate) fn is_of_entry(option: &Opt) -> bool {
    let known = OPTIONS.iter().find(|(known, ..)| *known == option.name.value);
    known.is_some_and(|(_, follows, contexts)| {
        contexts.contains(&Entry) && (*follows == Value) == option.value.is_some()
    })
}

/// The options of one declaration, entry or tag, each at most once.
#[derive(Clone, Default)]
pub(crate) struct Options<'t> {
    options: Vec<(&'static str, &'t Opt)>,
    /// The names of those that were left out, with what was reported.
    left_out: Vec<(&'t str, Reported)>,
}

impl<'t> Options<'t> {
    /// Reads options; what may not stand here, stands twice or lacks its value is reported and left out.
    pub(crate) fn read(
        options: &'t [Opt],
        context: Context,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Options<'t> {
        let mut read = Options::default();
        for option in options {
            let said = option.name.value.as_str();
            let name = renamed(said).unwrap_or(said);
            let Some((known, follows, contexts)) = OPTIONS.iter().find(|(known, ..)| *known == name) else {
                // Past so many nobody sees what may have been meant.
                let near = diagnostics.len() < MOST_SHOWN;
                read.left_out.push((name, unknown(option, context, near).report(diagnostics)));
                continue;
            };
            let wrong = if !contexts.contains(&context) {
                let places: Vec<&str> = contexts.iter().map(|context| context.name()).collect();
                Diagnostic::new(
                    Code::UnknownOption,
                    option.name.place,
                    format!("`{name}` is no option of {}", context.name()),
                )
                .about(name)
                .help(format!("it belongs to {}", alternatives(&places)))
            } else if let Some((_, first)) = read.options.iter().find(|(other, _)| other == known) {
                Diagnostic::new(Code::OptionTwice, option.name.place, format!("`{name}` is given twice"))
                    .about(name)
                    .and(first.name.place, "first given here")
                    .help("take one of them out")
            } else if *follows == Value && option.value.is_none() {
                Diagnostic::new(Code::OptionValue, option.name.place, format!("`{name}` needs a value"))
                    .about(name)
                    .help(format!("write `{name}=…`"))
            } else if let (Nothing, Some(value)) = (follows, &option.value) {
                Diagnostic::new(Code::OptionValue, value.place, format!("`{name}` takes no value"))
                    .about(name)
                    .help(format!("write `{name}` alone"))
            } else {
                if name != said {
                    let message = format!("the option `{said}` is called `{name}`");
                    diagnostics.push(
                        Diagnostic::new(Code::OldSpelling, option.name.place, message)
                            .about(said)
                            .help(format!("write `{name}`, as OpenTelemetry has it"))
                            .fix(option.name.place, name),
                    );
                }
                read.options.push((known, option));
                continue;
            };
            read.left_out.push((name, wrong.report(diagnostics)));
        }
        read
    }

    /// What was reported of one that was left out, and may have meant one of these options.
    pub(crate) fn may_have_meant(&self, names: &[&str]) -> Option<Reported> {
        let may = |out: &&str| names.contains(out) || !OPTIONS.iter().any(|(known, ..)| known == out);
        self.left_out.iter().find(|(out, _)| may(out)).map(|(_, reported)| *reported)
    }

    /// The option of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&'t Opt> {
        self.options.iter().find(|(known, _)| *known == name).map(|(_, option)| *option)
    }

    /// The value of the option of this name.
    pub(crate) fn value(&self, name: &str) -> Option<&'t Placed<Expression>> {
        self.get(name).and_then(|option| option.value.as_ref())
    }

    /// Whether the option of this name is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The options that give a value its source, in the order of the text.
    pub(crate) fn sources(&self) -> Vec<(&'static str, &'t Opt)> {
        self.options.iter().filter(|(name, _)| SOURCES.contains(name)).copied().collect()
    }
}

/// "a, b or c"
fn alternatives(places: &[&str]) -> String {
    match places {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} or {last}", some.join(", ")),
    }
}

fn unknown(option: &Opt, context: Context, near: bool) -> Diagnostic {
    if option.name.value.is_empty() {
        return Diagnostic::new(
            Code::UnknownOption,
            option.place,
            format!("{} takes no text by itself", context.name()),
        )
        .help("an option has a name: `NAME` or `NAME=VALUE`; docs stand above, behind `///`");
    }
    let name = &option.name.value;
    let here = OPTIONS.iter().filter(|(.., contexts)| contexts.contains(&context)).map(|(name, ..)| *name);
    let help = match near.then(|| nearest(name, here.clone())).flatten() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the options here are {}", list(&here.collect::<Vec<_>>())),
    };
    Diagnostic::new(Code::UnknownOption, option.name.place, format!("there is no option `{name}` here"))
        .about(name)
        .help(help)
}

/// A text in quotes, or a tag's raw text.
pub(crate) fn text_of(
    option: &str,
    value: &Placed<Expression>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<slo_grammar::Name, Reported> {
    match &value.value {
        Expression::String(text) | Expression::Raw(text) => Ok(Placed::new(text.clone(), value.place)),
        Expression::Key(word) => {
            let quoted = slo_grammar::quote(word);
            let diagnostic =
                wrong_kind(option, value.place, "a text in quotes").help(format!("write {quoted}"));
            Err(diagnostic.fix(value.place, quoted).report(diagnostics))
        }
        other => {
            let diagnostic = wrong_kind(option, value.place, "a text in quotes");
            let diagnostic = match (option, other) {
                ("until", _) => diagnostic.help("write a day in quotes: `until=\"2027-06-30\"`"),
                (_, Expression::Number { digits, unit }) => {
                    diagnostic.help(format!("write {}", slo_grammar::quote(&format!("{digits}{unit}"))))
                }
                _ => diagnostic.help(format!("write `{option}=\"…\"`")),
            };
            Err(diagnostic.report(diagnostics))
        }
    }
}

/// A word such as `stable`, or a tag's raw text; `expected` says what it is.
pub(crate) fn word_of(
    option: &str,
    value: &Placed<Expression>,
    expected: &str,
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<slo_grammar::Name, Reported> {
    match &value.value {
        Expression::Key(word) | Expression::Raw(word) => Ok(Placed::new(word.clone(), value.place)),
        _ => {
            let wrong = wrong_kind(option, value.place, expected);
            Err(without_quotes(wrong, value, example).report(diagnostics))
        }
    }
}

/// Says of a name in quotes that it stands without them, and of anything else what is meant.
pub(crate) fn without_quotes(
    diagnostic: Diagnostic,
    value: &Placed<Expression>,
    example: &str,
) -> Diagnostic {
    match &value.value {
        Expression::String(text) if is_name(text) => {
            diagnostic.help(format!("write `{text}` without quotes")).fix(value.place, text.clone())
        }
        _ => diagnostic.help(example),
    }
}

/// Whether a text can stand without quotes, as a name does.
fn is_name(text: &str) -> bool {
    !text.is_empty() && crate::text::spelled(text) == *text
}

/// A whole number from 1 to `u32::MAX`.
pub(crate) fn count_of(
    option: &str,
    value: &Placed<Expression>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<u32, Reported> {
    let digits = match &value.value {
        Expression::Number { digits, unit } if unit.is_empty() => Some(digits.as_str().to_owned()),
        Expression::Raw(raw) => Some(raw.replace('_', "")),
        _ => None,
    };
    let count = digits.and_then(|digits| digits.parse::<u32>().ok()).filter(|count| *count > 0);
    count.ok_or_else(|| {
        let expected = format!("a whole number from 1 to {}", grouped(u64::from(u32::MAX)));
        let help = match &value.value {
            Expression::Number { digits, .. } if digits == "0" => {
                format!("`{option}=1` is the least; without a bound take it out")
            }
            _ => format!("such as `{option}=200`"),
        };
        wrong_kind(option, value.place, &expected).help(help).report(diagnostics)
    })
}

/// One name of an environment's variable, or a list of them.
pub(crate) fn variables_of(
    value: &Placed<Expression>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<String>, Reported> {
    let single = std::slice::from_ref(value);
    let values = if let Expression::List(list) = &value.value { list } else { single };
    let mut names = Vec::new();
    for value in values {
        let name = match &value.value {
            Expression::Key(name) | Expression::String(name) | Expression::Raw(name) => name,
            _ => {
                let expected = "the name of a variable, or a list of names";
                return Err(wrong_kind("env", value.place, expected).report(diagnostics));
            }
        };
        let mut bytes = name.bytes();
        let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if !first || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let message = format!("`{name}` is no name of a variable");
            return Err(Diagnostic::new(Code::OptionValue, value.place, message)
                .about("env")
                .help("a variable's name is letters, digits and `_`, such as `SERVICE_VERSION`")
                .report(diagnostics));
        }
        names.push(name.as_str().to_owned());
    }
    if names.is_empty() {
        return Err(wrong_kind("env", value.place, "at least one name of a variable").report(diagnostics));
    }
    Ok(names)
}

/// An option's value of the wrong kind.
pub(crate) fn wrong_kind(option: &str, place: Place, expected: &str) -> Diagnostic {
    Diagnostic::new(Code::OptionValue, place, format!("`{option}` takes {expected}")).about(option)
}
