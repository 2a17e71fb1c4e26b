//! What time it is.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::Context;

use super::telemetry::clock_of;
use crate::{Moment, Period};

/// A source of time, which a test replaces.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock's time.
    fn now(&self) -> SystemTime;

    /// The time since some moment that stays the same; it never goes back.
    fn elapsed(&self) -> Duration;
}

/// The clock of a telemetry: the system's, where it has no other.
#[derive(Clone, Default)]
pub(crate) struct AnyClock(pub(crate) Option<Arc<dyn Clock>>);

impl fmt::Debug for AnyClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "given" } else { "system" })
    }
}

impl AnyClock {
    #[inline]
    pub(crate) fn now(&self) -> SystemTime {
        match &self.0 {
            None => SystemTime::now(),
            Some(clock) => clock.now(),
        }
    }

    #[inline]
    pub(crate) fn tick(&self) -> Tick {
        match &self.0 {
            None => Tick::System(Instant::now()),
            Some(clock) => Tick::Given(clock.elapsed()),
        }
    }

    /// The time since `tick`; none where the clock says that there is less than none.
    #[inline]
    pub(crate) fn since(&self, tick: Tick) -> Duration {
        match (tick, &self.0) {
            (Tick::System(instant), _) => instant.elapsed(),
            (Tick::Given(before), Some(clock)) => clock.elapsed().saturating_sub(before),
            (Tick::Given(_), None) => Duration::ZERO,
        }
    }
}

/// A moment of the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tick {
    System(Instant),
    Given(Duration),
}

/// The start of an event that will be recorded when it is over: a time of the wall clock and one of a monotonic
/// clock. The wall clock is read here, once; the end is this plus the time of the monotonic clock.
///
/// ```
/// let started = slo::Started::now();
/// // … the work …
/// let period = started.elapsed();
/// # let _ = period;
/// ```
#[derive(Clone, Debug)]
pub struct Started {
    clock: AnyClock,
    start: SystemTime,
    tick: Tick,
}

impl Started {
    /// The current time, by the clock of the telemetry in the current context.
    #[must_use]
    pub fn now() -> Started {
        let clock = clock_of(&Context::current());
        Started { start: clock.now(), tick: clock.tick(), clock }
    }

    /// The period from there until now.
    #[must_use]
    #[inline]
    pub fn elapsed(&self) -> Period {
        Period::since(self.start, self.clock.since(self.tick))
    }
}

impl From<&Started> for Period {
    fn from(started: &Started) -> Period {
        started.elapsed()
    }
}

impl From<&Started> for Moment {
    fn from(started: &Started) -> Moment {
        Moment::Over(started.into())
    }
}

/// An event's start and end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) start: SystemTime,
    pub(crate) end: SystemTime,
    /// None where the event has no length of its own.
    pub(crate) elapsed: Option<Duration>,
    /// Whether the clock that gave them was set back in between.
    pub(crate) backwards: bool,
}

impl Times {
    #[inline(always)]
    pub(crate) fn of(when: &Moment, clock: &AnyClock) -> Times {
        let point = |time| Times { start: time, end: time, elapsed: None, backwards: false };
        match *when {
            Moment::Now => point(clock.now()),
            Moment::At(time) => point(time),
            Moment::Over(Period { start, elapsed, backwards }) => {
                let times = match start {
                    Some(start) => Times::since(start, elapsed),
                    None => {
                        let end = clock.now();
                        let start = end.checked_sub(elapsed).unwrap_or(end);
                        Times { start, end, elapsed: Some(elapsed), backwards }
                    }
                };
                Times { backwards, ..times }
            }
        }
    }

    /// From `start` on, for `elapsed`. An end beyond what the clock can say is the start: the difference is recorded by itself.
    #[inline(always)]
    pub(crate) fn since(start: SystemTime, elapsed: Duration) -> Times {
        let end = start.checked_add(elapsed).unwrap_or(start);
        Times { start, end, elapsed: Some(elapsed), backwards: false }
    }
}
