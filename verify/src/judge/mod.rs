//! Holds records to the contracts.

pub(crate) mod across;
pub(crate) mod attributes;
mod conditions;
mod conventions;
pub mod habits;
pub(crate) mod levels;
mod lines;
mod log;
mod logs;
mod meanings;
mod metric;
mod metrics;
mod onto;
mod origin;
mod recognise;
mod scraped;
mod settle;
mod span;
mod spans;
pub(crate) mod subject;
mod texts;
mod typed;
pub(crate) mod values;
pub(crate) mod verifier;
pub(crate) mod whose;

pub(crate) use log::{
    body as log_body, event_name as log_event_name, time as log_time, with_span as log_with_span,
};
pub(crate) use metric::is_cumulative;
pub(crate) use span::of_event as span_name;
