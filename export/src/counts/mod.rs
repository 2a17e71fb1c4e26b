//! The outcome of everything that was recorded.

pub(crate) mod own_metrics;

use std::fmt;

use slo::__export::{Accounting, OmissionReason};

/// The reason why records were dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// The queue was full: more was recorded than the exporter took.
    QueueFull,
    /// The receiver refused them, or could not be reached, for as long as they were tried.
    Refused,
    /// The receiver rejected them, and took the rest of what was sent with them.
    Rejected,
    /// They were recorded after the accounting had closed.
    AfterShutdown,
    /// The shutdown's deadline came before they were sent.
    Deadline,
    /// No server scraped them before the end.
    NotScraped,
}

impl DropReason {
    /// All reasons.
    pub const ALL: [DropReason; 6] = [
        DropReason::QueueFull,
        DropReason::Refused,
        DropReason::Rejected,
        DropReason::AfterShutdown,
        DropReason::Deadline,
        DropReason::NotScraped,
    ];

    /// The reason as metrics show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DropReason::QueueFull => "queue_full",
            DropReason::Refused => "refused",
            DropReason::Rejected => "rejected",
            DropReason::AfterShutdown => "after_shutdown",
            DropReason::Deadline => "deadline",
            DropReason::NotScraped => "not_scraped",
        }
    }
}

/// The counts of everything that was recorded, by signal.
///
/// An event is recorded when `record` returns or its guard has ended. It is a log record and a span, where its event
/// has them, and a measurement for each of its metrics. Log records and spans that are made by hand, beside the
/// contract, go the same way and count as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Log records.
    pub logs: SignalCounts,
    /// Spans.
    pub spans: SignalCounts,
    /// Measurements of events. Metrics are cumulative: a measurement is delivered by each later export of its metric.
    pub metrics: SignalCounts,
}

/// The counts of one signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalCounts {
    /// How many records were recorded.
    pub recorded: u64,
    omitted: [u64; OmissionReason::ALL.len()],
    /// The outcome of the others, for each exporter of the signal.
    pub exporters: Vec<ExporterCounts>,
}

/// The counts of one signal at one exporter: for each, `recorded = omitted + delivered + dropped + unconfirmed +
/// pending`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExporterCounts {
    /// The exporter.
    pub exporter: &'static str,
    /// The receiver has them: it said so, they were written and flushed, or the connection took a scrape's answer to its end.
    pub delivered: u64,
    /// They were sent, and no answer came in time: the receiver may have them or not.
    pub unconfirmed: u64,
    /// They wait, or are being sent. None after a shutdown.
    pub pending: u64,
    dropped: [u64; DropReason::ALL.len()],
    /// The last trouble that the exporter had, in words.
    pub error: Option<String>,
}

impl ExporterCounts {
    pub(crate) fn new(exporter: &'static str) -> ExporterCounts {
        ExporterCounts {
            exporter,
            delivered: 0,
            unconfirmed: 0,
            pending: 0,
            dropped: Default::default(),
            error: None,
        }
    }

    pub(crate) fn drop_records(&mut self, records: u64, why: DropReason) {
        self.dropped[why as usize] += records;
    }

    /// How many were dropped for this reason.
    #[must_use]
    pub const fn dropped(&self, why: DropReason) -> u64 {
        self.dropped[why as usize]
    }

    /// How many were dropped.
    #[must_use]
    pub fn all_dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }
}

impl SignalCounts {
    pub(crate) fn new(
        accounting: &Accounting,
        signal: slo_model::event::Signal,
        exporters: impl Iterator<Item = ExporterCounts>,
    ) -> SignalCounts {
        let exporters = exporters.collect();
        SignalCounts {
            recorded: accounting.recorded(signal),
            omitted: OmissionReason::ALL.map(|why| accounting.omitted(signal, why)),
            exporters,
        }
    }

    /// How many records were omitted for this reason.
    #[must_use]
    pub const fn omitted(&self, why: OmissionReason) -> u64 {
        self.omitted[why as usize]
    }

    /// How many records were omitted.
    #[must_use]
    pub fn all_omitted(&self) -> u64 {
        self.omitted.iter().sum()
    }

    /// The counts of the exporter of this name.
    #[must_use]
    pub fn exporter(&self, exporter: &'static str) -> Option<&ExporterCounts> {
        self.exporters.iter().find(|counts| counts.exporter == exporter)
    }

    /// Whether the counts add up at every exporter: they do whenever nothing is being recorded.
    #[must_use]
    pub fn add_up(&self) -> bool {
        let omitted = self.all_omitted();
        self.exporters.iter().all(|exporter| {
            let known = exporter.delivered + exporter.unconfirmed + exporter.pending + exporter.all_dropped();
            self.recorded == omitted + known
        })
    }

    /// Whether everything is delivered that was not left out.
    fn is_whole(&self) -> bool {
        self.exporters
            .iter()
            .all(|exporter| exporter.all_dropped() + exporter.unconfirmed + exporter.pending == 0)
    }
}

impl Counts {
    /// The three signals with their names.
    pub fn signals(&self) -> [(&'static str, &SignalCounts); 3] {
        [("log", &self.logs), ("span", &self.spans), ("metric", &self.metrics)]
    }

    /// Whether everything that was recorded is delivered, or was left out as it should.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.signals().iter().all(|(_, signal)| signal.is_whole())
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, (name, signal)) in self.signals().into_iter().enumerate() {
            let separator = if line == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{name}: {signal}")?;
        }
        Ok(())
    }
}

impl fmt::Display for SignalCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} recorded", self.recorded)?;
        for why in OmissionReason::ALL.into_iter().filter(|why| self.omitted(*why) > 0) {
            write!(formatter, ", {} left out ({})", self.omitted(why), why.name())?;
        }
        for exporter in &self.exporters {
            write!(formatter, "\n  {exporter}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ExporterCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} delivered", self.exporter, self.delivered)?;
        for why in DropReason::ALL.into_iter().filter(|why| self.dropped(*why) > 0) {
            write!(formatter, ", {} dropped ({})", self.dropped(why), why.name())?;
        }
        if self.unconfirmed > 0 {
            write!(formatter, ", {} unconfirmed", self.unconfirmed)?;
        }
        if self.pending > 0 {
            write!(formatter, ", {} pending", self.pending)?;
        }
        if let Some(error) = &self.error {
            write!(formatter, "; last trouble: {error}")?;
        }
        Ok(())
    }
}
