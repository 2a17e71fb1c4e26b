//! The exporter of OTLP: the settings, the requests, and the two ways to send them.
//!
//! | what | where |
//! |---|---|
//! | what a program and the variables say of it | `settings`, `variables` |
//! | what holds for one signal, checked | `checked`, `endpoint`, `headers`, `proxy`, `tls`, `error` |
//! | what is sent, how it is encoded, and how the three signals differ | `request`, `encoding`, `exemplars`, `signal` |
//! | the parts that a receiver takes | `size`, `points` |
//! | over HTTP | `http`, `http_status` |
//! | over gRPC | `grpc` |
//! | what hands batches over | `sinks` |
//! | what the receiver says | `response`, `details`, `words` |

mod checked;
#[cfg(feature = "otlp-grpc")]
mod details;
mod encoding;
mod endpoint;
mod error;
mod exemplars;
#[cfg(feature = "otlp-grpc")]
mod grpc;
mod gzip;
mod headers;
#[cfg(feature = "otlp-http")]
mod http;
mod http_status;
mod points;
mod proxy;
mod request;
mod response;
mod sender;
mod settings;
mod signal;
mod sinks;
mod size;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
mod variables;
mod words;

pub use settings::{Otlp, OtlpCompression};

pub(crate) use sinks::OtlpSink;
