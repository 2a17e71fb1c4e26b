#![doc = include_str!("../README.md")]

mod assembly;
mod attributes;
mod built;
#[cfg(feature = "emit")]
mod context;
mod detected;
mod emit;
mod environment;
mod error;
#[cfg(feature = "exits")]
mod exits;
mod fact;
mod held;
mod injected;
mod kind;
mod notice;
mod origin;
#[cfg(feature = "otlp")]
mod otlp;
mod program;
mod resolve;
#[cfg(feature = "sdk")]
mod sdk;
mod shown;
mod table;
#[cfg(feature = "testing")]
pub mod testing;
mod to_value;
#[cfg(feature = "tracing")]
pub mod tracing;
mod undeclared;
mod violation;

#[doc(hidden)]
pub mod __private;

pub use assembly::Assembly;
pub use attributes::{SloAttributes, Visitor};
pub use built::Built;
#[cfg(feature = "rayon")]
pub use context::rayon;
#[cfg(feature = "tokio")]
pub use context::tokio;
#[cfg(feature = "emit")]
pub use context::{Carried, carry, carry_each, carry_future, thread};
pub use emit::Emitters;
#[cfg(feature = "emit")]
pub use emit::{
    AlreadyInstalled, Clock, Guard, Points, Problem, ProblemKind, Started, Telemetry, TelemetryBuilder,
    span_limits, view,
};
pub use error::ContractError;
#[cfg(feature = "prometheus")]
pub use exits::Prometheus;
#[cfg(feature = "exits")]
pub use exits::{
    Counts, ExitCounts, ExitKind, Exits, ExitsBuilder, ExitsError, ExitsMeterProvider, Loss, Omission,
    Report, Reported, SignalCounts,
};
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
pub use exits::{Otlp, OtlpCompression};
pub use fact::{
    Contexts, Event, Face, FieldValue, Fields, Late, Meaning, Metrics, Moment, Observed, Period,
    PrometheusLabels, Record, Recovered, Running, Seen, Specialized, Text, Values, Variants,
};
pub use kind::{Kind, Resource, Scope};
pub use notice::{LeftOut, Notice};
pub use origin::Origin;
pub use to_value::{Element, ToValue};
pub use violation::Violation;

/// What generated code is made of.
pub use slo_model::event as tables;
pub use slo_model::names::TranslationStrategy;
pub use slo_model::{
    Container, ContainerKind, Key, Literal, Member, Part, Range, Source, Targets, Template, Unfit, Value,
    ValueType,
};

#[cfg(feature = "derive")]
pub use slo_macros::SloAttributes;

/// Takes in what the build script generated from the crate's contract, a module per package:
/// `mod contracts { slo::include_contracts!(); }`.
#[macro_export]
macro_rules! include_contracts {
    () => {
        include!(concat!(env!("OUT_DIR"), "/slo_contracts.rs"));
    };
}
