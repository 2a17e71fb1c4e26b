//! How events go out: from an event's values to a metric's measurements, a log record and a span.
//!
//! | step | where |
//! |---|---|
//! | which providers an event goes to | `telemetry`, `emitters` |
//! | what is unset, what fits, how long it took | `values` |
//! | which signals the conditions let it out on | `conditions` |
//! | which label stands for a value, within its bound | `labels`, `seen` |
//! | which point of a metric a tuple of labels is, within its limit | `points` |
//! | attributes, texts, severities and statuses | `attributes`, `texts`, `levels` |
//! | an event that is over, and one that runs | `record`, `guard` |
//! | how many events were recorded, and until when they may be | `accounting` |
//! | which measurements lead to a trace | `exemplars` |
//! | a reader that its owner shares with the provider | `reader` |
//!
//! Everything works on tables and on slices of values, so that an event's own code is small, and all events share this.

mod emitters;

pub use emitters::Emitters;

#[cfg(feature = "emit")]
#[cfg_attr(not(feature = "export"), allow(dead_code, reason = "a program with exporters has one"))]
mod accounting;
#[cfg(feature = "emit")]
mod attributes;
#[cfg(feature = "emit")]
mod clock;
#[cfg(feature = "emit")]
mod conditions;
#[cfg(feature = "emit")]
mod day;
#[cfg(feature = "emit")]
mod emitter;
#[cfg(feature = "emit")]
#[cfg_attr(not(feature = "export"), allow(dead_code, reason = "exporters look at what is kept"))]
mod exemplars;
#[cfg(feature = "emit")]
pub(crate) mod from_table;
#[cfg(feature = "emit")]
mod guard;
#[cfg(feature = "emit")]
mod instrument;
#[cfg(feature = "emit")]
mod labels;
#[cfg(feature = "emit")]
mod levels;
#[cfg(feature = "emit")]
mod observe;
#[cfg(feature = "emit")]
mod own_metrics;
#[cfg(feature = "emit")]
mod plan;
#[cfg(feature = "emit")]
mod points;
#[cfg(feature = "emit")]
mod problem;
#[cfg(any(feature = "export", feature = "testing"))]
mod reader;
#[cfg(feature = "emit")]
mod record;
#[cfg(feature = "emit")]
mod row;
#[cfg(feature = "emit")]
mod seen;
#[cfg(feature = "emit")]
mod shape;
#[cfg(feature = "emit")]
pub mod specialized;
#[cfg(feature = "emit")]
mod stated;
#[cfg(feature = "emit")]
mod telemetry;
#[cfg(feature = "emit")]
mod texts;
#[cfg(feature = "emit")]
mod values;
#[cfg(feature = "emit")]
mod views;

#[cfg(feature = "export")]
pub use accounting::{Accounting, Collected, EventCounts, OmissionReason};
#[cfg(feature = "export")]
pub use exemplars::{Exemplar, Exemplars, KeptExemplars};
#[cfg(feature = "emit")]
pub use guard::Open;
#[cfg(any(feature = "export", feature = "testing"))]
pub use own_metrics::OWN_SCOPE;
#[cfg(feature = "export")]
pub use own_metrics::own_scope;
#[cfg(any(feature = "export", feature = "testing"))]
pub use reader::SharedReader;
#[cfg(feature = "export")]
pub(crate) use telemetry::Shared;
#[cfg(feature = "tracing")]
pub(crate) use telemetry::{Current, installed};
#[cfg(feature = "export")]
pub use views::EXPONENTIAL;
#[cfg(feature = "emit")]
pub use {
    clock::{Clock, Started},
    guard::Guard,
    observe::Observer,
    problem::{Problem, ProblemKind},
    telemetry::{AlreadyInstalled, Telemetry, TelemetryBuilder},
    views::{span_limits, view},
};
#[cfg(feature = "emit")]
pub(crate) use {guard::begin, observe::observe};
