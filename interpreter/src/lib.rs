//! Runs a plan: what an occurrence becomes on each signal.
//!
//! An [`Interpreter`] takes the occurrences of one event in their order, for bounds and limits are over all of them:
//!
//! ```
//! # use slo_interpreter::{Occurrence, Interpreter, Given};
//! # fn state(table: &slo_model::event::Event<'_>) {
//! let mut interpreter = Interpreter::new(table);
//! let telemetry = interpreter.record(&Occurrence { fields: vec![Given::Value(slo_model::Value::Int(3))], elapsed: std::time::Duration::ZERO });
//! # }
//! ```

mod occurrence;
mod signals;
pub mod slot;
mod values;

pub use occurrence::{Given, Occurrence};
pub use signals::{Interpreter, Labels, LeftOut, Log, Number, Point, Span, SpanEvent, Telemetry};
