//! House rules.

use crate::hash::HashMap;

use slo_grammar::{Expression, Item, Opt, Place, Placed, Policy, PolicyEntry};

use super::writer::template_of;
use crate::accept::{Acceptance, AcceptanceKind};
use crate::day::is_day;
use crate::diagnostic::{Class, Code, Diagnostic, Severity};
use crate::ir::{Signal, Status};
use crate::options::wrong_kind;
use crate::policy::{Asks, Named, Policies, Rule};
use crate::resolve::{Binding, Resolved};
use crate::text::{either, list, nearest};

/// The rules, each with an option and an example of what follows it. Of one that has several one is said, of the levels any number.
pub(crate) const RULES: [(&str, &str, &str); 19] = [
    ("resource.keys", "require", "[KEY, …]"),
    ("keys.prefix", "deny", "[PREFIX, …]"),
    ("keys.name", "matches", "\"payment.{rest}\""),
    ("metric.points", "max", "5_000"),
    ("metric.series", "max", "50_000"),
    ("metric.labels", "deny", "[KEY, …]"),
    ("metric.labels", "require", "[KEY, …]"),
    ("metric.unit", "deny", "[\"%\", \"ms\"]"),
    ("metric.declared", "", ""),
    ("keys.declared", "", ""),
    (LEVELS, "error", "[error, fatal]"),
    (LEVELS, "ok", "[info]"),
    (LEVELS, "unset", "[trace, debug, info, warn]"),
    ("metric.name", "matches", "\"payment.{rest}\""),
    ("log.name", "matches", "\"payment.{rest}\""),
    ("event.name", "matches", "\"Payment{rest}\""),
    ("meaning.name", "matches", "\"{name}Outcome\""),
    ("event.signals", "require", "[metric, log, span]"),
    ("change.notice", "days", "90"),
];

/// The rule of what severities stand beside a status, each an option of its own.
const LEVELS: &str = "meaning.levels";

/// Whether a rule says by `of="…"` which metrics it speaks of.
fn speaks_of_metrics(name: &str) -> bool {
    ["metric.labels", "metric.unit", "metric.points", "metric.series", "metric.declared"].contains(&name)
}

impl Policies {
    /// What the policies of a root ask for and accept, and what its baseline accepts.
    pub(crate) fn of(resolved: &Resolved<'_>, root: usize, diagnostics: &mut Vec<Diagnostic>) -> Policies {
        let mut policies = Policies::default();
        for (_, tree) in resolved.trees_of(root) {
            for item in tree.whole_items() {
                if let Item::Policy(policy) = item {
                    policies.add(policy, &resolved.bindings, diagnostics);
                }
            }
        }
        policies.acceptances.extend(resolved.roots.baseline(root).iter().cloned());
        policies
    }

    fn add(
        &mut self,
        policy: &Policy,
        bindings: &HashMap<Place, Binding<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for entry in &policy.entries {
            match entry {
                PolicyEntry::Allow { code, names, number, reason, tokens: _ } => {
                    self.allow(Allow { code, names, number: number.as_ref(), reason }, diagnostics);
                }
                PolicyEntry::Rule { name, options, tokens: _ } => {
                    self.rules.extend(rule(name, options, bindings, diagnostics));
                }
            }
        }
    }

    fn allow(&mut self, said: Allow<'_>, diagnostics: &mut Vec<Diagnostic>) {
        let Allow { code, names, number, reason } = said;
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
            let finding = Diagnostic::new(Code::OptionValue, reason.place, "an `allow` says its reason");
            diagnostics.push(finding.about(code.value.as_str()).help("write why the finding is accepted"));
        }
        if known.class() == Class::Invalid {
            let message =
                format!("`{}` can't be accepted: no plan can be made of such a contract", code.value);
            diagnostics.push(
                Diagnostic::new(Code::AllowedError, code.place, message)
                    .about(code.value.as_str())
                    .help("mend what it reports"),
            );
            return;
        }
        let number = match number.map(|number| (number.place, whole(number))) {
            Some((place, None)) => {
                diagnostics.push(
                    wrong_kind("allow", place, "a whole number")
                        .help("write the number that the finding says, such as `24_000`"),
                );
                return;
            }
            number => number.and_then(|(_, number)| number),
        };
        self.acceptances.push(Acceptance {
            place: code.place.to(reason.place),
            code: known,
            names: names.iter().map(|name| name.value.as_str().to_owned()).collect(),
            number,
            reason: reason.value.as_str().to_owned(),
            kind: AcceptanceKind::Allow,
        });
    }
}

/// An `allow` as it is written.
struct Allow<'s> {
    code: &'s slo_grammar::Name,
    names: &'s [slo_grammar::Name],
    number: Option<&'s Placed<Expression>>,
    reason: &'s slo_grammar::Name,
}

/// A whole number without a unit.
fn whole(number: &Placed<Expression>) -> Option<u64> {
    match &number.value {
        Expression::Number { digits, unit } if unit.is_empty() => digits.parse().ok(),
        _ => None,
    }
}

/// Reads a rule.
fn rule(
    name: &slo_grammar::Name,
    options: &[Opt],
    bindings: &HashMap<Place, Binding<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Rule> {
    let shapes: Vec<(&str, &str)> = RULES
        .iter()
        .filter(|(known, ..)| *known == name.value)
        .map(|(_, option, example)| (*option, *example))
        .collect();
    if shapes.is_empty() {
        let mut names = RULES.map(|(name, ..)| name).to_vec();
        names.dedup();
        let help = match nearest(&name.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("this release has the rules {}", list(&names)),
        };
        diagnostics.push(
            Diagnostic::new(Code::UnknownRule, name.place, format!("there is no rule `{}`", name.value))
                .about(&name.value)
                .help(help),
        );
        return None;
    }
    let Settings { severity, of, until, is_overridable, said } =
        settings(name, options, &shapes, diagnostics)?;
    let of = match of {
        Some(value) => {
            let text = crate::options::text_of("of", value, diagnostics).ok()?;
            let if_empty = "write what the metrics are called, such as `of=\"payment.{rest}\"`";
            Some(template_of(&name.value, &text, if_empty, diagnostics)?)
        }
        None => None,
    };
    let rule = |asks, place, option| Rule {
        name: name.value.as_str().to_owned(),
        option,
        severity,
        until,
        is_overridable,
        is_of_house: false,
        of,
        place,
        asks,
    };
    let Some((wanted, value)) = said.first().copied() else {
        let asks = match name.value.as_str() {
            "keys.declared" => Asks::DeclaredKeys,
            _ => Asks::DeclaredMetrics,
        };
        return Some(rule(asks, name.place, ""));
    };
    let asks = match (name.value.as_str(), wanted) {
        ("resource.keys", _) => Asks::Keys(bound(texts(wanted, value, diagnostics)?, bindings)),
        ("keys.prefix", _) => Asks::NoPrefix(texts(wanted, value, diagnostics)?),
        ("metric.labels", "require") => Asks::Labels(texts(wanted, value, diagnostics)?),
        ("metric.labels", _) => Asks::NoLabel(texts(wanted, value, diagnostics)?),
        ("metric.unit", _) => Asks::NoUnit(texts(wanted, value, diagnostics)?),
        ("event.signals", _) => Asks::Signals(signals(texts(wanted, value, diagnostics)?, diagnostics)),
        ("metric.points", _) => Asks::Points(count(value, diagnostics)?),
        ("metric.series", _) => Asks::Series(count(value, diagnostics)?),
        ("change.notice", _) => Asks::Notice(count(value, diagnostics)?),
        (LEVELS, _) => Asks::Levels(levels(&said, diagnostics)?),
        (named, _) => {
            let named = match named {
                "keys.name" => Named::Key,
                "metric.name" => Named::Metric,
                "log.name" => Named::Log,
                "event.name" => Named::Event,
                _ => Named::Meaning,
            };
            let text = crate::options::text_of(wanted, value, diagnostics).ok()?;
            let example = shapes.first().map_or("", |(_, example)| example);
            let if_empty = format!("write what a name looks like, such as {example}");
            Asks::Name(named, template_of(&name.value, &text, &if_empty, diagnostics)?)
        }
    };
    Some(rule(asks, value.place, wanted))
}

/// What a rule says.
struct Settings<'o> {
    severity: Severity,
    /// The value of `of=`.
    of: Option<&'o Placed<Expression>>,
    /// The day of `until=`.
    until: Option<String>,
    is_overridable: bool,
    /// Its own options, with their values.
    said: Vec<(&'static str, &'o Placed<Expression>)>,
}

fn settings<'o>(
    name: &slo_grammar::Name,
    options: &'o [Opt],
    shapes: &[(&'static str, &'static str)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Settings<'o>> {
    let mut settings = Settings {
        severity: Severity::Error,
        of: None,
        until: None,
        is_overridable: false,
        said: Vec::new(),
    };
    let forms = shapes.iter().map(|(option, example)| match *option {
        "" => format!("`{}: error`", name.value),
        _ => format!("`{}: error, {option}={example}`", name.value),
    });
    let written = forms.collect::<Vec<_>>().join(" or ");
    // A rule of which an option can't be read would find what nobody asks for.
    let (mut readable, mut severity_at, mut until_at) = (true, None, None);
    for option in options {
        let known = shapes.iter().find(|(own, _)| *own == option.name.value);
        match (option.name.value.as_str(), &option.value, known) {
            (word @ ("error" | "warn" | "note"), None, _) => {
                settings.severity = match word {
                    "error" => Severity::Error,
                    "warn" => Severity::Warning,
                    _ => Severity::Note,
                };
                if let Some(first) = severity_at.replace(option.place) {
                    diagnostics.push(
                        Diagnostic::new(Code::OptionTwice, option.place, "the rule has two severities")
                            .about(&name.value)
                            .and(first, "the first one")
                            .help("keep one"),
                    );
                }
            }
            ("overridable", None, _) => settings.is_overridable = true,
            ("until", Some(value), _) => {
                let day = crate::options::text_of("until", value, diagnostics).ok()?;
                if !is_day(day.value.as_str()) {
                    let message = format!("`{}` is no day", day.value);
                    diagnostics.push(
                        Diagnostic::new(Code::BadDate, day.place, message)
                            .about("until")
                            .help("a day is written as year, month and day: `until=\"2027-06-30\"`"),
                    );
                    return None;
                }
                until_at = Some(option.place);
                settings.until = Some(day.value.as_str().to_owned());
            }
            ("of", Some(value), _) if speaks_of_metrics(&name.value) => {
                if let Some(first) = settings.of.replace(value) {
                    diagnostics.push(
                        Diagnostic::new(Code::OptionTwice, option.place, "`of` is given twice")
                            .about(&name.value)
                            .and(first.place, "the first one")
                            .help("take one out, or write the rule once more for the other"),
                    );
                }
            }
            (_, Some(value), Some((own, _))) => {
                let other = settings.said.iter().find(|(other, _)| other == own || name.value != LEVELS);
                match other {
                    Some((other, first)) => {
                        let message = match other == own {
                            true => format!("`{own}` is given twice"),
                            false => format!("`{}` has both `{other}` and `{own}`", name.value),
                        };
                        diagnostics.push(
                            Diagnostic::new(Code::OptionTwice, option.place, message)
                                .about(&name.value)
                                .and(first.place, "the first one")
                                .help(match name.value == LEVELS {
                                    true => "write one list of both",
                                    false => "keep one here, and write the rule once more for the other",
                                }),
                        );
                    }
                    None => settings.said.push((own, value)),
                }
            }
            (other, ..) => {
                readable = false;
                let near = match option.value {
                    None => nearest(other, ["error", "warn", "note"].into_iter()),
                    Some(_) => None,
                };
                diagnostics.push(
                    Diagnostic::new(
                        Code::UnknownOption,
                        option.place,
                        format!("`{other}` is no option of `{}`", name.value),
                    )
                    .about(&name.value)
                    .help(match near {
                        _ if other == "overridable" => "it takes no value: write `overridable`".to_owned(),
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("write {written}; a severity is `error`, `warn` or `note`"),
                    }),
                );
            }
        }
    }
    if let Some(place) = until_at.filter(|_| settings.severity == Severity::Error) {
        diagnostics.push(
            Diagnostic::new(
                Code::OptionValue,
                place,
                "`until` says when a rule is to be an error, and this one is",
            )
            .about(&name.value)
            .help("write `warn` or `note` until that day, or take `until` out"),
        );
    }
    if settings.said.is_empty() && !matches!(shapes, [("", _)]) {
        let wanted: Vec<String> = shapes.iter().map(|(option, _)| format!("{option}=…")).collect();
        diagnostics.push(
            Diagnostic::new(
                Code::OptionValue,
                name.place,
                format!("`{}` needs {}", name.value, either(&wanted)),
            )
            .about(&name.value)
            .help(format!("write {written}")),
        );
        return None;
    }
    readable.then_some(settings)
}

/// The severities that may stand beside each status.
fn levels(
    said: &[(&str, &Placed<Expression>)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<(Status, Vec<crate::ir::Severity>)>> {
    let (mut levels, mut complete) = (Vec::new(), true);
    for (option, value) in said {
        let status = Status::ALL.iter().find(|status| status.name() == *option)?;
        let (mut severities, mut known) = (Vec::new(), true);
        for name in texts(option, value, diagnostics)? {
            match crate::ir::Severity::ALL.iter().find(|severity| severity.name() == name.value) {
                Some(severity) => severities.push(*severity),
                None => {
                    known = false;
                    let names =
                        crate::ir::Severity::ALL.iter().map(|severity| severity.name()).collect::<Vec<_>>();
                    diagnostics.push(
                        Diagnostic::new(
                            Code::UnknownName,
                            name.place,
                            format!("there is no severity `{}`", name.value),
                        )
                        .about(&name.value)
                        .help(format!("the severities are {}", list(&names))),
                    );
                }
            }
        }
        // By a list that lacks one, what is right would be found.
        complete &= known;
        levels.push((*status, severities));
    }
    complete.then_some(levels)
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
    if elements.is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::OptionValue, value.place, format!("`{wanted}=[]` names nothing"))
                .about(wanted)
                .help(format!("write `{wanted}=[NAME, …]`, or take the rule out")),
        );
        return None;
    }
    Some(texts)
}

/// The keys that are known, each by its whole text.
fn bound(keys: Vec<slo_grammar::Name>, bindings: &HashMap<Place, Binding<'_>>) -> Vec<slo_grammar::Name> {
    let known = keys.into_iter().filter_map(|key| match bindings.get(&key.place)? {
        Binding::Attribute(reference, false) => Some(Placed::new(reference.key().into(), key.place)),
        Binding::Attribute(_, true) => Some(key),
        Binding::Named(..) | Binding::Declared(_) => None,
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
