//! What stands in the place of what can't be known.

use slo_grammar::Place;

use super::{Code, Diagnostic, Severity};

/// A finding that was reported: why something can't be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reported {
    code: Code,
    place: Place,
}

impl Reported {
    /// A finding of whoever binds names, of the checks, or of another root's own run.
    pub(crate) const fn elsewhere(code: Code, place: Place) -> Reported {
        Reported { code, place }
    }

    /// Sees to it that there is an error where something is unknown. That nobody reported it is a mistake of the
    /// compiler, and the contract is not sound for that.
    pub(crate) fn is_among(self, found: &mut Vec<Diagnostic>) {
        let is_there = found.iter().any(|finding| finding.severity == Severity::Error);
        debug_assert!(is_there, "nobody reported {self:?}, or it was accepted");
        if !is_there {
            found.push(Diagnostic::new(self.code, self.place, "what stands here can't be known"));
        }
    }
}

impl Diagnostic {
    /// Reports an error.
    pub(crate) fn report(self, found: &mut Vec<Diagnostic>) -> Reported {
        let place = self.place().unwrap_or(Place::new(slo_grammar::FileId(u32::MAX), 0, 0));
        let reported = Reported { code: self.code, place };
        found.push(self.invalid());
        reported
    }
}
