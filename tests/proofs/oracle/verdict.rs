//! What the compiler has to find.

use std::collections::BTreeSet;
use std::fmt;

use slo_compiler::diagnostic::Code;

/// The codes that are held against the compiler, by their proofs.
pub(crate) const JUDGED: &[Code] = &[
    Code::Collision,
    Code::Reserved,
    Code::NestedPrefix,
    Code::TypeConflict,
    Code::Unnameable,
    Code::KeyTwice,
    Code::MetricsJoin,
    Code::MetricDiffers,
    Code::PointsJoin,
    Code::Unwritable,
    Code::Ambiguous,
    Code::TwoBlank,
    Code::BlankOptional,
    Code::PayloadLost,
    Code::TwoLevels,
    Code::MergesNothing,
    Code::Incomplete,
    Code::PointsExceeded,
    Code::Unbounded,
    Code::NeedsBound,
    Code::ConventionUnbounded,
    Code::Sensitive,
    Code::TellsNothing,
    Code::NotCarried,
    Code::LeftOut,
    Code::TwoLogs,
    Code::ConstantCondition,
    Code::NoSeverity,
    Code::Convention,
    Code::RequiredLabel,
];

/// What the compiler has to find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) found: BTreeSet<Code>,
    /// What the language leaves open.
    pub(crate) open: BTreeSet<Code>,
    /// Of each of these, one at least.
    pub(crate) one_of: BTreeSet<[Code; 2]>,
}
impl Verdict {
    pub(super) fn find(&mut self, code: Code) {
        self.found.insert(code);
    }

    pub(super) fn find_if(&mut self, condition: bool, code: Code) {
        if condition {
            self.find(code);
        }
    }

    pub(super) fn leave_open_if(&mut self, condition: bool, code: Code) {
        if condition {
            self.open.insert(code);
        }
    }

    /// What is otherwise than it should be.
    pub(crate) fn disagreements(&self, reported: &BTreeSet<Code>) -> Vec<String> {
        let free =
            |code: &Code| self.open.contains(code) || self.one_of.iter().flatten().any(|one| one == code);
        let missing =
            self.found.difference(reported).map(|code| format!("{code} ({}) is missing", code.title()));
        let beyond = reported.iter().filter(|code| !self.found.contains(code) && !free(code));
        let beyond = beyond.map(|code| format!("{code} ({}) should not be there", code.title()));
        let none = self.one_of.iter().filter(|codes| !codes.iter().any(|code| reported.contains(code)));
        let none = none.map(|codes| format!("one of {codes:?} is missing"));
        missing.chain(beyond).chain(none).collect()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}, left open {:?}, one of each {:?}", self.found, self.open, self.one_of)
    }
}
