//! Those who read what contracts write to Prometheus: rule files and Grafana's dashboards.
//!
//! [`read()`] finds the files of a folder and what each expression in them asks for. [`find()`] compares that with the series that the
//! members of a workspace write: what nobody writes is a finding at the place where it is asked for. With the series of before a
//! change it finds what the change takes away.
//!
//! Expressions are read by `promql-parser`, YAML by `serde-saphyr`, JSON by `serde_json`.

mod asked;
mod dashboard;
mod expression;
mod files;
mod find;
mod json;
mod known;
pub mod limits;
mod query;
mod rules;
mod variables;
mod yaml;

pub use files::{Progress, read, read_with};
pub use find::{Found, find};
pub use query::Readers;
