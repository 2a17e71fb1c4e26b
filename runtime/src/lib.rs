#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "export"), allow(unreachable_pub, reason = "`slo-export` reaches it"))]

mod assembly;
mod attributes;
mod built;
#[cfg(feature = "emit")]
mod context;
pub mod decode;
mod detected;
mod emit;
mod environment;
mod error;
mod error_code;
mod event;
mod held;
mod injected;
mod kind;
mod notice;
mod origin;
#[cfg(feature = "otlp")]
mod otlp;
mod program;
mod resolve;
pub mod resource;
#[cfg(feature = "sdk")]
mod sdk;
mod shown;
mod table;
#[cfg(feature = "emit")]
pub mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
mod to_value;
#[cfg(feature = "tracing")]
pub mod tracing;
mod undeclared;
pub mod value;
mod violation;

#[cfg(feature = "export")]
#[doc(hidden)]
pub mod __export;
#[doc(hidden)]
pub mod __private;

pub use attributes::SloAttributes;
#[cfg(feature = "emit")]
pub use emit::{
    AlreadyInstalled, Clock, Guard, Observer, Problem, ProblemKind, Started, Telemetry, TelemetryBuilder,
    span_limits, view,
};
pub use error_code::ErrorCode;
pub use event::{Event, Meaning, Moment, Observed, Period, Running, SpanContexts, Text};
/// OpenTelemetry's API, in the version that this crate's functions take and give. It is part of this crate's own API: a version
/// of OpenTelemetry that breaks its own comes with one of `slo` that says so.
#[cfg(feature = "sdk")]
pub use opentelemetry;
/// OpenTelemetry's SDK, in the version that this crate's functions take and give; as [`opentelemetry`].
#[cfg(feature = "sdk")]
pub use opentelemetry_sdk;
pub use slo_model::event::Contract;

#[cfg(feature = "derive")]
pub use slo_macros::SloAttributes;

/// Includes what the build script generated from the crate's contract, a module per package:
/// `mod contracts { slo::include_contracts!(); }`.
#[macro_export]
macro_rules! include_contracts {
    () => {
        include!(concat!(env!("OUT_DIR"), "/slo_contracts.rs"));
    };
}
