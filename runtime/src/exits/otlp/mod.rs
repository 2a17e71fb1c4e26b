//! What goes out by OTLP: the settings, the requests, and the two ways to send them.
//!
//! | what | where |
//! |---|---|
//! | what a program and the variables say of it | `settings`, `variables` |
//! | what holds for one signal, checked | `checked`, `endpoint`, `headers`, `tls`, `error` |
//! | what is sent, and how the three signals differ | `request`, `exemplars`, `signal` |
//! | over HTTP | `http`, `http_status` |
//! | over gRPC | `grpc` |
//! | what hands batches over | `sinks` |
//! | what the receiver says | `response`, `details`, `words` |

mod checked;
#[cfg(feature = "otlp-grpc")]
mod details;
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
mod request;
mod response;
mod sender;
mod settings;
mod signal;
mod sinks;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
mod variables;
mod words;

pub use settings::{Otlp, OtlpCompression};

pub(crate) use sinks::OtlpSink;
