//! A run: what is read goes to the verifier, and what can't be read is counted.

use std::collections::BTreeMap;
use std::io;

use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;

use crate::input::{LineForm, Receive, Recorder, Refusal, Scrape, Source, Wrong};
use crate::judge::verifier::Verifier;
use crate::report::Report;

/// Takes telemetry, whatever way it came.
pub trait Takes {
    /// Takes spans.
    fn traces(&mut self, came: &[ResourceSpans]);

    /// Takes log records.
    fn logs(&mut self, came: &[ResourceLogs]);

    /// Takes metrics.
    fn metrics(&mut self, came: &[ResourceMetrics]);

    /// Takes log records that were made of lines.
    fn log_lines(&mut self, form: LineForm, came: Vec<ResourceLogs>);

    /// Takes a scrape.
    fn scrape(&mut self, came: &Scrape);

    /// How often something new came.
    fn news(&self) -> u64;
}

impl Takes for Verifier<'_> {
    fn traces(&mut self, came: &[ResourceSpans]) {
        Verifier::traces(self, came);
    }

    fn logs(&mut self, came: &[ResourceLogs]) {
        Verifier::logs(self, came);
    }

    fn metrics(&mut self, came: &[ResourceMetrics]) {
        Verifier::metrics(self, came);
    }

    fn log_lines(&mut self, form: LineForm, came: Vec<ResourceLogs>) {
        Verifier::log_lines(self, form, came);
    }

    fn scrape(&mut self, came: &Scrape) {
        Verifier::scrape(self, came);
    }

    fn news(&self) -> u64 {
        Verifier::news(self)
    }
}

/// What comes after the end is taken by nobody.
impl Takes for () {
    fn traces(&mut self, _: &[ResourceSpans]) {}

    fn logs(&mut self, _: &[ResourceLogs]) {}

    fn metrics(&mut self, _: &[ResourceMetrics]) {}

    fn log_lines(&mut self, _: LineForm, _: Vec<ResourceLogs>) {}

    fn scrape(&mut self, _: &Scrape) {}

    fn news(&self) -> u64 {
        0
    }
}

/// How many kinds of what can't be read are told apart.
const MOST_REFUSALS: usize = 1_000;

/// What takes telemetry, over what is read.
pub struct Run<'p, T> {
    takes: T,
    refusals: BTreeMap<(Source, Wrong), Refusal>,
    /// What could not be read past those that are told apart.
    beyond: u64,
    received: u64,
    recorder: Option<Recorder<'p>>,
    is_over: Box<dyn Fn() -> bool + 'p>,
}

impl<'p, T> Run<'p, T> {
    /// A run that goes on until it is told to be over.
    #[must_use]
    pub fn new(takes: T, is_over: Box<dyn Fn() -> bool + 'p>) -> Run<'p, T> {
        Run { takes, refusals: BTreeMap::new(), beyond: 0, received: 0, recorder: None, is_over }
    }

    /// The same, which also keeps what is read.
    #[must_use]
    pub fn recorded(self, recorder: Option<Recorder<'p>>) -> Run<'p, T> {
        Run { recorder, ..self }
    }

    /// The same run, to which this takes what comes from now on; and what took it until now.
    #[must_use]
    pub fn with<U>(self, next: U) -> (T, Run<'p, U>) {
        // A new field must be named here, or this doesn't compile.
        let Run { takes, refusals, beyond, received, recorder, is_over } = self;
        (takes, Run { takes: next, refusals, beyond, received, recorder, is_over })
    }

    /// What takes what comes.
    #[must_use]
    pub const fn takes(&self) -> &T {
        &self.takes
    }

    /// What could not be read until now.
    #[must_use]
    pub fn unread(&self) -> Unread {
        Unread { refusals: self.refusals.values().cloned().collect(), beyond: self.beyond }
    }

    /// How many requests, scrapes and groups of lines came.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Ends the run: what took all, and what could not be read.
    ///
    /// # Errors
    /// Where what is read was to be kept, and could not be.
    pub fn end(self) -> io::Result<(T, Unread)> {
        let unread = self.unread();
        self.recorder.map_or(Ok(()), Recorder::end)?;
        Ok((self.takes, unread))
    }

    /// Keeps what came, and counts where it can't be.
    fn record(&mut self, keep: impl FnOnce(&mut Recorder<'_>) -> Result<(), Refusal>) {
        if let Some(Err(refusal)) = self.recorder.as_mut().map(keep) {
            self.refuse(refusal);
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        if let Some(recorder) = &mut self.recorder {
            recorder.refused(&refusal);
        }
        let key = (refusal.source.clone(), refusal.wrong);
        if let Some(known) = self.refusals.get_mut(&key) {
            known.count = known.count.saturating_add(refusal.count);
        } else if self.refusals.len() < MOST_REFUSALS {
            self.refusals.insert(key, refusal);
        } else {
            self.beyond = self.beyond.saturating_add(refusal.count);
        }
    }
}

/// What could not be read.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// Each kind of it.
    pub refusals: Vec<Refusal>,
    /// How often something else could not be read, past what is told apart.
    pub beyond: u64,
}

impl Run<'_, Verifier<'_>> {
    /// Ends the run with what was found.
    ///
    /// # Errors
    /// Where what is read was to be kept, and could not be.
    pub fn finish(self) -> io::Result<Report> {
        let (verifier, unread) = self.end()?;
        Ok(verifier.finish().with_unread(unread))
    }
}

impl<T: Takes> Receive for Run<'_, T> {
    fn traces(&mut self, spans: Vec<ResourceSpans>) {
        self.received += 1;
        self.record(|recorder| recorder.traces(&spans));
        self.takes.traces(&spans);
    }

    fn logs(&mut self, logs: Vec<ResourceLogs>) {
        self.received += 1;
        self.record(|recorder| recorder.logs(&logs));
        self.takes.logs(&logs);
    }

    fn metrics(&mut self, metrics: Vec<ResourceMetrics>) {
        self.received += 1;
        self.record(|recorder| recorder.metrics(&metrics));
        self.takes.metrics(&metrics);
    }

    fn log_lines(&mut self, form: LineForm, logs: Vec<ResourceLogs>) {
        self.received += 1;
        self.record(|recorder| recorder.log_lines(form, &logs));
        self.takes.log_lines(form, logs);
    }

    fn scrape(&mut self, scrape: Scrape) {
        self.received += 1;
        self.record(|recorder| {
            recorder.scrape(&scrape);
            Ok(())
        });
        self.takes.scrape(&scrape);
    }

    fn refused(&mut self, refusal: Refusal) {
        self.refuse(refusal);
    }

    fn goes_on(&self) -> bool {
        !(self.is_over)()
    }
}
