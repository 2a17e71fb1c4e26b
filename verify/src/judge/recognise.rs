//! Which event a record is of.

use slo_compiler::diagnostic::{Code, Severity};

use crate::tally::{Errors, Fault, Faults, Words};

/// The best of several: the one with the fewest errors, the first of those that have as few. None of none.
pub(crate) fn best<T: Copy>(candidates: &[T], mut errors: impl FnMut(T, &mut Errors)) -> Option<T> {
    match candidates {
        [] => None,
        [one] => Some(*one),
        several => {
            let counted = several.iter().map(|one| {
                let mut counted = Errors::default();
                errors(*one, &mut counted);
                (counted.0, *one)
            });
            counted.min_by_key(|(count, _)| *count).map(|(_, one)| one)
        }
    }
}

/// Counts the errors of a record but for those of its name.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) others: usize,
}

impl Faults for Texts {
    fn take(&mut self, fault: Fault<'_>, _: &dyn Fn() -> Words) {
        let is_name = matches!(fault.code, Code::TelemetryText | Code::TelemetryEventName);
        self.others += usize::from(fault.severity == Severity::Error && !is_name);
    }
}
