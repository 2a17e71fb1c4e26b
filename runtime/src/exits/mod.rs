//! How facts leave the process.

#![allow(dead_code)]

mod answer;
mod exemplar;
#[cfg(feature = "json-lines")]
mod json_lines;
#[cfg(feature = "prometheus")]
mod prometheus;
