//! Keys that the contract doesn't declare.

use std::borrow::Cow;
use std::collections::BTreeMap;

use slo_model::names::{TranslationStrategy, prometheus_label};
use slo_model::{Key, Value};

use crate::detected::{Detected, Detection};
use crate::held::Held;
use crate::injected::{Injected, Injection};
use crate::resource::{Notice, Omission, Origin};

/// How many undeclared keys are looked at: as many as a span may have attributes by default.
const KEYS: usize = 128;

/// How long an undeclared key may be, in bytes.
const KEY_LENGTH: usize = 255;

/// How many of the keys beyond [`KEYS`] are named.
const NAMED: usize = 8;

/// The value of an undeclared key.
enum Candidate {
    Detected(Detection),
    Injected(Vec<Injection>),
}

/// Takes in the undeclared keys of the environment and of the program's detectors, unless something speaks against one.
/// The environment goes before the detectors.
pub(crate) fn let_in(
    declared: &[&'static Key<'static>],
    closed: bool,
    injected: Injected,
    detected: Detected,
    attributes: &mut Vec<(Cow<'static, str>, Held<'_>)>,
    notices: &mut Vec<Notice>,
) {
    let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
    candidates.extend(detected.added.into_iter().map(|(key, value)| (key, Candidate::Detected(value))));
    candidates.extend(injected.by_key.into_iter().map(|(key, values)| (key, Candidate::Injected(values))));
    candidates.retain(|name, _| !declared.iter().any(|key| key.name == name));
    if candidates.is_empty() {
        return;
    }

    let door = Door::new(declared, closed);
    let beyond = candidates.len().saturating_sub(KEYS);
    let mut candidates = candidates.into_iter();
    for (key, candidate) in candidates.by_ref().take(KEYS) {
        let Some((origin, value)) = candidate.value(&key, notices) else { continue };
        match door.admit(&key, value) {
            Ok(value) => attributes.push((Cow::Owned(key), Held::Static(value))),
            Err(reason) => notices.push(Notice::Omission { key, origin, reason }),
        }
    }
    if beyond > 0 {
        let keys = candidates.take(NAMED).map(|(key, _)| key).collect();
        notices.push(Notice::TooMany { keys, count: beyond });
    }
}

impl Candidate {
    /// The value that counts. What the environment says beside it is noticed.
    fn value(self, key: &str, notices: &mut Vec<Notice>) -> Option<(Origin, Detection)> {
        let injections = match self {
            Candidate::Detected(value) => return Some((Origin::Detector, value)),
            Candidate::Injected(injections) => injections,
        };
        let mut first: Option<Injection> = None;
        for injection in injections {
            notices.extend(injection.repeated(key));
            match &first {
                None => first = Some(injection),
                Some(first) if first.text == injection.text => {}
                Some(first) => notices.push(injection.overridden(key, first.origin())),
            }
        }
        let first = first?;
        Some((first.origin(), first.text.map(|text| Value::String(Cow::Owned(text)))))
    }
}

/// What an undeclared key has to pass.
struct Door<'k> {
    declared: &'k [&'static Key<'static>],
    labels: Vec<Option<String>>,
    closed: bool,
}

impl Door<'_> {
    fn new<'k>(declared: &'k [&'static Key<'static>], closed: bool) -> Door<'k> {
        Door { declared, labels: declared.iter().map(|key| label(key.name)).collect(), closed }
    }

    fn admit(&self, name: &str, value: Detection) -> Result<Value<'static>, Omission> {
        if self.closed {
            return Err(Omission::Closed);
        }
        if name.is_empty() {
            return Err(Omission::Empty);
        }
        if name.len() > KEY_LENGTH {
            return Err(Omission::TooLong);
        }
        let own_label = label(name);
        for (key, label) in self.declared.iter().zip(&self.labels) {
            if own_label.is_some() && own_label == *label {
                return Err(Omission::SameLabel(key.name));
            }
            if holds(key.name, name) || holds(name, key.name) {
                return Err(Omission::Nested(key.name));
            }
        }
        value.map_err(Omission::Unfit)
    }
}

/// The strategy is the server's own default: a program doesn't know what its server is set to.
fn label(key: &str) -> Option<String> {
    prometheus_label(key, TranslationStrategy::UnderscoreEscapingWithSuffixes)
}

/// Whether nested JSON would put `inner` within the value of `outer`.
fn holds(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
}
