//! The verifier: takes telemetry, and keeps what is found.

use std::collections::HashMap;

use slo_compiler::plan::Plan;
use slo_model::event::Signal;
use slo_stdlib_mappings::Vocabulary;

use super::across::Across;
use super::attributes::shown;
use super::conventions;
use super::metric::Seen;
use super::whose::{Origin, service};
use crate::coverage::Coverage;
use crate::foreign::Foreign;
use crate::join::Joins;
use crate::saved::MOST_STRANGERS;
use crate::tables::Tables;
use crate::tally::{At, Fault, Faults, Tally, Words};

/// How a run is judged.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The full name of the resource as which telemetry is judged whose resource is none of a contract.
    pub resource: Option<String>,
    /// Whether keys are asked for that an environment or a detector gives.
    pub deployed: bool,
    /// How long the signals of one event are waited for, in nanoseconds.
    pub window: u64,
    /// Whether what is of no contract is held to the semantic conventions.
    pub conventions: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { resource: None, deployed: false, window: 10_000_000_000, conventions: false }
    }
}

/// Takes telemetry, and keeps what is found.
pub struct Verifier<'p> {
    /// Those that hold, and after them earlier versions of them.
    pub(crate) contracts: Vec<Tables<'p>>,
    /// How many of them hold.
    pub(crate) current: usize,
    pub(crate) settings: Settings,
    pub(crate) tally: Tally,
    pub(crate) coverage: Coverage,
    pub(crate) foreign: Foreign,
    pub(crate) joins: Joins,
    pub(crate) across: Across,
    /// Resources that were judged, by what they hold.
    pub(super) origins: HashMap<String, Origin>,
    /// What is remembered of metrics, by the resource, the contract, the scope and the name.
    pub(super) metrics: HashMap<(String, usize, String, String), Seen>,
    /// How often points of contracts said something new.
    pub(crate) news: u64,
}

/// Takes the faults of a record into the tally.
pub(super) struct Recorded<'r> {
    pub(super) tally: &'r mut Tally,
    pub(super) at: At<'r>,
}

impl Faults for Recorded<'_> {
    fn take(&mut self, fault: Fault<'_>, say: &dyn Fn() -> Words) {
        self.tally.take(fault, self.at, say);
    }
}

impl<'p> Verifier<'p> {
    /// A verifier that has seen nothing. The contracts are known by their numbers in this list.
    #[must_use]
    pub fn new(plans: &'p [Plan<'p>], settings: Settings) -> Verifier<'p> {
        let contracts: Vec<Tables<'p>> = plans.iter().map(Tables::of).collect();
        let coverage = Coverage::of(&contracts);
        let joins = Joins::new(settings.window);
        Verifier {
            current: contracts.len(),
            contracts,
            settings,
            tally: Tally::default(),
            coverage,
            foreign: Foreign::default(),
            joins,
            across: Across::default(),
            origins: HashMap::new(),
            metrics: HashMap::new(),
            news: 0,
        }
    }

    /// Also judges by earlier versions of the contracts: what a scope sends that names the version of one. They are known by the numbers after
    /// those of the contracts that hold.
    #[must_use]
    pub fn with_previous(mut self, plans: &'p [Plan<'p>]) -> Verifier<'p> {
        self.contracts.extend(plans.iter().map(Tables::of));
        self.coverage = Coverage::of(&self.contracts);
        self
    }

    /// The contracts that hold, by their numbers.
    pub(super) fn current(&self) -> impl Iterator<Item = (usize, &Tables<'p>)> + Clone {
        self.contracts.iter().take(self.current).enumerate()
    }

    /// A contract that holds, and its earlier versions.
    pub(super) fn versions(&self, contract: usize) -> impl Iterator<Item = (usize, &Tables<'p>)> {
        let name = self.contracts.get(contract).map(|tables| tables.name);
        let earlier = self.contracts.iter().enumerate().skip(self.current);
        let of_name = earlier.filter(move |(_, tables)| Some(tables.name) == name);
        self.contracts.get(contract).map(|tables| (contract, tables)).into_iter().chain(of_name)
    }

    /// How often something new was said of a contract: spans, log records, and metrics whose points have other values than before.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.foreign.own(Signal::Span) + self.foreign.own(Signal::Log) + self.news
    }

    /// The first services that telemetry came from and no contract has, by their names.
    pub(crate) fn strangers(&self) -> Vec<String> {
        let all = self.origins.values().filter(|origin| origin.of.is_none());
        let mut names: Vec<String> = all.map(|origin| origin.shown.to_string()).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(MOST_STRANGERS);
        names
    }

    /// What the contracts' resources are called.
    pub(crate) fn resources(&self) -> Vec<String> {
        self.current()
            .flat_map(|(_, tables)| &tables.resources)
            .filter_map(|held| service(held.table))
            .collect()
    }

    /// Holds a record that is of no contract to the conventions of its schema URL, where that is asked for.
    pub(super) fn hold_to_conventions(
        &mut self,
        origin: &Origin,
        scope: &str,
        (of_scope, of_resource): (&str, &str),
        judge: &dyn Fn(&Vocabulary, &mut dyn Faults),
    ) {
        if !self.settings.conventions {
            return;
        }
        let Some(known) = conventions::of(of_scope, of_resource) else { return };
        let path = || format!("scope `{}` of {}", shown(scope), origin.shown);
        let at = At { time: 0, version: &origin.version, path: &path };
        judge(known, &mut Recorded { tally: &mut self.tally, at });
    }
}

/// The path of a record, as findings show it.
pub(super) fn path_of(
    origin: &str,
    scope: &str,
    kind: &str,
    name: &str,
    trace: &[u8],
    span: &[u8],
) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let ids = match (trace.is_empty(), span.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!(", trace {}", hex(trace)),
        (false, false) => format!(", trace {}, span {}", hex(trace), hex(span)),
    };
    format!("{kind} `{}` of scope `{}` of {origin}{ids}", shown(name), shown(scope))
}
