//! A run: what is read goes to the verifier, and what can't be read is counted.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;

use crate::input::{LineForm, Receive, Refusal, Scrape, Source, Wrong};
use crate::judge::verifier::Verifier;
use crate::report::Report;

/// How many kinds of what can't be read are told apart.
const MOST_REFUSALS: usize = 1_000;

/// A run of a verifier over what is read.
pub struct Run<'p> {
    verifier: Verifier<'p>,
    refusals: BTreeMap<(Source, Wrong), Refusal>,
    /// What could not be read past those that are told apart.
    beyond: u64,
    received: u64,
    is_over: Box<dyn Fn() -> bool + 'p>,
}

impl<'p> Run<'p> {
    /// A run that goes on until it is told to be over.
    #[must_use]
    pub fn new(verifier: Verifier<'p>, is_over: Box<dyn Fn() -> bool + 'p>) -> Run<'p> {
        Run { verifier, refusals: BTreeMap::new(), beyond: 0, received: 0, is_over }
    }

    /// How many requests, scrapes and groups of lines came.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// How often something new was said of a contract.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.verifier.news()
    }

    /// Ends the run.
    #[must_use]
    pub fn finish(self) -> Report {
        let mut report = self.verifier.finish();
        report.refusals = self.refusals.into_values().collect();
        report.refusals_beyond = self.beyond;
        report
    }
}

impl Receive for Run<'_> {
    fn traces(&mut self, spans: Vec<ResourceSpans>) {
        self.received += 1;
        self.verifier.traces(&spans);
    }

    fn logs(&mut self, logs: Vec<ResourceLogs>) {
        self.received += 1;
        self.verifier.logs(&logs);
    }

    fn metrics(&mut self, metrics: Vec<ResourceMetrics>) {
        self.received += 1;
        self.verifier.metrics(&metrics);
    }

    fn log_lines(&mut self, form: LineForm, logs: Vec<ResourceLogs>) {
        self.received += 1;
        self.verifier.log_lines(form, logs);
    }

    fn scrape(&mut self, scrape: Scrape) {
        self.received += 1;
        self.verifier.scrape(&scrape);
    }

    fn refused(&mut self, refusal: Refusal) {
        let key = (refusal.source.clone(), refusal.wrong);
        if let Some(known) = self.refusals.get_mut(&key) {
            known.count = known.count.saturating_add(refusal.count);
        } else if self.refusals.len() < MOST_REFUSALS {
            self.refusals.insert(key, refusal);
        } else {
            self.beyond = self.beyond.saturating_add(refusal.count);
        }
    }

    fn goes_on(&self) -> bool {
        !(self.is_over)()
    }
}
