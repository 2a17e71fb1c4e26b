//! What is measured is the same telemetry, and what it allocates.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod allocations;
mod kept;
mod same_telemetry;
