//! What a change is: of what, for whom, and what becomes of it.

use slo_grammar::Place;

/// For whom something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Programs that record events and give resources and scopes their values, through generated Rust or the derive.
    Emitters,
    /// Whoever reads points by the metric's name and its labels.
    Metrics,
    /// Whoever reads log records by their names and keys.
    Logs,
    /// Whoever reads spans, and events on spans, by their names and keys.
    Traces,
    /// Rules and panels over series of Prometheus, as wholes.
    Rules,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Audience; 5] =
        [Audience::Emitters, Audience::Metrics, Audience::Logs, Audience::Traces, Audience::Rules];

    /// Those who read signals by names and keys.
    pub const READERS: [Audience; 3] = [Audience::Metrics, Audience::Logs, Audience::Traces];

    /// As a sentence has it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Audience::Emitters => "emitters",
            Audience::Metrics => "readers of metrics",
            Audience::Logs => "readers of logs",
            Audience::Traces => "readers of traces",
            Audience::Rules => "rules",
        }
    }
}

/// What becomes of those for whom something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing.
    Same,
    /// There is more than before, and all that was there.
    More,
    /// What goes was to go by a day that is past.
    Notice,
    /// Something that held does not hold any more.
    Broken,
}

impl Verdict {
    /// In one word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::More => "more",
            Verdict::Notice => "notice",
            Verdict::Broken => "broken",
        }
    }
}

/// In what way something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is gone.
    Gone,
    /// It is new.
    New,
    /// It has another type or unit, another kind, other buckets.
    Type,
    /// Values of it are gone.
    ValueGone,
    /// It has values that it had not.
    ValueNew,
    /// It may be absent, and was always there.
    MayLack,
    /// It is always there, and might be absent.
    AlwaysThere,
    /// What stood together does not any more.
    Together,
    /// There may be more points or series.
    Budget,
    /// Its `until=` is too near.
    Notice,
}

/// A change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// In what way.
    pub kind: Kind,
    /// Of what: as a sentence names it, such as ``the label `a` of the metric `b` ``.
    pub thing: String,
    /// The names by which it is told from others, the outermost first.
    pub names: Vec<String>,
    /// What becomes of whom, each once.
    pub verdicts: Vec<(Audience, Verdict)>,
    /// What changes, in one line.
    pub message: String,
    /// Where it stands, or what it stood in, in the old contract.
    pub old: Option<Place>,
    /// Where it stands, or what it would stand in, in the new one.
    pub new: Option<Place>,
}

impl Change {
    /// The worst of its verdicts.
    #[must_use]
    pub fn worst(&self) -> Verdict {
        self.verdicts.iter().map(|(_, verdict)| *verdict).max().unwrap_or(Verdict::Same)
    }

    /// What becomes of these.
    #[must_use]
    pub fn verdict(&self, audience: Audience) -> Verdict {
        let own = self.verdicts.iter().find(|(own, _)| *own == audience);
        own.map_or(Verdict::Same, |(_, verdict)| *verdict)
    }
}
