//! House rules.

use std::collections::HashMap;

use slo_grammar::{Expression, Opt, Place, Placed, Policy, PolicyEntry};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::resolve::Binding;
use crate::text::{list, nearest};

/// The rules of all policies of a contract.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    /// `resource.keys: SEVERITY, require=[KEY, …]`
    pub(crate) required_keys: Vec<Rule>,
    /// `keys.prefix: SEVERITY, deny=[PREFIX, …]`
    pub(crate) denied_prefixes: Vec<Rule>,
    /// `allow CODE: NAME, "reason"`
    pub(crate) allows: Vec<Allow>,
}

/// A rule with its list.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) severity: Severity,
    pub(crate) list: Vec<Placed<String>>,
}

/// A finding that is accepted.
#[derive(Debug)]
pub(crate) struct Allow {
    pub(crate) place: Place,
    pub(crate) code: Code,
    pub(crate) name: String,
}

/// What the rules find: their severity is the policy's to say.
const OF_RULES: [Code; 2] = [Code::MissingKey, Code::DeniedPrefix];

const RULES: [&str; 2] = ["resource.keys", "keys.prefix"];

impl Policies {
    pub(crate) fn add(
        &mut self,
        policy: &Policy,
        bindings: &HashMap<Place, Binding<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for entry in &policy.entries {
            match entry {
                PolicyEntry::Allow { code, name, reason } => self.allow(code, name, reason, diagnostics),
                PolicyEntry::Rule { name, options } => match name.value.as_str() {
                    "resource.keys" => {
                        let rule = rule(name, options, "require", diagnostics);
                        self.required_keys.extend(rule.map(|rule| bound(rule, bindings)));
                    }
                    "keys.prefix" => self.denied_prefixes.extend(rule(name, options, "deny", diagnostics)),
                    other => {
                        let help = match nearest(other, RULES.into_iter()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("this release has the rules {}", list(&RULES)),
                        };
                        diagnostics.push(
                            Diagnostic::new(
                                Code::UnknownRule,
                                name.place,
                                format!("there is no rule `{other}`"),
                            )
                            .about(other)
                            .help(help),
                        );
                    }
                },
            }
        }
    }

    fn allow(
        &mut self,
        code: &Placed<String>,
        name: &Placed<String>,
        reason: &Placed<String>,
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
            diagnostics.push(
                Diagnostic::new(
                    Code::AllowedError,
                    code.place,
                    format!("`{}` is an error, and an error is never allowed", code.value),
                )
                .about(&name.value)
                .help("mend what it reports"),
            );
            return;
        }
        self.allows.push(Allow { place: code.place.to(reason.place), code: known, name: name.value.clone() });
    }
}

/// The rule with the keys that are known, each by its whole text.
fn bound(rule: Rule, bindings: &HashMap<Place, Binding<'_>>) -> Rule {
    let known = rule.list.into_iter().filter_map(|key| match bindings.get(&key.place)? {
        Binding::Attribute(reference, false) => Some(Placed::new(reference.key().to_owned(), key.place)),
        Binding::Attribute(_, true) => Some(key),
        Binding::Group(..) => None,
    });
    Rule { list: known.collect(), ..rule }
}

/// A rule's severity and list.
fn rule(
    name: &Placed<String>,
    options: &[Opt],
    wanted: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Rule> {
    let mut severity = None;
    let mut entries = None;
    for option in options {
        match (option.name.value.as_str(), &option.value) {
            ("error", None) => severity = Some(Severity::Error),
            ("warn", None) => severity = Some(Severity::Warning),
            ("note", None) => severity = Some(Severity::Note),
            (other, Some(Placed { value: Expression::List(elements), .. })) if other == wanted => {
                let mut texts = Vec::new();
                for element in elements {
                    match &element.value {
                        Expression::Key(text) | Expression::String(text) => {
                            texts.push(Placed::new(text.clone(), element.place));
                        }
                        _ => diagnostics.push(super::options::wrong_kind(wanted, element.place, "keys")),
                    }
                }
                entries = Some(texts);
            }
            (other, Some(value)) if other == wanted => {
                diagnostics.push(
                    super::options::wrong_kind(wanted, value.place, "a list of keys")
                        .about(&name.value)
                        .help(format!("write `{wanted}=[KEY, …]`")),
                );
                return None;
            }
            (other, _) => diagnostics.push(
                Diagnostic::new(
                    Code::UnknownOption,
                    option.place,
                    format!("`{other}` is no option of `{}`", name.value),
                )
                .about(&name.value)
                .help(format!(
                    "write `{}: error, {wanted}=[KEY, …]`; a severity is `error`, `warn` or `note`",
                    name.value
                )),
            ),
        }
    }
    let Some(list) = entries else {
        diagnostics.push(
            Diagnostic::new(Code::OptionValue, name.place, format!("`{}` needs `{wanted}=[…]`", name.value))
                .about(&name.value)
                .help(format!("write `{}: error, {wanted}=[KEY, …]`", name.value)),
        );
        return None;
    };
    Some(Rule { severity: severity.unwrap_or(Severity::Error), list })
}
