//! Runs a plan: what a fact becomes on each signal.
//!
//! An [`Interpreter`] takes the facts of one event in their order, for bounds and limits are over all of them:
//!
//! ```
//! # use slo_interpreter::{Fact, Interpreter, Given};
//! # fn state(table: &slo_model::event::Event<'_>) {
//! let mut interpreter = Interpreter::new(table);
//! let telemetry = interpreter.state(&Fact { fields: vec![Given::Value(slo_model::Value::Int(3))], elapsed: std::time::Duration::ZERO });
//! # }
//! ```

mod fact;
mod signals;
mod values;

pub use fact::{Fact, Given};
pub use signals::{Interpreter, Labels, LeftOut, Log, Number, Point, Span, Telemetry};
