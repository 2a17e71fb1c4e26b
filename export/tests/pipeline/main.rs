//! Pipelines of whole programs: to receivers that are there, by exporters that do anything.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod ends;
mod lines;
#[path = "../../../runtime/tests/pay/mod.rs"]
mod pay;
mod sdk_exporters;
#[path = "../written/mod.rs"]
mod written;
mod wrong;
