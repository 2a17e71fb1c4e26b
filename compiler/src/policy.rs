//! What policies ask for: house rules, and findings that are accepted.

use slo_grammar::Place;

use crate::accept::Acceptance;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::{Signal, Status, Template};

/// The rules of all policies of a contract.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    /// What is asked for.
    pub(crate) rules: Vec<Rule>,
    /// What is accepted.
    pub(crate) acceptances: Vec<Acceptance>,
}

/// A rule that is to be an error from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The rule's name.
    pub rule: String,
    /// Where it stands.
    pub place: Place,
    /// The day, such as `2027-06-30`.
    pub day: String,
}

impl Policies {
    /// The rules that are to be errors from a day on.
    pub(crate) fn announced(&self) -> Vec<Announced> {
        let announced = self.rules.iter().filter_map(|rule| {
            Some(Announced { rule: rule.name.clone(), place: rule.place, day: rule.until.clone()? })
        });
        announced.collect()
    }

    /// What is asked of a new `until=`.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let notices = self.rules.iter().filter_map(|rule| match rule.asks {
            Asks::Notice(days) => Some(Notice { days, severity: rule.severity, place: rule.place }),
            _ => None,
        });
        notices.collect()
    }
}

/// How far away the day of a new `until=` has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// So many days.
    pub days: u64,
    /// The weight of a finding.
    pub severity: Severity,
    /// Where the number stands.
    pub place: Place,
}

/// Those that were to be errors by now.
pub(crate) fn past(announced: &[Announced], today: &str) -> Vec<Diagnostic> {
    let past = announced.iter().filter(|announced| announced.day.as_str() <= today);
    let reports = past.map(|Announced { rule, place, .. }| {
        Diagnostic::new(Code::DayPast, *place, format!("`{rule}` was to be an error by now"))
            .about(rule)
            .help("write `error` and take `until` out, or announce another day: no run fails for this")
    });
    reports.collect()
}

/// What a policy asks for.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Its name, such as `metric.points`.
    pub(crate) name: String,
    /// The option that says what is asked for, such as `max`; empty where the rule has none.
    pub(crate) option: &'static str,
    pub(crate) severity: Severity,
    /// The day from which on it is to be an error.
    pub(crate) until: Option<String>,
    /// Whether whoever takes the vocabulary in may have another rule in its place.
    pub(crate) is_overridable: bool,
    /// Whether it is a vocabulary's that the contract stands on.
    pub(crate) is_of_house: bool,
    /// Which metrics it speaks of, by their names; all where it says nothing.
    pub(crate) of: Option<Template>,
    /// Where its bound, list or template stands.
    pub(crate) place: Place,
    pub(crate) asks: Asks,
}

/// What a rule asks for.
#[derive(Clone, Debug)]
pub(crate) enum Asks {
    /// `resource.keys: SEVERITY, require=[KEY, …]`
    Keys(Vec<slo_grammar::Name>),
    /// `keys.prefix: SEVERITY, deny=[PREFIX, …]`
    NoPrefix(Vec<slo_grammar::Name>),
    /// `metric.points: SEVERITY, max=N`
    Points(u64),
    /// `metric.series: SEVERITY, max=N`
    Series(u64),
    /// `change.notice: SEVERITY, days=N`, of which `slo diff` asks.
    Notice(u64),
    /// `metric.labels: SEVERITY, deny=[KEY, …]`
    NoLabel(Vec<slo_grammar::Name>),
    /// `metric.labels: SEVERITY, require=[KEY, …]`
    Labels(Vec<slo_grammar::Name>),
    /// `metric.unit: SEVERITY, deny=[UNIT, …]`
    NoUnit(Vec<slo_grammar::Name>),
    /// `metric.declared: SEVERITY`
    DeclaredMetrics,
    /// `keys.declared: SEVERITY`
    DeclaredKeys,
    /// `meaning.levels: SEVERITY, error=[SEVERITY, …], unset=[…], ok=[…]`: the severities beside a status.
    Levels(Vec<(Status, Vec<crate::ir::Severity>)>),
    /// `event.signals: SEVERITY, require=[metric, log, span]`
    Signals(Vec<Signal>),
    /// `metric.name: SEVERITY, matches="…"` and its like.
    Name(Named, Template),
}

/// What has a name that a policy may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Key,
    Metric,
    Log,
    Event,
    Meaning,
}
