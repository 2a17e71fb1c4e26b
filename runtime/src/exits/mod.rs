//! How facts leave the process.

#![allow(dead_code)]

mod answer;
mod exemplar;
#[cfg(feature = "prometheus")]
mod prometheus;
