//! Metrics: collected, sent by a thread of their own or scraped, and which measurements a receiver has.

pub(crate) mod collector;
pub(crate) mod covered;
pub(crate) mod exemplar;
mod intervals;
pub(crate) mod meters;
pub(crate) mod worker;
