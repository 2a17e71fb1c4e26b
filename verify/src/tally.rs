//! What was found, grouped by its cause.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};
use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::ir::Node;

/// How many causes of each weight are told apart; more are counted together. Who sends a new cause with each record fills no memory, and a flood of
/// notes leaves no error out.
const MOST_CAUSES: usize = 2_000;

/// How many versions of a service are named with a cause.
const MOST_VERSIONS: usize = 16;

/// What is said of a fault: worked out for the first record of a cause alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What else to know.
    pub notes: Vec<String>,
}

impl Words {
    pub(crate) fn new(message: impl Into<String>) -> Words {
        Words { message: message.into(), help: None, notes: Vec::new() }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Words {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn help_maybe(mut self, help: Option<String>) -> Words {
        self.help = help.or(self.help);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Words {
        self.notes.push(note.into());
        self
    }
}

/// A fault of a record: its code and weight, what it is about, and where the contract says otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault<'f> {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) contract: usize,
    pub(crate) names: &'f [&'f str],
    pub(crate) node: Option<Node>,
}

/// Takes the faults of a record.
pub(crate) trait Faults {
    fn take(&mut self, fault: Fault<'_>, say: &dyn Fn() -> Words);
}

/// Counts the errors of a record, to see which of several events it is.
#[derive(Debug, Default)]
pub(crate) struct Errors(pub(crate) usize);

impl Faults for Errors {
    fn take(&mut self, fault: Fault<'_>, _: &dyn Fn() -> Words) {
        self.0 += usize::from(fault.severity == Severity::Error);
    }
}

/// Where and when a record was: what a finding says of it.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// Its time in nanoseconds since 1970; 0 where it has none.
    pub(crate) time: u64,
    /// The version of its service; empty where it says none.
    pub(crate) version: &'a str,
    /// Its path, made where it is shown.
    pub(crate) path: &'a dyn Fn() -> String,
}

/// A cause of faults, with how often it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// Its code.
    #[serde(with = "named::code")]
    pub code: Code,
    /// Its weight before settings and baselines.
    #[serde(with = "named::severity")]
    pub severity: Severity,
    /// The number of the contract that it is about.
    pub contract: usize,
    /// The names that it is about.
    pub names: Vec<String>,
    /// Where the contract says otherwise.
    pub node: Option<Node>,
    /// What is said of it, by the first record.
    pub words: Words,
    /// The path of the first record.
    pub witness: String,
    /// How many records have it.
    pub count: u64,
    /// The time of the first record that has one, in nanoseconds since 1970; 0 where none has.
    pub first: u64,
    /// The time of the last.
    pub last: u64,
    /// How many records of each version of the service have it.
    pub versions: BTreeMap<String, u64>,
}

/// All causes of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    causes: Vec<Cause>,
    /// The numbers of causes by a hash of what tells them apart: those of one hash are compared.
    by_hash: HashMap<u64, Vec<usize>>,
    /// How many causes there are of each weight.
    counts: BTreeMap<Severity, usize>,
    /// Faults whose causes are past those that are told apart.
    beyond: u64,
}

impl Tally {
    /// The causes, in the order in which they were found.
    pub(crate) fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// How many faults had no room for a cause of their own.
    pub(crate) const fn beyond(&self) -> u64 {
        self.beyond
    }

    pub(crate) fn take(&mut self, fault: Fault<'_>, at: At<'_>, say: &dyn Fn() -> Words) {
        let names = || fault.names.iter().copied().filter(|name| !name.is_empty());
        let mut hasher = DefaultHasher::new();
        (fault.contract, fault.code, fault.severity).hash(&mut hasher);
        names().for_each(|name| name.hash(&mut hasher));
        let hash = hasher.finish();
        let same = self.by_hash.get(&hash).map_or(&[][..], Vec::as_slice);
        let is_same = |index: &usize| {
            self.causes.get(*index).is_some_and(|cause| {
                (cause.contract, cause.code, cause.severity) == (fault.contract, fault.code, fault.severity)
                    && cause.names.iter().map(String::as_str).eq(names())
            })
        };
        let index = match same.iter().copied().find(is_same) {
            Some(index) => index,
            None if self.counts.get(&fault.severity).is_some_and(|count| *count >= MOST_CAUSES) => {
                self.beyond += 1;
                return;
            }
            None => {
                *self.counts.entry(fault.severity).or_default() += 1;
                self.causes.push(Cause {
                    code: fault.code,
                    severity: fault.severity,
                    contract: fault.contract,
                    names: names().map(str::to_owned).collect(),
                    node: fault.node,
                    words: say(),
                    witness: (at.path)(),
                    count: 0,
                    first: 0,
                    last: 0,
                    versions: BTreeMap::new(),
                });
                self.by_hash.entry(hash).or_default().push(self.causes.len() - 1);
                self.causes.len() - 1
            }
        };
        let Some(cause) = self.causes.get_mut(index) else { return };
        cause.count += 1;
        if at.time > 0 {
            cause.first = if cause.first == 0 { at.time } else { cause.first.min(at.time) };
            cause.last = cause.last.max(at.time);
        }
        let has_room = cause.versions.len() < MOST_VERSIONS;
        if let Some(count) = cause.versions.get_mut(at.version) {
            *count += 1;
        } else if has_room {
            cause.versions.insert(at.version.to_owned(), 1);
        }
    }
}

/// Codes and weights by their names.
mod named {
    pub(super) mod code {
        use serde::de::Error;
        use serde::{Deserialize, Deserializer, Serializer};
        use slo_compiler::diagnostic::Code;

        pub(crate) fn serialize<S: Serializer>(code: &Code, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_str(code.id())
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Code, D::Error> {
            let id = String::deserialize(from)?;
            Code::from_id(&id).ok_or_else(|| D::Error::custom(format!("there is no code `{id}`")))
        }
    }

    pub(super) mod severity {
        use serde::de::Error;
        use serde::{Deserialize, Deserializer, Serializer};
        use slo_compiler::diagnostic::Severity;

        pub(crate) fn serialize<S: Serializer>(severity: &Severity, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_str(severity.name())
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Severity, D::Error> {
            let name = String::deserialize(from)?;
            let all = [Severity::Note, Severity::Warning, Severity::Error];
            let found = all.into_iter().find(|severity| severity.name() == name);
            found.ok_or_else(|| D::Error::custom(format!("there is no level `{name}`")))
        }
    }
}
