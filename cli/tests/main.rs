//! The program, run as people and CI run it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod support;

#[cfg(unix)]
mod action;
#[cfg(feature = "fetch")]
mod archives;
mod baseline;
mod diff;
#[cfg(feature = "fetch")]
mod fetch;
mod files;
mod fleet;
mod fmt;
mod house;
#[cfg(feature = "weaver")]
mod import;
mod lookup;
mod program;
#[cfg(feature = "readers")]
mod readers;
mod serve;
mod show;
mod templates;
mod verify;
mod writing;
