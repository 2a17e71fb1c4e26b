//! Whom to tell of an exit's trouble.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ExitKind;
use crate::emit::Shared;
use crate::{Problem, ProblemKind};

/// A program is told of an exit's trouble at most so often.
const EVERY: Duration = Duration::from_secs(1);

/// Tells the program of an exit's trouble: when it changes or comes again, and at most once a second. Every record that is lost by it is
/// counted all the same.
pub(crate) struct Tell {
    shared: Arc<Shared>,
    exit: ExitKind,
    signal: &'static str,
    told: Mutex<Option<(Instant, String)>>,
}

impl Tell {
    pub(crate) fn new(shared: &Arc<Shared>, exit: ExitKind, signal: &'static str) -> Tell {
        Tell { shared: Arc::clone(shared), exit, signal, told: Mutex::default() }
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
        let problem =
            Problem { kind: ProblemKind::Exit, of: self.exit.name(), what: self.signal, why: why.to_owned() };
        self.shared.tell(&problem);
    }
}
