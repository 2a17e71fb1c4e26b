//! What is read of registries: each feature and each mistake by a folder of its own (`golden/`), attacks, and the conventions
//! themselves, held to a reader of the tests' own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests")]

mod attacks;
mod conventions;
mod exported;
mod facts;
mod golden;
mod small_reader;
mod std_otel;
mod support;
mod versions;
mod written;
