//! When something was received.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// When a request was taken, once it had been read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// By the system's clock, to compare with times that records have.
    pub wall: SystemTime,
    /// By a clock that is never set, to compare with instants that the test took.
    pub instant: Instant,
}

impl Moment {
    pub(crate) fn now() -> Moment {
        Moment { wall: SystemTime::now(), instant: Instant::now() }
    }
}

/// The time that OTLP has in nanoseconds since 1970; `None` where it has 0, which is no time.
pub(crate) fn time(nanoseconds: u64) -> Option<SystemTime> {
    (nanoseconds > 0).then(|| UNIX_EPOCH.checked_add(Duration::from_nanos(nanoseconds))).flatten()
}
