//! A request as a plan sees it.

use hyper::HeaderMap;

use crate::{Protocol, Signal};

/// A request that was read to its end, and that a plan is asked about.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Arrival<'a> {
    /// Whose records it has.
    pub signal: Signal,
    /// How it came.
    pub protocol: Protocol,
    /// How many requests of its signal came before it, since the plan holds.
    pub number: u64,
    /// How many log records, spans or points of metrics it has.
    pub records: u64,
    /// Its headers; over gRPC its metadata.
    pub headers: &'a HeaderMap,
}

impl Arrival<'_> {
    /// A header's text; `None` where there is no such header, or where it isn't text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
