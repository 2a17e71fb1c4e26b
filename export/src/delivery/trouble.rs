//! Whom to tell of an exporter's trouble.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use slo::__export::Teller;
use slo::ProblemKind;

/// A program is told of an exporter's trouble at most so often.
const EVERY: Duration = Duration::from_secs(1);

/// Tells the program of an exporter's trouble: when it changes or comes again, and at most once a second. Every record
/// that is dropped by it is counted all the same.
pub(crate) struct Tell {
    teller: Teller,
    exporter: &'static str,
    signal: &'static str,
    told: Mutex<Option<(Instant, String)>>,
}

impl Tell {
    pub(crate) fn new(teller: &Teller, exporter: &'static str, signal: &'static str) -> Tell {
        Tell { teller: teller.clone(), exporter, signal, told: Mutex::default() }
    }

    /// All is well again: the same trouble would be another one.
    pub(crate) fn over(&self) {
        if let Some((_, before)) = &mut *self.told.lock().unwrap_or_else(PoisonError::into_inner) {
            before.clear();
        }
    }

    pub(crate) fn trouble(&self, why: &str) {
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            match &*told {
                Some((at, before)) if before == why || now.duration_since(*at) < EVERY => return,
                _ => *told = Some((now, why.to_owned())),
            }
        }
        self.teller.tell(ProblemKind::Exporter, self.exporter, self.signal, why.to_owned());
    }
}
