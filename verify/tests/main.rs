//! Telemetry that is held to contracts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod agreement;
mod changed;
mod draft;
mod encode;
mod input;
mod mutated;
mod recorded;
mod saved;
mod text;
mod units;

#[path = "judge.rs"]
mod judge;
