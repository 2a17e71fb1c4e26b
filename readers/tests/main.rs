//! The tests of this crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod attacks;
mod diff;
mod golden;
mod progress;
mod support;
