//! The program, run as the README says, and as people end it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod comparison;
mod interrupted;
mod readme;
mod verified;
