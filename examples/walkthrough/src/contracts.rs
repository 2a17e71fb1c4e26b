//! What the build script generated from `slo/`.
#![allow(missing_docs, reason = "the contract says what has something to say")]

slo::include_contracts!();
