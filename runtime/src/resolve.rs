//! Where each key's value comes from, and whether it fits.

use std::borrow::Cow;

use slo_model::{Container, ContainerKind, Key, Part, Source, Template, Unfit, Value};

use crate::detected::Detected;
use crate::environment::Environment;
use crate::held::Held;
use crate::injected::{Injected, Injection};
use crate::program::Program;
use crate::resource::{Notice, Origin, Violation};
use crate::{table, undeclared};

/// Everything that values may come from.
pub(crate) struct Sources<'a> {
    pub(crate) container: &'static Container<'static>,
    pub(crate) kind: ContainerKind,
    pub(crate) program: Program<'a>,
    pub(crate) environment: Environment<'a>,
    pub(crate) detected: Detected,
}

/// The outcome of a container's keys.
pub(crate) struct Resolution<'a> {
    pub(crate) attributes: Vec<(Cow<'static, str>, Held<'a>)>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) notices: Vec<Notice>,
}

/// The outcome of one key.
enum Outcome<'a> {
    Fits(Origin, Held<'a>),
    Violates(Violation),
    Absent,
}

impl<'a> Sources<'a> {
    /// Finds every key's value, checks it, and lets in what nobody declared.
    pub(crate) fn resolve(mut self) -> Resolution<'a> {
        let mut notices = Vec::new();
        let injected = match self.kind {
            ContainerKind::Resource => Injected::read(&self.environment, &mut notices),
            // The environment speaks of resources only.
            ContainerKind::Scope => Injected::default(),
        };
        let keys = table::keys(self.container);
        let mut outcomes: Vec<Outcome<'a>> =
            keys.iter().map(|key| self.outcome(key, &injected, &mut notices)).collect();
        self.check_templates(&keys, &mut outcomes);
        for (key, outcome) in keys.iter().zip(&outcomes) {
            notice_injections(key, outcome, injected.of(key.name), &mut notices);
        }

        let mut attributes = Vec::with_capacity(keys.len());
        let mut violations = Vec::new();
        for (key, outcome) in keys.iter().zip(outcomes) {
            match outcome {
                Outcome::Fits(_, value) => attributes.push((Cow::Borrowed(key.name), value)),
                Outcome::Violates(violation) => violations.push(violation),
                Outcome::Absent => {}
            }
        }
        let declared = |name: &str| keys.iter().any(|key| key.name == name);
        violations.extend(
            self.program
                .keys()
                .filter(|name| !declared(name))
                .map(|name| Violation::undeclared(self.container.name, name)),
        );
        undeclared::let_in(
            &keys,
            self.container.closed,
            injected,
            self.detected,
            &mut attributes,
            &mut notices,
        );
        Resolution { attributes, violations, notices }
    }

    fn outcome(&mut self, key: &Key<'static>, injected: &Injected, notices: &mut Vec<Notice>) -> Outcome<'a> {
        let contract = self.container.name;
        if let Some((origin, value)) = self.find(key, injected) {
            return match value.and_then(|value| value.fitted(key)) {
                Ok(value) => Outcome::Fits(origin, value),
                Err(unfit) => Outcome::Violates(Violation::unfit(contract, key, origin, unfit)),
            };
        }
        match key.source {
            Source::Required | Source::Environment(_) => {
                Outcome::Violates(Violation::missing(contract, self.kind, key))
            }
            Source::Auto => {
                notices.push(Notice::Undetected { key: key.name, place: key.place });
                Outcome::Absent
            }
            Source::Optional | Source::Static(_) => Outcome::Absent,
        }
    }

    /// The first value that there is. That it doesn't fit is no reason to look further.
    fn find(&mut self, key: &Key<'static>, injected: &Injected) -> Option<(Origin, Result<Held<'a>, Unfit>)> {
        if let Source::Static(constant) = key.source {
            return Some((Origin::Static, Ok(Held::Static(constant.into()))));
        }
        self.program
            .take(key.name)
            .map(|value| (Origin::Program, value))
            .or_else(|| self.variable(key))
            .or_else(|| injected.find(key))
            .or_else(|| self.detected.find(key))
            .or_else(|| key.default.map(|default| (Origin::Default, Ok(Held::Static(default.into())))))
    }

    fn variable(&self, key: &Key<'static>) -> Option<(Origin, Result<Held<'a>, Unfit>)> {
        let Source::Environment(variables) = key.source else { return None };
        variables.iter().find_map(|variable| {
            let value = match self.environment.read(variable) {
                Ok(text) => key.parse(&text?).map(Value::into_owned),
                Err(unfit) => Err(unfit),
            };
            let empty = value.as_ref().is_ok_and(Value::is_empty);
            (!empty).then(|| (Origin::Variable(variable), value.map(Held::Static)))
        })
    }

    /// Templates come last, because they may name other keys.
    fn check_templates(&self, keys: &[&'static Key<'static>], outcomes: &mut [Outcome<'a>]) {
        let mut found = Vec::new();
        for (index, (key, outcome)) in keys.iter().zip(&*outcomes).enumerate() {
            if let (Some(template), Outcome::Fits(origin, value)) = (key.matches, outcome)
                && let Some(unfit) = unmatched(&template, value.value(), keys, outcomes)
            {
                found.push((index, Violation::unfit(self.container.name, key, *origin, unfit)));
            }
        }
        for (index, violation) in found {
            outcomes[index] = Outcome::Violates(violation);
        }
    }
}

/// The value's text that the template doesn't describe, if there is one, with what the template asks for.
fn unmatched(
    template: &Template<'_>,
    value: &Value<'_>,
    keys: &[&Key<'_>],
    outcomes: &[Outcome<'_>],
) -> Option<Unfit> {
    let named = template.parts.iter().filter_map(|part| match part {
        Part::Key(name) => Some((*name, text_of(name, keys, outcomes)?)),
        Part::Text(_) | Part::Hole(_) => None,
    });
    let mut named: Vec<(&str, String)> = named.collect();
    named.sort();
    named.dedup();
    let value_of =
        |wanted: &str| named.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.as_str());
    let fails = |text: &str| !template.matches(text, value_of);
    let text = match value {
        Value::StringArray(list) => {
            list.iter().find(|text| fails(text)).map(|text| text.clone().into_owned())
        }
        other => Some(other.to_string()).filter(|text| fails(text)),
    }?;
    let keys = named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Some(Unfit::Matches { value: text, template: template.to_string(), keys })
}

fn text_of(name: &str, keys: &[&Key<'_>], outcomes: &[Outcome<'_>]) -> Option<String> {
    let index = keys.iter().position(|key| key.name == name)?;
    match &outcomes[index] {
        Outcome::Fits(_, value) => Some(value.value().to_string()),
        Outcome::Violates(_) | Outcome::Absent => None,
    }
}

/// What the environment injected for a declared key, and what came of it.
fn notice_injections(
    key: &Key<'_>,
    outcome: &Outcome<'_>,
    injections: &[Injection],
    notices: &mut Vec<Notice>,
) {
    for injection in injections {
        notices.extend(injection.repeated(key.name));
        let Outcome::Fits(by, value) = outcome else { continue };
        let same = |injected: &Value<'_>| injected.is_empty() || injected == value.value();
        if *by != injection.origin() && !injection.value(key).is_ok_and(|injected| same(&injected)) {
            notices.push(injection.overridden(key.name, *by));
        }
    }
}

#[cfg(test)]
mod tests;
