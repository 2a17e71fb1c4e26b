//! The verifier: takes telemetry, and keeps what is found.

use std::collections::HashMap;

use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs};
use opentelemetry_proto::tonic::metrics::v1::{Metric as CameMetric, ResourceMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span as CameSpan};
use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::fleet::nearest;
use slo_compiler::plan::Plan;
use slo_model::event::{Event, FieldKind, Passes, Signal, Test, TextPart};
use slo_model::{Source, Value};
use slo_stdlib_mappings::Vocabulary;

use super::across::{Across, Record, TooFew};
use super::attributes::{self, Attributes, shown};
use super::metric::{self, Habits, Seen};
use super::origin;
use super::recognise::best;
use super::subject::Subject;
use super::texts::Said;
use super::values::{Meant, Values};
use super::{conventions, habits, log, onto, span};
use crate::coverage::{Coverage, Place};
use crate::foreign::Foreign;
use crate::join::{Joins, Of};
use crate::tables::Tables;
use crate::tables::shape::Shape;
use crate::tally::{At, Errors, Fault, Faults, Tally, Words};

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
    pub(crate) contracts: Vec<Tables<'p>>,
    pub(crate) settings: Settings,
    pub(crate) tally: Tally,
    pub(crate) coverage: Coverage,
    pub(crate) foreign: Foreign,
    pub(crate) joins: Joins,
    pub(crate) across: Across,
    /// Resources that were judged, by what they hold.
    origins: HashMap<String, Origin>,
    /// What is remembered of metrics, by the resource and the metric.
    metrics: HashMap<(String, usize, String), Seen>,
    /// How often points of contracts said something new.
    pub(crate) news: u64,
}

/// How many resources are remembered; past these each is judged anew.
const MOST_ORIGINS: usize = 10_000;

/// How many metrics of processes are remembered.
const MOST_METRICS: usize = 100_000;

/// Where telemetry comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// What it holds, as text: the same resource has the same.
    text: String,
    /// Its number among those whose signals are compared; none where it isn't.
    number: Option<u32>,
    /// The contract and its resource; none where it is of none.
    pub(super) of: Option<(usize, usize)>,
    version: String,
    shown: String,
    habits: Habits,
}

impl Origin {
    /// Where text comes from that says less of its resource than OTLP does.
    pub(super) fn of_text(came: &Resource, form: &str, of: Option<(usize, usize)>) -> Origin {
        let mut origin = Origin::of(came, format!("{form}\n{}", resource_text(came)), of);
        origin.habits.has_times = false;
        origin
    }

    /// The same, with what else its records' paths say.
    pub(super) fn with_note(mut self, note: &str) -> Origin {
        self.shown = format!("{}, {note}", self.shown);
        self
    }

    fn of(came: &Resource, text: String, of: Option<(usize, usize)>) -> Origin {
        let value = |key| origin::text(&came.attributes, key);
        Origin {
            text,
            number: None,
            of,
            version: value("service.version").unwrap_or_default().to_owned(),
            shown: format!("service `{}`", shown(value("service.name").unwrap_or("without a name"))),
            habits: Habits {
                counts_in_doubles: habits::counts_in_doubles(value("telemetry.sdk.language")),
                has_times: true,
            },
        }
    }
}

/// A resource as text: the same has the same.
fn resource_text(came: &Resource) -> String {
    let pair = |pair: &KeyValue| format!("{}={}", pair.key, crate::value::Came::of(pair.value.as_ref()));
    let mut pairs: Vec<String> = came.attributes.iter().map(pair).collect();
    pairs.sort_unstable();
    pairs.join("\n")
}

/// Takes the faults of a record into the tally.
struct Recorded<'r> {
    tally: &'r mut Tally,
    at: At<'r>,
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

    /// Where telemetry of a resource comes from; the resource itself is judged when it comes first.
    fn origin(&mut self, came: Option<&Resource>) -> Origin {
        let empty = Resource::default();
        let came = came.unwrap_or(&empty);
        let text = resource_text(came);
        if let Some(origin) = self.origins.get(&text) {
            return origin.clone();
        }
        let (of, is_named) = self.contract_of(came);
        let mut origin = Origin::of(came, text.clone(), of);
        if let Some(of) = of {
            origin.number = self.across.signals.add(of, &came.attributes, &text, MOST_ORIGINS);
        }
        if let Some((contract, resource)) = of
            && let Some(tables) = self.contracts.get(contract)
        {
            let path = || format!("the resource of {}", origin.shown);
            let at = At { time: 0, version: &origin.version, path: &path };
            let mut faults = Recorded { tally: &mut self.tally, at };
            origin::judge(tables, contract, resource, came, self.settings.deployed, is_named, &mut faults);
        }
        if self.origins.len() < MOST_ORIGINS {
            self.origins.insert(text, origin.clone());
        }
        origin
    }

    /// How often something new was said of a contract: spans, log records, and metrics whose points have other values than before.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.foreign.own(Signal::Span) + self.foreign.own(Signal::Log) + self.news
    }

    /// The first services that telemetry came from and no contract has, by their names.
    pub(crate) fn strangers(&self) -> Vec<String> {
        const MOST: usize = 5;
        let all = self.origins.values().filter(|origin| origin.of.is_none());
        let mut names: Vec<String> = all.map(|origin| origin.shown.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(MOST);
        names
    }

    /// What the contracts' resources are called.
    pub(crate) fn resources(&self) -> Vec<String> {
        self.contracts
            .iter()
            .flat_map(|tables| &tables.resources)
            .filter_map(|held| service(held.table))
            .collect()
    }

    /// The contract of a resource, and whether the settings name it rather than its own attributes.
    pub(super) fn contract_of(&self, came: &Resource) -> (Option<(usize, usize)>, bool) {
        let all = self.contracts.iter().enumerate().flat_map(|(contract, tables)| {
            tables.resources.iter().enumerate().map(move |(number, held)| ((contract, number), held))
        });
        let fitting = all
            .clone()
            .filter_map(|(place, held)| Some((origin::fits(held.table, &came.attributes)?, place)));
        // The first of those that have most in common.
        if let Some((_, place)) =
            fitting.min_by_key(|(constants, place)| (std::cmp::Reverse(*constants), *place))
        {
            return (Some(place), false);
        }
        if let Some(name) = &self.settings.resource {
            let mut all = all;
            let named = all
                .find(|(_, held)| held.table.name == *name || held.table.name.ends_with(&format!(".{name}")));
            return (named.map(|(place, _)| place), true);
        }
        // A contract that says nothing of resources answers for its scopes wherever they come from.
        if let [only] = self.contracts.as_slice()
            && only.resources.is_empty()
        {
            return (Some((0, usize::MAX)), false);
        }
        (None, false)
    }

    /// The contract for the telemetry of a scope, and its scopes of this name.
    fn scopes(
        &mut self,
        origin: &Origin,
        scope: Option<&InstrumentationScope>,
    ) -> Option<(usize, Vec<usize>)> {
        let name = scope.map_or("", |scope| scope.name.as_str());
        if let Some((contract, _)) = origin.of {
            let scopes = self.contracts.get(contract)?.scopes_named(name).to_vec();
            if !scopes.is_empty() {
                self.scope(contract, &scopes, origin, scope);
            }
            return Some((contract, scopes));
        }
        // What comes from a scope that only one contract has is that contract's, whatever the resource says.
        let mut owners =
            self.contracts.iter().enumerate().filter(|(_, tables)| {
                tables.scopes_named(name).iter().any(|scope| tables.is_own_scope(*scope))
            });
        let (contract, tables) = owners.next()?;
        let scopes = tables.scopes_named(name).to_vec();
        let known = scopes.first().and_then(|scope| tables.scopes.get(*scope))?;
        let (node, scope_name) = (known.held.node, known.held.table.name);
        let wanted: Vec<String> = tables.resources.iter().filter_map(|held| service(held.table)).collect();
        let path = || format!("scope `{}` of {}", shown(name), origin.shown);
        let at = At { time: 0, version: &origin.version, path: &path };
        let fault = Fault {
            code: Code::TelemetryResource,
            severity: Severity::Error,
            contract,
            names: &[scope_name],
            node: Some(node),
        };
        self.tally.take(fault, at, &|| {
            let words = Words::new(format!(
                "the scope `{}` of the contract sends from {}, and the contract has no such resource",
                shown(name),
                origin.shown
            ));
            let words = match wanted.is_empty() {
                true => words,
                false => words.note(format!("the contract's resources are {}", wanted.join(", "))),
            };
            words.help("set `service.name` (`OTEL_SERVICE_NAME`), or say `--as RESOURCE` where a test can't")
        });
        Some((contract, scopes))
    }

    /// Judges the attributes of a scope.
    fn scope(
        &mut self,
        contract: usize,
        scopes: &[usize],
        origin: &Origin,
        came: Option<&InstrumentationScope>,
    ) {
        let (Some(tables), Some(came)) = (self.contracts.get(contract), came) else { return };
        let candidates: Vec<usize> = scopes.to_vec();
        let judge = |number: usize, faults: &mut dyn Faults| {
            let Some(scope) = tables.scopes.get(number) else { return };
            // Nobody sets attributes of a library's scope for us.
            if scope.held.table.keys.iter().all(|key| key.name.starts_with("otel.scope."))
                && came.attributes.is_empty()
            {
                version(scope.held.table, came, &subject_of(contract, scope), faults);
                return;
            }
            let shape = Shape::of_container(scope.held.table, false);
            let subject = subject_of(contract, scope);
            let mut sorted = Attributes::sort(&shape, &came.attributes, &subject, faults);
            for key in ["otel.scope.name", "otel.scope.version", "otel.scope.schema_url"] {
                sorted.forgive(&shape, key);
            }
            attributes::judge(&shape, &mut sorted, &subject, faults);
            version(scope.held.table, came, &subject, faults);
        };
        let Some(number) = best(&candidates, |number, errors: &mut Errors| judge(number, errors)) else {
            return;
        };
        let path = || format!("scope `{}` of {}", shown(&came.name), origin.shown);
        let at = At { time: 0, version: &origin.version, path: &path };
        judge(number, &mut Recorded { tally: &mut self.tally, at });
    }

    /// Holds a record that is of no contract to the conventions of its schema URL, where that is asked for.
    fn hold_to_conventions(
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

    /// Takes spans.
    pub fn traces(&mut self, came: &[ResourceSpans]) {
        for resource in came {
            let origin = self.origin(resource.resource.as_ref());
            for group in &resource.scope_spans {
                let of = self.scopes(&origin, group.scope.as_ref());
                let name = group.scope.as_ref().map_or("", |scope| scope.name.as_str());
                for span in &group.spans {
                    let is_known = of
                        .as_ref()
                        .is_some_and(|(contract, scopes)| self.span(&origin, *contract, scopes, name, span));
                    self.foreign.take(name, Signal::Span, is_known);
                    if !is_known {
                        let urls = (group.schema_url.as_str(), resource.schema_url.as_str());
                        self.hold_to_conventions(&origin, name, urls, &|known, faults| {
                            let on_span = span.events.iter().map(|event| &event.attributes);
                            for list in std::iter::once(&span.attributes).chain(on_span) {
                                conventions::attributes(known, name, list, faults);
                            }
                        });
                    }
                }
            }
        }
    }

    /// Judges a span; whether it is one of an event.
    fn span(
        &mut self,
        origin: &Origin,
        contract: usize,
        scopes: &[usize],
        scope_name: &str,
        came: &CameSpan,
    ) -> bool {
        self.across.signals.take(origin.number, Signal::Span);
        let Some(tables) = self.contracts.get(contract) else { return false };
        let path = || path_of(&origin.shown, scope_name, "span", &came.name, &came.trace_id, &came.span_id);
        let at = At { time: came.end_time_unix_nano, version: &origin.version, path: &path };
        let mut candidates: Vec<usize> = Vec::new();
        for scope in scopes.iter().filter_map(|number| tables.scopes.get(*number)) {
            let (named, patterns) = scope.spans(&came.name);
            candidates.extend_from_slice(named);
            let likely = |event: usize, parts: &[TextPart<'_>]| {
                tables.events.get(event).is_some_and(|event| span::is_likely(event, parts, came))
            };
            candidates.extend(
                patterns.iter().filter(|(parts, event)| likely(*event, parts)).map(|(_, event)| *event),
            );
        }
        if candidates.is_empty() {
            candidates = by_keys(tables, contract, scopes, came);
            if candidates.is_empty() && !scopes.is_empty() {
                near_span(tables, contract, scopes, came, &mut Recorded { tally: &mut self.tally, at });
            }
        }
        let chosen = best(&candidates, |event, errors: &mut Errors| {
            if let Some(event) = tables.events.get(event) {
                span::judge(tables, contract, event, came, errors);
            }
        });
        let mut faults = Recorded { tally: &mut self.tally, at };
        let own = chosen.and_then(|number| tables.events.get(number)).and_then(|event| event.span.as_ref());
        let own = own.map(|(_, _, shape)| shape);
        onto::judge(tables, contract, own, came, &mut faults, |event, values| {
            self.coverage.take(contract, event, Place::Span, values);
        });
        let values = chosen.and_then(|number| tables.events.get(number)).map(|event| {
            let values = span::judge(tables, contract, event, came, &mut faults);
            (event, values)
        });
        for one in &came.events {
            let named = tables.span_events.get(one.name.as_str()).map_or(&[][..], Vec::as_slice);
            // An event with a span of its own writes onto that; the others onto whichever is running.
            let has_own = |event: usize| {
                let span = tables.events.get(event).and_then(|event| event.span.as_ref());
                span.is_some_and(|(span, ..)| span.name.is_some())
            };
            let mut of_this: Vec<(usize, usize)> =
                named.iter().copied().filter(|(event, _)| chosen == Some(*event)).collect();
            if of_this.is_empty() {
                of_this = named.iter().copied().filter(|(event, _)| !has_own(*event)).collect();
            }
            let judge =
                |(event, number): (usize, usize), faults: &mut dyn Faults| match tables.events.get(event) {
                    Some(table) => {
                        let on_span =
                            values.as_ref().filter(|_| chosen == Some(event)).map(|(_, values)| values);
                        span::span_event(contract, table, number, one, on_span, faults)
                    }
                    None => Values::default(),
                };
            let Some((event, number)) = best(&of_this, |place, errors: &mut Errors| {
                judge(place, errors);
            }) else {
                continue;
            };
            let values = judge((event, number), &mut faults);
            let before = self.coverage.take(contract, event, Place::SpanEvent(number), &values);
            let record = Record {
                of: (contract, event),
                kind: "span event",
                before,
                time: one.time_unix_nano,
                version: &origin.version,
            };
            for pair in &one.attributes {
                self.across.secrets.take(record, &pair.key, pair.value.as_ref());
            }
        }
        if let Some(number) = chosen
            && let Some((event, values)) = values
        {
            let before = self.coverage.take(contract, number, Place::Span, &values);
            let record = Record {
                of: (contract, number),
                kind: "span",
                before,
                time: at.time,
                version: &origin.version,
            };
            for pair in &came.attributes {
                self.across.secrets.take(record, &pair.key, pair.value.as_ref());
            }
            self.across.units.take((contract, number), event, came, &values);
            if event.counter.is_some()
                && let Some(process) = origin.number.filter(|one| self.across.signals.is_of_one_process(*one))
                && !self.joins.has(came)
            {
                let process = (process, contract, number);
                self.across.counts.span(process, event, &values, came.end_time_unix_nano);
            }
            let of = Of { event: (contract, number), origin: origin.number };
            self.joins.span(of, event, came, values, &mut faults);
            return true;
        }
        self.joins.other(origin.number, came);
        false
    }

    /// Takes log records.
    pub fn logs(&mut self, came: &[ResourceLogs]) {
        for resource in came {
            let origin = self.origin(resource.resource.as_ref());
            for group in &resource.scope_logs {
                let of = self.scopes(&origin, group.scope.as_ref());
                let name = group.scope.as_ref().map_or("", |scope| scope.name.as_str());
                for record in &group.log_records {
                    let is_known = of
                        .as_ref()
                        .is_some_and(|(contract, scopes)| self.log(&origin, *contract, scopes, name, record));
                    self.foreign.take(name, Signal::Log, is_known);
                    if !is_known {
                        let urls = (group.schema_url.as_str(), resource.schema_url.as_str());
                        self.hold_to_conventions(&origin, name, urls, &|known, faults| {
                            conventions::attributes(known, name, &record.attributes, faults);
                        });
                    }
                }
            }
        }
    }

    /// Judges a log record; whether it is one of an event.
    pub(super) fn log(
        &mut self,
        origin: &Origin,
        contract: usize,
        scopes: &[usize],
        scope_name: &str,
        came: &LogRecord,
    ) -> bool {
        self.across.signals.take(origin.number, Signal::Log);
        let Some(tables) = self.contracts.get(contract) else { return false };
        let (name, body) = (log::event_name(came), log::body(came));
        let shown_name = if name.is_empty() { body.unwrap_or_default() } else { name };
        let path =
            || path_of(&origin.shown, scope_name, "log record", shown_name, &came.trace_id, &came.span_id);
        let at = At { time: log::time(came), version: &origin.version, path: &path };
        let scopes = || scopes.iter().filter_map(|number| tables.scopes.get(*number));
        let mut candidates: Vec<(usize, usize)> = Vec::new();
        if !name.is_empty() {
            candidates = scopes().flat_map(|scope| scope.logs_named(name)).copied().collect();
        }
        if candidates.is_empty()
            && let Some(body) = body
        {
            candidates = scopes().flat_map(|scope| scope.logs_of(body)).collect();
        }
        let judge = |(event, number): (usize, usize), faults: &mut dyn Faults| match tables.events.get(event)
        {
            Some(event) => log::judge(contract, event, number, came, faults),
            None => Values::default(),
        };
        if candidates.is_empty() {
            // By its keys alone: where all of them are there and right.
            let all = scopes().flat_map(|scope| scope.all_logs()).filter(|(event, number)| {
                let shape = tables
                    .events
                    .get(*event)
                    .and_then(|event| event.logs.get(*number))
                    .map(|(_, _, shape)| shape);
                shape.is_some_and(|shape| {
                    came.attributes.iter().filter(|pair| shape.number(&pair.key).is_some()).count() >= 2
                })
            });
            candidates = all
                .filter(|place| {
                    let mut errors = Texts::default();
                    judge(*place, &mut errors);
                    errors.others == 0
                })
                .collect();
        }
        if candidates.is_empty() {
            let near =
                nearest(name, scopes().flat_map(|scope| scope.log_names())).filter(|_| !name.is_empty());
            let known = scopes().next();
            if let (Some(near), Some(scope)) = (near, known) {
                let mut faults = Recorded { tally: &mut self.tally, at };
                subject_of(contract, scope).fault_of(
                    &mut faults,
                    Code::TelemetryEventName,
                    Severity::Note,
                    name,
                    &|| {
                        Words::new(format!(
                            "a log record is called `{}`, which no event of `{}` has",
                            shown(name),
                            scope.held.table.name
                        ))
                        .help(format!("`{near}` has a name that is near"))
                    },
                );
            }
            return false;
        }
        let Some((event, number)) = best(&candidates, |place, errors: &mut Errors| {
            judge(place, errors);
        }) else {
            return false;
        };
        let mut faults = Recorded { tally: &mut self.tally, at };
        let values = judge((event, number), &mut faults);
        let before = self.coverage.take(contract, event, Place::Log(number), &values);
        let record =
            Record { of: (contract, event), kind: "log", before, time: at.time, version: &origin.version };
        for pair in &came.attributes {
            self.across.secrets.take(record, &pair.key, pair.value.as_ref());
        }
        self.across.secrets.take(record, "body", came.body.as_ref());
        if let Some(table) = tables.events.get(event) {
            let of = Of { event: (contract, event), origin: origin.number };
            self.joins.log(of, table, number, came, values, &mut faults);
        }
        true
    }

    /// Takes metrics.
    pub fn metrics(&mut self, came: &[ResourceMetrics]) {
        for resource in came {
            let origin = self.origin(resource.resource.as_ref());
            for group in &resource.scope_metrics {
                let of = self.scopes(&origin, group.scope.as_ref());
                let name = group.scope.as_ref().map_or("", |scope| scope.name.as_str());
                for metric in &group.metrics {
                    let is_known = of.as_ref().is_some_and(|(contract, scopes)| {
                        self.metric(&origin, *contract, scopes, name, metric)
                    });
                    let points = metric::points(metric);
                    for _ in 0..points.len().max(1) {
                        self.foreign.take(name, Signal::Metric, is_known);
                    }
                    if !is_known {
                        let urls = (group.schema_url.as_str(), resource.schema_url.as_str());
                        self.hold_to_conventions(&origin, name, urls, &|known, faults| {
                            conventions::metric(known, name, metric, faults);
                            for point in &points {
                                conventions::attributes(known, name, point.attributes, faults);
                            }
                        });
                    }
                }
            }
        }
    }

    /// Judges a metric; whether it is one of the contract.
    pub(super) fn metric(
        &mut self,
        origin: &Origin,
        contract: usize,
        scopes: &[usize],
        scope_name: &str,
        came: &CameMetric,
    ) -> bool {
        self.across.signals.take(origin.number, Signal::Metric);
        let Some(tables) = self.contracts.get(contract) else { return false };
        let points = metric::points(came);
        let time = points.iter().map(|point| point.time).max().unwrap_or(0);
        let path =
            || format!("metric `{}` of scope `{}` of {}", shown(&came.name), shown(scope_name), origin.shown);
        let at = At { time, version: &origin.version, path: &path };
        let mut faults = Recorded { tally: &mut self.tally, at };
        let own: Vec<&str> = scopes
            .iter()
            .filter_map(|number| tables.scopes.get(*number))
            .map(|scope| scope.held.table.name)
            .collect();
        let of_name = tables.metrics.get(came.name.as_str());
        let writers: Vec<_> =
            of_name.into_iter().flatten().filter(|one| own.contains(&one.scope.name)).collect();
        let Some(first) = writers.first() else {
            near_metric(tables, contract, &own, came, &mut faults);
            return false;
        };
        let key = (origin.text.clone(), contract, came.name.clone());
        let instance = origin.number.filter(|one| self.across.signals.is_of_one_process(*one));
        let mut fresh = Seen::default();
        let seen = match self.metrics.len() < MOST_METRICS || self.metrics.contains_key(&key) {
            true => {
                let number = u32::try_from(self.metrics.len()).ok();
                self.metrics.entry(key).or_insert_with(|| Seen::numbered(number))
            }
            false => &mut fresh,
        };
        seen.habits = origin.habits;
        if seen.has_news(&points) {
            self.news += 1;
        }
        if !metric::instrument(contract, first, came, seen, &mut faults) {
            return true;
        }
        // A counter that several events share counts more than the spans of one.
        let counting = match (instance, writers.as_slice()) {
            (Some(instance), [writer]) if metric::is_cumulative(came) && origin.habits.has_times => writer
                .event
                .filter(|event| {
                    let counter = tables.events.get(*event).and_then(|event| event.counter);
                    counter.is_some_and(|(name, _)| name == came.name)
                })
                .map(|event| (instance, contract, event)),
            _ => None,
        };
        let number = seen.number.filter(|_| metric::is_cumulative(came) && origin.habits.has_times);
        for point in &points {
            if let Some(number) = number
                && self.across.processes.take(
                    (number, crate::value::hash(point.attributes)),
                    point.start,
                    point.time,
                )
            {
                two_processes(tables, contract, origin, &mut faults);
            }
            let judged = metric::point(contract, &writers, point, seen, &mut faults);
            if let Some(process) = counting
                && let Some(table) = tables.events.get(process.2)
            {
                let of_point = (crate::value::hash(point.attributes), metric::count_of(point));
                let values = judged.as_ref().map(|(_, values)| values);
                self.across.counts.point(process, table, of_point, values);
            }
            let Some((number, values)) = judged else { continue };
            if let Some(writer) = writers.get(number)
                && let Some(event) = writer.event
            {
                let before = self.coverage.take(contract, event, Place::Metric(writer.metric.name), &values);
                let record = Record {
                    of: (contract, event),
                    kind: "metric",
                    before,
                    time: point.time,
                    version: &origin.version,
                };
                for pair in point.attributes {
                    self.across.secrets.take(record, &pair.key, pair.value.as_ref());
                }
            }
        }
        if let Some(process) = counting {
            for few in self.across.counts.collected(process, time) {
                counted_too_few(tables, contract, first, few, &mut faults);
            }
        }
        true
    }
}

/// Tells that a counter has counted fewer occurrences of a variant than there were spans of it.
fn counted_too_few(
    tables: &Tables<'_>,
    contract: usize,
    instrument: &crate::tables::Instrument<'_>,
    few: TooFew,
    faults: &mut dyn Faults,
) {
    let event = instrument.event.and_then(|event| tables.events.get(event));
    let variants = event.into_iter().flat_map(|event| {
        let field = event.counter.and_then(|(_, field)| event.event.table.fields.get(usize::from(field)));
        match field.map(|field| &field.kind) {
            Some(FieldKind::Meaning { meaning, .. }) => meaning.variants,
            _ => &[],
        }
    });
    let variant = variants.into_iter().nth(usize::from(few.variant)).map_or("", |variant| variant.name);
    metric::subject(contract, instrument).fault(faults, Code::TelemetryCounts, variant, &|| {
        Words::new(format!(
            "{} counted {} of `{variant}`, and {} spans of it ended before",
            metric::subject(contract, instrument).shown(),
            few.counted,
            few.came
        ))
        .help("count on each way out, also where something fails: what is counted and what is traced is one event")
    });
}

/// Tells that two processes have one resource.
fn two_processes(tables: &Tables<'_>, contract: usize, origin: &Origin, faults: &mut dyn Faults) {
    let held = origin.of.and_then(|(_, resource)| tables.resources.get(resource));
    let fault = Fault {
        code: Code::TelemetryProcesses,
        severity: Code::TelemetryProcesses.severity(),
        contract,
        names: &[held.map_or("", |held| held.table.name)],
        node: held.map(|held| held.node),
    };
    faults.take(fault, &|| {
        Words::new(format!("two processes send as {}, and nothing on their resource tells them apart", origin.shown))
            .note("the points of one series came from both in turn, as their start times tell")
            .help("set `service.instance.id` to another value in each process, as the SDKs of Java and JavaScript do")
    });
}

/// What a resource is called, as messages have it.
fn service(table: &slo_model::Container<'_>) -> Option<String> {
    let key = table.keys.iter().find(|key| key.name == "service.name")?;
    Some(match (key.source, key.matches) {
        (Source::Static(name), _) => {
            format!("`{}` with `service.name` = `{}`", table.name, Value::from(name))
        }
        (_, Some(template)) => format!("`{}` with `service.name` like `{template}`", table.name),
        _ => format!("`{}`", table.name),
    })
}

fn subject_of<'s>(contract: usize, scope: &crate::tables::Scope<'s>) -> Subject<'s> {
    Subject {
        contract,
        event: scope.held.table.name,
        kind: "",
        record: "",
        node: scope.held.node,
        signal: Signal::Log,
        closed: scope.held.table.closed,
    }
}

fn version(
    table: &slo_model::Container<'_>,
    came: &InstrumentationScope,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    let Some(key) = table.keys.iter().find(|key| key.name == "otel.scope.version") else { return };
    let Source::Static(literal) = key.source else { return };
    let wanted = Value::from(literal).to_string();
    if wanted != came.version {
        subject.fault(faults, Code::TelemetryValue, key.name, &|| {
            Words::new(format!(
                "the version of {} is `{}`, and the contract says `{wanted}`",
                subject.shown(),
                shown(&came.version)
            ))
        });
    }
}

/// The path of a record, as findings show it.
fn path_of(origin: &str, scope: &str, kind: &str, name: &str, trace: &[u8], span: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let ids = match (trace.is_empty(), span.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!(", trace {}", hex(trace)),
        (false, false) => format!(", trace {}, span {}", hex(trace), hex(span)),
    };
    format!("{kind} `{}` of scope `{}` of {origin}{ids}", shown(name), shown(scope))
}

/// The events whose span a span is by its attributes, whatever it is called.
fn by_keys(tables: &Tables<'_>, contract: usize, scopes: &[usize], came: &CameSpan) -> Vec<usize> {
    let names: Vec<&str> = scopes
        .iter()
        .filter_map(|number| tables.scopes.get(*number))
        .map(|scope| scope.held.table.name)
        .collect();
    let of_scope = tables.events.iter().enumerate().filter(|(_, event)| {
        event.span.as_ref().is_some_and(|(span, record, _)| {
            let scope = span.scope.unwrap_or(event.event.table.scope);
            span.name.is_some() && !record.every && names.contains(&scope.name)
        })
    });
    let fits = of_scope.filter(|(_, event)| {
        let Some((_, _, shape)) = &event.span else { return false };
        let known = came.attributes.iter().filter(|pair| shape.number(&pair.key).is_some()).count();
        if known < 2 {
            return false;
        }
        let mut errors = Texts::default();
        span::judge(tables, contract, event, came, &mut errors);
        errors.others == 0
    });
    fits.map(|(number, _)| number).collect()
}

/// Counts the errors of a record but for those of its name.
#[derive(Debug, Default)]
struct Texts {
    others: usize,
}

impl Faults for Texts {
    fn take(&mut self, fault: Fault<'_>, _: &dyn Fn() -> Words) {
        let is_name = matches!(fault.code, Code::TelemetryText | Code::TelemetryEventName);
        self.others += usize::from(fault.severity == Severity::Error && !is_name);
    }
}

/// Notes a span whose name is near that of an event.
fn near_span(
    tables: &Tables<'_>,
    contract: usize,
    scopes: &[usize],
    came: &CameSpan,
    faults: &mut dyn Faults,
) {
    let scopes: Vec<_> = scopes.iter().filter_map(|number| tables.scopes.get(*number)).collect();
    let near = nearest(&came.name, scopes.iter().flat_map(|scope| scope.span_names()));
    let (Some(near), Some(scope)) = (near, scopes.first()) else { return };
    subject_of(contract, scope).fault_of(faults, Code::TelemetryText, Severity::Note, &came.name, &|| {
        Words::new(format!(
            "a span is called `{}`, which no event of `{}` has",
            shown(&came.name),
            scope.held.table.name
        ))
        .help(format!("`{near}` has a name that is near"))
    });
}

/// Tells of a metric that the contract has under another name.
fn near_metric(
    tables: &Tables<'_>,
    contract: usize,
    scopes: &[&str],
    came: &CameMetric,
    faults: &mut dyn Faults,
) {
    let own = || {
        tables.metrics.iter().flat_map(|(name, writers)| writers.iter().map(move |writer| (*name, writer)))
    };
    let folded = |name: &str| name.to_lowercase().replace(['.', '-', '/'], "_");
    let wanted = folded(&came.name);
    let mut in_scope = own().filter(|(_, writer)| scopes.contains(&writer.scope.name));
    let same = in_scope.clone().find(|(name, _)| {
        let name = folded(name);
        wanted == name || wanted.strip_prefix(&name).is_some_and(|rest| rest.starts_with('_'))
    });
    if let Some((name, writer)) = same {
        metric::subject(contract, writer).fault(faults, Code::TelemetryMetricName, &came.name, &|| {
            Words::new(format!("metric `{name}` came as `{}`", shown(&came.name)))
                .help("the name looks as a Prometheus exporter writes it: what scrapes and sends on as OTLP keeps that spelling")
        });
        return;
    }
    let names: Vec<&str> = in_scope.clone().map(|(name, _)| name).collect();
    let Some(near) = nearest(&came.name, names.into_iter()) else { return };
    if let Some((_, writer)) = in_scope.find(|(name, _)| *name == near) {
        metric::subject(contract, writer).fault_of(
            faults,
            Code::TelemetryMetricName,
            Severity::Note,
            &came.name,
            &|| {
                Words::new(format!(
                    "a metric is called `{}`, which the contract doesn't have",
                    shown(&came.name)
                ))
                .help(format!("`{near}` has a name that is near"))
            },
        );
    }
}

/// Whether what is said of fields passes the tests of a record's `when`; what isn't said passes.
pub(crate) fn conditions<'r, 'v: 'r>(
    tests: &[Test<'_>],
    event: &Event<'_>,
    said: Said<'_, 'r, 'v>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    let fails = |test: &&Test<'_>| {
        let passes = |number: Option<usize>, value: Option<&Value<'_>>| {
            let is_one_of = |numbers: &[u16], others: &[slo_model::Literal<'_>]| match number {
                Some(number) => numbers.iter().any(|one| usize::from(*one) == number),
                None => others.iter().any(|other| value.is_some_and(|value| Value::from(*other) == *value)),
            };
            match test.passes {
                Passes::Present => true,
                Passes::In(numbers, others) => is_one_of(numbers, others),
                Passes::NotIn(numbers, others) => !is_one_of(numbers, others),
            }
        };
        let Some(values) = said(test.field) else { return false };
        match values.meaning(test.field) {
            Some(Meant::Variants(variants)) => {
                return !variants.iter().any(|variant| passes(Some(usize::from(*variant)), None));
            }
            Some(Meant::Absent) => return !matches!(test.passes, Passes::NotIn(..)),
            Some(Meant::Unclear) => return false,
            None => {}
        }
        let Some(value) = values.get(test.field) else {
            return values.is_absent(test.field) && !matches!(test.passes, Passes::NotIn(..));
        };
        let kind = event.fields.get(usize::from(test.field)).map(|field| &field.kind);
        let number = match (kind, value) {
            (_, Value::Bool(truth)) => Some(usize::from(*truth)),
            (Some(FieldKind::Plain { slot, .. }), value) => slot
                .key
                .members
                .and_then(|members| members.iter().position(|member| Value::from(member.wire) == *value)),
            _ => None,
        };
        !passes(number, Some(value))
    };
    let Some(test) = tests.iter().find(fails) else { return };
    let name = event.fields.get(usize::from(test.field)).map_or("", |field| field.name);
    subject.fault(faults, Code::TelemetryCondition, name, &|| {
        Words::new(format!("{} came, and its `when` rules it out by `{name}`", subject.shown()))
            .help("write the record only for what the contract says, or change its `when`")
    });
}
