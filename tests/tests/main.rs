//! What holds across the crates of slo.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod accepted;
mod alike;
mod generated;
mod probe;

mod codegen;
mod collector;
mod compare;
mod crates;
mod declared;
mod derive;
mod derive_errors;
mod derive_events;
mod derive_messages;
mod derive_projects;
mod docs;
mod durations;
mod editors;
mod emitted;
mod examples;
mod external;
mod fleet;
mod format;
mod growth;
mod ir;
#[path = "../judge/mod.rs"]
mod judge;
#[path = "../load/mod.rs"]
mod load;
mod logs;
mod lowering;
mod manifest;
mod modules;
mod mutations;
mod objects;
mod order;
mod plan;
mod programs;
mod prometheus;
mod proofs;
mod real;
mod recovered;
mod reports;
mod rust_target;
#[path = "../scenarios/mod.rs"]
mod scenarios;
mod scopes;
mod scraped;
mod session;
mod shared_meanings;
mod span_events;
mod target;
mod ui;
mod vocabularies;
mod ways;
