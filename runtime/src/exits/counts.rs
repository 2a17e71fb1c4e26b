//! What became of everything that was acknowledged.

use std::fmt;

use super::ExitKind;
use crate::emit::{Intake, Omission};

/// Why records were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Loss {
    /// The queue was full: more was stated than the exit took.
    QueueFull,
    /// The receiver refused them, or could not be reached, for as long as they were tried.
    Refused,
    /// The receiver rejected them, and took the rest of what was sent with them.
    Rejected,
    /// They were stated after the intake had closed.
    AfterShutdown,
    /// The shutdown's deadline came before they were sent.
    Deadline,
    /// No server scraped them before the end.
    NotScraped,
}

impl Loss {
    /// All reasons.
    pub const ALL: [Loss; 6] = [
        Loss::QueueFull,
        Loss::Refused,
        Loss::Rejected,
        Loss::AfterShutdown,
        Loss::Deadline,
        Loss::NotScraped,
    ];

    /// The reason as metrics show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Loss::QueueFull => "queue_full",
            Loss::Refused => "refused",
            Loss::Rejected => "rejected",
            Loss::AfterShutdown => "after_shutdown",
            Loss::Deadline => "deadline",
            Loss::NotScraped => "not_scraped",
        }
    }
}

/// What became of everything that was acknowledged, by signal.
///
/// A fact is acknowledged when `record` returns or its guard has ended. It is a log record and a span, where its event
/// has them, and a measurement for each of its metrics. Log records and spans that are made by hand, beside the
/// contract, go the same way and count as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Log records.
    pub logs: SignalCounts,
    /// Spans.
    pub spans: SignalCounts,
    /// Measurements of facts. Metrics are cumulative: a measurement is confirmed by each later export of its metric.
    pub metrics: SignalCounts,
}

/// What became of what was acknowledged on one signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalCounts {
    /// How many records were acknowledged.
    pub acknowledged: u64,
    left_out: [u64; Omission::ALL.len()],
    /// What became of the others, for each exit of the signal.
    pub exits: Vec<ExitCounts>,
}

/// What became of the records of one signal on one exit: for each,
/// `acknowledged = left out + confirmed + lost + unconfirmed + pending`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitCounts {
    /// The exit.
    pub exit: ExitKind,
    /// The receiver has them: it said so, they were written and flushed, or the connection took a scrape's answer to its end.
    pub confirmed: u64,
    /// They were sent, and no answer came in time: the receiver may have them or not.
    pub unconfirmed: u64,
    /// They wait, or are being sent. None after a shutdown.
    pub pending: u64,
    lost: [u64; Loss::ALL.len()],
    /// The last trouble that the exit had, in words.
    pub error: Option<String>,
}

impl ExitCounts {
    pub(crate) fn new(exit: ExitKind) -> ExitCounts {
        ExitCounts { exit, confirmed: 0, unconfirmed: 0, pending: 0, lost: Default::default(), error: None }
    }

    pub(crate) fn lose(&mut self, records: u64, why: Loss) {
        self.lost[why as usize] += records;
    }

    /// How many were lost for this reason.
    #[must_use]
    pub const fn lost(&self, why: Loss) -> u64 {
        self.lost[why as usize]
    }

    /// How many were lost.
    #[must_use]
    pub fn all_lost(&self) -> u64 {
        self.lost.iter().sum()
    }
}

impl SignalCounts {
    pub(crate) fn new(
        intake: &Intake,
        signal: slo_model::event::Signal,
        exits: impl Iterator<Item = ExitCounts>,
    ) -> SignalCounts {
        let exits = exits.collect();
        SignalCounts {
            acknowledged: intake.acknowledged(signal),
            left_out: Omission::ALL.map(|why| intake.left_out(signal, why)),
            exits,
        }
    }

    /// How many records facts do not have here for this reason, as they should.
    #[must_use]
    pub const fn left_out(&self, why: Omission) -> u64 {
        self.left_out[why as usize]
    }

    /// How many records facts do not have here, as they should.
    #[must_use]
    pub fn all_left_out(&self) -> u64 {
        self.left_out.iter().sum()
    }

    /// What became of them on an exit.
    #[must_use]
    pub fn exit(&self, exit: ExitKind) -> Option<&ExitCounts> {
        self.exits.iter().find(|counts| counts.exit == exit)
    }

    /// Whether the counts add up on every exit: they do whenever nothing is being stated.
    #[must_use]
    pub fn add_up(&self) -> bool {
        let left_out = self.all_left_out();
        self.exits.iter().all(|exit| {
            let known = exit.confirmed + exit.unconfirmed + exit.pending + exit.all_lost();
            self.acknowledged == left_out + known
        })
    }

    /// Whether everything is confirmed that was not left out.
    fn is_whole(&self) -> bool {
        self.exits.iter().all(|exit| exit.all_lost() + exit.unconfirmed + exit.pending == 0)
    }
}

impl Counts {
    /// The three signals with their names.
    pub fn signals(&self) -> [(&'static str, &SignalCounts); 3] {
        [("log", &self.logs), ("span", &self.spans), ("metric", &self.metrics)]
    }

    /// Whether everything that was acknowledged is confirmed, or was left out as it should.
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
        write!(formatter, "{} acknowledged", self.acknowledged)?;
        for why in Omission::ALL.into_iter().filter(|why| self.left_out(*why) > 0) {
            write!(formatter, ", {} left out ({})", self.left_out(why), why.name())?;
        }
        for exit in &self.exits {
            write!(formatter, "\n  {exit}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ExitCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} confirmed", self.exit, self.confirmed)?;
        for why in Loss::ALL.into_iter().filter(|why| self.lost(*why) > 0) {
            write!(formatter, ", {} lost ({})", self.lost(why), why.name())?;
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
