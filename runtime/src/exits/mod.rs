//! How facts leave the process.
//!
//! | step | where |
//! |---|---|
//! | which facts are let in, and how many were acknowledged | `emit/intake` |
//! | where the SDK hands over records, and where they wait for each exit | `processors`, `queue` |
//! | the thread of a signal and an exit, and what it is told | `worker`, `metrics`, `orders` |
//! | sending until it is known what became of it | `delivery`, `answer`, `backoff` |
//! | what became of everything, by cause | `lane`, `counts`, `own_metrics` |
//! | the order of a flush and of a shutdown | `flow`, `handle` |
//! | all of it put together, from code and from variables | `builder`, `settings` |
//!
//! What an exit sends, and how, is its own: `otlp`, `prometheus`, `json_lines`.

#![cfg_attr(
    not(all(
        feature = "json-lines",
        feature = "prometheus",
        any(feature = "otlp-grpc", feature = "otlp-http")
    )),
    allow(dead_code, reason = "each exit uses its part")
)]

mod answer;
mod backoff;
mod builder;
mod counts;
mod delivery;
mod error;
mod exemplar;
mod flow;
mod handle;
#[cfg(feature = "json-lines")]
mod json_lines;
mod kind;
mod lane;
mod metrics;
mod orders;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
mod otlp;
mod own_metrics;
mod processors;
#[cfg(feature = "prometheus")]
mod prometheus;
mod queue;
mod settings;
#[cfg(test)]
mod tests;
mod trouble;
mod worker;

pub use crate::emit::Omission;
pub use builder::ExitsBuilder;
pub use counts::{Counts, ExitCounts, Loss, SignalCounts};
pub use error::ExitsError;
pub use flow::Report;
pub use handle::{Exits, Reported};
pub use kind::ExitKind;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
pub use otlp::{Otlp, OtlpCompression};
#[cfg(feature = "prometheus")]
pub use prometheus::Prometheus;
