//! The runtime as a program uses it: resources and scopes, events, contexts, and `tracing`.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod context_carry;
mod context_rayon;
mod context_tokio;
#[path = "../contract/mod.rs"]
mod contract;
mod detectors;
mod emission;
mod environment;
#[path = "../events/mod.rs"]
mod events;
mod flattened;
#[path = "../pay/mod.rs"]
mod pay;
mod payments;
mod precedence;
mod scope;
#[path = "../service/mod.rs"]
mod service;
mod tracing_bridge;
mod tracing_exporters;
