//! Events as types of the program.

use std::time::{Duration, SystemTime};

use slo_model::event;

use super::{FieldValue, Values};
use crate::emit::Emitters;

/// An event of a contract, which is recorded as metric measurements, a log record and a span. Generated code
/// implements it, and `#[derive(SloAttributes)]` with `#[slo(event = "…")]`.
pub trait Event: Sized + 'static {
    /// When it happened: a [`Period`] where the event has an elapsed time, else a [`Moment`].
    type When: Into<Moment>;

    /// What may be said of it after its begin; `()` where there is nothing.
    type Later: 'static;

    /// What the contract says of it.
    const TABLE: &'static event::Event<'static>;

    /// Puts each value into its place, but for the elapsed time, which is known at the end.
    fn values<'a>(&'a self, values: &mut Values<'_, 'a>);

    /// What may be said of it after its begin.
    fn later(&self) -> &Self::Later;

    /// The same, to say it.
    fn later_mut(&mut self) -> &mut Self::Later;

    /// Where its instruments are kept.
    fn emitters() -> &'static Emitters;

    /// Records an event that is over: a metric's measurements, a log record and a span, as the contract says.
    ///
    /// It never fails and never panics: what doesn't fit its field is left out, counted and named.
    #[cfg(feature = "emit")]
    fn record(&self, when: impl Into<Self::When>) {
        self.__go_out(&when.into().into());
    }

    // What follows is what a specialized event does in its own way.

    #[doc(hidden)]
    #[cfg(feature = "emit")]
    fn __go_out(&self, when: &Moment) {
        crate::emit::from_table::record(self, when);
    }

    #[doc(hidden)]
    #[cfg(feature = "emit")]
    fn __open(&self, parent: opentelemetry::Context) -> crate::__private::Open {
        crate::emit::from_table::open(self, parent)
    }

    #[doc(hidden)]
    #[cfg(feature = "emit")]
    fn __close(&self, open: &mut crate::__private::Open) {
        crate::emit::from_table::close(self, open);
    }
}

/// An event that may be begun before it is over: it opens its span, and a guard ends it.
pub trait Running: Event {
    /// Begins the event under the current context: opens its span, and counts it as running.
    #[cfg(feature = "emit")]
    fn begin(self) -> crate::Guard<Self> {
        crate::emit::begin(self, opentelemetry::Context::current())
    }

    /// Begins the event under `parent`, such as what a propagator read from a request's headers.
    #[cfg(feature = "emit")]
    fn begin_under(self, parent: &opentelemetry::Context) -> crate::Guard<Self> {
        crate::emit::begin(self, parent.clone())
    }
}

/// A point of an asynchronous instrument (an observed metric), which a callback gives. Generated code implements it.
pub trait Observed: Sized + 'static {
    /// An array of [`FieldValue`]s.
    type Values<'a>: AsMut<[FieldValue<'a>]>;

    /// What the contract says of the metric.
    const TABLE: &'static event::Observed<'static>;

    /// The values, each in its place.
    fn values(&self) -> Self::Values<'_>;

    /// Has `callback` give the metric's points whenever it is collected, for as long as the provider lives.
    ///
    /// It must neither record an event nor wait for a thread that may, such as for a lock that one holds while it records an event: the first recording of an event waits until the collection is over.
    ///
    /// A panic in it leaves out what it had not given yet, and is counted: in the SDK alone it would end the reader's
    /// thread.
    #[cfg(feature = "emit")]
    fn observe(callback: impl Fn(&mut crate::Observer<'_, Self>) + Send + Sync + 'static) {
        crate::emit::observe(callback);
    }
}

/// The time of an event without an elapsed time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// Just now.
    Now,
    /// At this time.
    At(SystemTime),
    /// Over this period.
    Over(Period),
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Moment {
        Moment::At(time)
    }
}

impl From<Period> for Moment {
    fn from(period: Period) -> Moment {
        Moment::Over(period)
    }
}

impl From<Duration> for Moment {
    fn from(elapsed: Duration) -> Moment {
        Moment::Over(elapsed.into())
    }
}

impl From<std::ops::Range<SystemTime>> for Moment {
    fn from(range: std::ops::Range<SystemTime>) -> Moment {
        Moment::Over(range.into())
    }
}

/// The start and the duration of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    pub(crate) start: Option<SystemTime>,
    pub(crate) elapsed: Duration,
    /// Whether the end was given, and before the start.
    pub(crate) backwards: bool,
}

impl Period {
    /// A period that starts at `start` and lasts `elapsed`.
    #[must_use]
    pub const fn since(start: SystemTime, elapsed: Duration) -> Period {
        Period { start: Some(start), elapsed, backwards: false }
    }

    /// A period of this duration that ends now.
    #[must_use]
    pub const fn until_now(elapsed: Duration) -> Period {
        Period { start: None, elapsed, backwards: false }
    }

    /// Between two times of the wall clock. Where the end comes before the start, the clock was set back in between:
    /// the period has no length, and the event says so.
    #[must_use]
    pub fn between(start: SystemTime, end: SystemTime) -> Period {
        match end.duration_since(start) {
            Ok(elapsed) => Period::since(start, elapsed),
            Err(_) => Period { start: Some(start), elapsed: Duration::ZERO, backwards: true },
        }
    }
}

impl From<std::ops::Range<SystemTime>> for Period {
    fn from(range: std::ops::Range<SystemTime>) -> Period {
        Period::between(range.start, range.end)
    }
}

impl From<Duration> for Period {
    fn from(elapsed: Duration) -> Period {
        Period::until_now(elapsed)
    }
}
