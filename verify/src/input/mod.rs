//! The ways in.
//!
//! | module | what it reads |
//! |---|---|
//! | [`file`](mod@file) | files, folders and the standard input, whose form is told by their content |
//! | [`serve`] | OTLP over gRPC and HTTP, at a port of its own |
//! | [`prometheus`] | Prometheus text, and endpoints that are scraped |
//! | [`otlp`] | requests of OTLP, as protobuf and as JSON |
//! | `recording` | what came in an earlier run, by whatever way |
//!
//! Several at once hand what they read to one [`queue`]; a file is read by the thread that judges.

mod client;
pub mod file;
mod findings;
mod forward;
pub mod limits;
mod lines;
pub mod nested;
pub mod otlp;
pub mod prometheus;
pub mod queue;
mod recording;
mod refusal;
pub mod serve;
mod unpack;

use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;

pub use findings::FindingLogs;
pub use lines::Form as LineForm;
pub use prometheus::{Family, FamilyType, Sample, Scrape};
pub use recording::Recorder;
pub use refusal::{Place, Refusal, Source, Wrong};

/// Takes what is read.
pub trait Receive {
    /// Spans, as a request or a part of one had them.
    fn traces(&mut self, spans: Vec<ResourceSpans>);

    /// Log records, as a request or a part of one had them.
    fn logs(&mut self, logs: Vec<ResourceLogs>);

    /// Points of metrics, as a request or a part of one had them.
    fn metrics(&mut self, metrics: Vec<ResourceMetrics>);

    /// Log records that were made of lines. Objects in each other stay as they stand, for a line has no other form for a key with dots but
    /// the key as it is: [`nested::flatten`] makes keys of objects.
    fn log_lines(&mut self, form: LineForm, logs: Vec<ResourceLogs>);

    /// One scrape of one target.
    fn scrape(&mut self, scrape: Scrape);

    /// What could not be read.
    fn refused(&mut self, refusal: Refusal);

    /// Where what is handed over next stands. Of lines that is the first; the record after it is of the line after it.
    fn reading(&mut self, _source: &Source, _place: &Place) {}

    /// Whether reading is to go on. It is asked between requests, lines and scrapes.
    fn goes_on(&self) -> bool {
        true
    }
}
