//! How much of the contracts has to be seen.

use slo_compiler::Place;
use slo_compiler::diagnostic::{Code, Diagnostic};

use crate::report::Report;

/// How many names a finding lists.
const MOST_NAMED: usize = 12;

/// What coverage is counted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Events of which any record was seen.
    Events,
    /// Metrics, logs, spans and span events, but for those that are written only where configuration asks for them.
    Records,
    /// Variants of meanings, on any signal.
    Variants,
}

impl Part {
    /// All parts.
    pub const ALL: [Part; 3] = [Part::Events, Part::Records, Part::Variants];

    /// The part's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Part::Events => "events",
            Part::Records => "records",
            Part::Variants => "variants",
        }
    }
}

/// How much of a part was seen, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// How many were seen.
    pub seen: usize,
    /// The names of the others.
    pub unseen: Vec<String>,
}

impl Covered {
    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.seen + self.unseen.len()
    }

    /// The first of what was not seen, and how many more there are.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut shown: Vec<String> =
            self.unseen.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
        if self.unseen.len() > MOST_NAMED {
            shown.push(format!("and {} more", self.unseen.len() - MOST_NAMED));
        }
        shown.join(", ")
    }
}

impl Report {
    /// How much of a part of the contracts was seen.
    #[must_use]
    pub fn covered(&self, part: Part) -> Covered {
        let events = || self.coverage.iter().take(self.current).flatten();
        let all: Vec<(bool, String)> = match part {
            Part::Events => events().map(|event| (event.is_seen(), event.name.clone())).collect(),
            Part::Records => events()
                .flat_map(|event| event.records.iter().map(move |record| (event, record)))
                .filter(|(_, record)| !record.opt_in)
                .map(|(event, record)| (record.count > 0, format!("{} of {}", record.name, event.name)))
                .collect(),
            Part::Variants => events()
                .flat_map(|event| event.variants.iter().map(move |variant| (event, variant)))
                .map(|(event, variant)| {
                    (variant.is_seen(), format!("{}.{} of {}", variant.meaning, variant.name, event.name))
                })
                .collect(),
        };
        let seen = all.iter().filter(|(seen, _)| *seen).count();
        Covered { seen, unseen: all.into_iter().filter(|(seen, _)| !seen).map(|(_, name)| name).collect() }
    }

    /// Whether telemetry came, and none of it is of a contract.
    #[must_use]
    pub fn is_of_others(&self) -> bool {
        let shares = || self.scopes.values().chain([&self.other_scopes]);
        shares().all(|share| share.own == [0; 3])
            && shares().any(|share| share.others != [0; 3])
            // What is found of a contract's record is of the contract.
            && self.causes.iter().all(|cause| cause.node.is_none())
    }

    /// Whether nothing came at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let mut shares = self.scopes.values().chain([&self.other_scopes]);
        shares.all(|share| share.own == [0; 3] && share.others == [0; 3]) && self.causes.is_empty()
    }

    /// Findings at `place` for parts of which less was seen than so many of 100, and where nothing was of a contract at all: a run that has
    /// shown nothing is none that passed.
    #[must_use]
    pub fn uncovered(&self, wanted: &[(Part, u8)], place: Place) -> Vec<Diagnostic> {
        if self.is_empty() {
            let message = "no telemetry came".to_owned();
            let mut finding = Diagnostic::new(Code::TelemetryUncovered, place, message);
            finding.names = vec!["all".to_owned()];
            let help = "see that what is to be verified is sent to the verifier, or stands in the files that are named";
            return vec![finding.help(help)];
        }
        if self.is_of_others() {
            let message = "telemetry came, and none of it is of the contract".to_owned();
            let mut finding = Diagnostic::new(Code::TelemetryUncovered, place, message);
            finding.names = vec!["all".to_owned()];
            if !self.strangers.is_empty() {
                finding.notes.push(format!("it came from {}", self.strangers.join(", ")));
            }
            if !self.resources.is_empty() {
                finding.notes.push(format!("the contract's resources are {}", self.resources.join(", ")));
            }
            let help = "set `service.name` (`OTEL_SERVICE_NAME`), or say `--as RESOURCE` where a test can't";
            return vec![finding.help(help)];
        }
        let finding = |(part, percent): &(Part, u8)| {
            let covered = self.covered(*part);
            if covered.seen * 100 >= covered.all() * usize::from(*percent) {
                return None;
            }
            let message = format!(
                "{} of {} {} were seen, and {percent} of 100 are asked for",
                covered.seen,
                covered.all(),
                part.name()
            );
            let mut finding = Diagnostic::new(Code::TelemetryUncovered, place, message);
            finding.names = vec![part.name().to_owned()];
            finding.notes = vec![format!("not seen: {}", covered.shown())];
            Some(finding.help("have the test do what these are of, or ask for less"))
        };
        wanted.iter().filter_map(finding).collect()
    }
}
