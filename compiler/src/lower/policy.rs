//! House rules.

use crate::hash::HashMap;

use slo_grammar::{Expression, Opt, Place, Placed, Policy, PolicyEntry};

use super::writer::template_of;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::Signal;
use crate::options::wrong_kind;
use crate::policy::{Allow, Asks, Named, Policies, Rule};
use crate::resolve::Binding;
use crate::text::{list, nearest};

/// What the rules find: their severity is the policy's to say.
const OF_RULES: [Code; 6] = [
    Code::MissingKey,
    Code::DeniedPrefix,
    Code::TooManyPoints,
    Code::DeniedLabel,
    Code::NamePattern,
    Code::MissingSignal,
];

/// The rules, each with its option and an example of what follows it.
pub(crate) const RULES: [(&str, &str, &str); 11] = [
    ("resource.keys", "require", "[KEY, …]"),
    ("keys.prefix", "deny", "[PREFIX, …]"),
    ("keys.name", "matches", "\"payment.{rest}\""),
    ("metric.points", "max", "5_000"),
    ("metric.series", "max", "50_000"),
    ("metric.labels", "deny", "[KEY, …]"),
    ("metric.name", "matches", "\"payment.{rest}\""),
    ("log.name", "matches", "\"payment.{rest}\""),
    ("event.name", "matches", "\"Payment{rest}\""),
    ("meaning.name", "matches", "\"{name}Outcome\""),
    ("event.signals", "require", "[metric, log, span]"),
];

impl Policies {
    pub(crate) fn add(
        &mut self,
        policy: &Policy,
        bindings: &HashMap<Place, Binding<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for entry in &policy.entries {
            match entry {
                PolicyEntry::Allow { code, name, reason, tokens: _ } => {
                    self.allow(code, name, reason, diagnostics)
                }
                PolicyEntry::Rule { name, options, tokens: _ } => {
                    self.rules.extend(rule(name, options, bindings, diagnostics));
                }
            }
        }
    }

    fn allow(
        &mut self,
        code: &slo_grammar::Name,
        name: &slo_grammar::Name,
        reason: &slo_grammar::Name,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(known) = Code::from_id(&code.value) else {
            let near = nearest(&code.value, Code::ALL.iter().map(|code| code.id()));
            let diagnostic =
                Diagnostic::new(Code::UnknownName, code.place, format!("there is no check `{}`", code.value))
                    .about(&code.value);
            diagnostics.push(match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("a finding shows its code, such as `SLO0601`"),
            });
            return;
        };
        if reason.value.trim().is_empty() {
            diagnostics.push(
                Diagnostic::new(Code::OptionValue, reason.place, "an `allow` says its reason")
                    .about(&name.value)
                    .help("write why the finding is accepted"),
            );
        }
        if known.severity() == Severity::Error && !OF_RULES.contains(&known) {
            let message = format!("`{}` is an error, and an error is never allowed", code.value);
            diagnostics.push(
                Diagnostic::new(Code::AllowedError, code.place, message)
                    .about(&name.value)
                    .help("mend what it reports"),
            );
            return;
        }
        self.allows.push(Allow {
            place: code.place.to(reason.place),
            code: known,
            name: name.value.as_str().to_owned(),
        });
    }
}

/// Reads a rule.
fn rule(
    name: &slo_grammar::Name,
    options: &[Opt],
    bindings: &HashMap<Place, Binding<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Rule> {
    let known = RULES.iter().find(|(known, ..)| *known == name.value);
    let Some((_, wanted, example)) = known else {
        let names = RULES.map(|(name, ..)| name);
        let help = match nearest(&name.value, names.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("this release has the rules {}", list(&names)),
        };
        diagnostics.push(
            Diagnostic::new(Code::UnknownRule, name.place, format!("there is no rule `{}`", name.value))
                .about(&name.value)
                .help(help),
        );
        return None;
    };
    let (severity, value) = settings(name, options, wanted, example, diagnostics)?;
    let asks = match (name.value.as_str(), *wanted) {
        ("resource.keys", _) => Asks::Keys(bound(texts(wanted, value, diagnostics)?, bindings)),
        ("keys.prefix", _) => Asks::NoPrefix(texts(wanted, value, diagnostics)?),
        ("metric.labels", _) => Asks::NoLabel(texts(wanted, value, diagnostics)?),
        ("event.signals", _) => Asks::Signals(signals(texts(wanted, value, diagnostics)?, diagnostics)),
        ("metric.points", _) => Asks::Points(count(value, diagnostics)?),
        ("metric.series", _) => Asks::Series(count(value, diagnostics)?),
        (rule, _) => {
            let named = match rule {
                "keys.name" => Named::Key,
                "metric.name" => Named::Metric,
                "log.name" => Named::Log,
                "event.name" => Named::Event,
                _ => Named::Meaning,
            };
            let text = crate::options::text_of(wanted, value, diagnostics).ok()?;
            let if_empty = format!("write what a name looks like, such as {example}");
            Asks::Name(named, template_of(&name.value, &text, &if_empty, diagnostics)?)
        }
    };
    Some(Rule { severity, place: value.place, asks })
}

/// A rule's severity, and the value of its option.
fn settings<'o>(
    name: &slo_grammar::Name,
    options: &'o [Opt],
    wanted: &str,
    example: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Severity, &'o Placed<Expression>)> {
    let mut severity = None;
    let mut value = None;
    let written = format!("{}: error, {wanted}={example}", name.value);
    for option in options {
        match (option.name.value.as_str(), &option.value) {
            ("error", None) => severity = Some(Severity::Error),
            ("warn", None) => severity = Some(Severity::Warning),
            ("note", None) => severity = Some(Severity::Note),
            (other, Some(found)) if other == wanted => value = Some(found),
            (other, _) => diagnostics.push(
                Diagnostic::new(
                    Code::UnknownOption,
                    option.place,
                    format!("`{other}` is no option of `{}`", name.value),
                )
                .about(&name.value)
                .help(format!("write `{written}`; a severity is `error`, `warn` or `note`")),
            ),
        }
    }
    let Some(value) = value else {
        diagnostics.push(
            Diagnostic::new(Code::OptionValue, name.place, format!("`{}` needs `{wanted}=…`", name.value))
                .about(&name.value)
                .help(format!("write `{written}`")),
        );
        return None;
    };
    Some((severity.unwrap_or(Severity::Error), value))
}

/// A list of names.
fn texts(
    wanted: &str,
    value: &Placed<Expression>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<slo_grammar::Name>> {
    let Expression::List(elements) = &value.value else {
        diagnostics
            .push(wrong_kind(wanted, value.place, "a list").help(format!("write `{wanted}=[NAME, …]`")));
        return None;
    };
    let mut texts = Vec::new();
    for element in elements {
        match &element.value {
            Expression::Key(text) | Expression::String(text) => {
                texts.push(Placed::new(text.clone(), element.place));
            }
            _ => diagnostics.push(wrong_kind(wanted, element.place, "names")),
        }
    }
    Some(texts)
}

/// The keys that are known, each by its whole text.
fn bound(keys: Vec<slo_grammar::Name>, bindings: &HashMap<Place, Binding<'_>>) -> Vec<slo_grammar::Name> {
    let known = keys.into_iter().filter_map(|key| match bindings.get(&key.place)? {
        Binding::Attribute(reference, false) => Some(Placed::new(reference.key().into(), key.place)),
        Binding::Attribute(_, true) => Some(key),
        Binding::Named(..) => None,
    });
    known.collect()
}

fn signals(names: Vec<slo_grammar::Name>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Signal> {
    let mut signals = Vec::new();
    for name in names {
        match Signal::ALL.into_iter().find(|signal| signal.name() == name.value) {
            Some(signal) => signals.push(signal),
            None => {
                diagnostics.push(super::meaning::unknown_signal(&name, &Signal::ALL.map(Signal::name)));
            }
        }
    }
    signals
}

fn count(value: &Placed<Expression>, diagnostics: &mut Vec<Diagnostic>) -> Option<u64> {
    crate::options::count_of("max", value, diagnostics).ok().map(u64::from)
}
