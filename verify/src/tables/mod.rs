//! A contract as records are looked up in it.

pub(crate) mod pattern;
pub(crate) mod series;
pub(crate) mod shape;

use std::collections::HashMap;

use slo_compiler::ir::Node;
use slo_compiler::plan::{Event, Plan, Record};
use slo_model::event::{InstrumentKind, Log, Metric, Signal, Span, SpanEvent, TextPart};
use slo_model::{Container, ContainerKind, Literal, Source};

use crate::judge::habits;
use shape::Shape;

/// The key by which a scope gives its name another than its package's.
const SCOPE_NAME: &str = "otel.scope.name";

/// A contract as records are looked up in it.
pub(crate) struct Tables<'p> {
    pub(crate) name: &'p str,
    pub(crate) version: &'p str,
    pub(crate) resources: Vec<Held<'p>>,
    pub(crate) scopes: Vec<Scope<'p>>,
    scope_by_name: HashMap<&'p str, Vec<usize>>,
    pub(crate) events: Vec<EventTables<'p>>,
    /// The metrics by scope and name: which events and observed metrics write them.
    pub(crate) metrics: HashMap<&'p str, Vec<Instrument<'p>>>,
    /// The events that write onto each span.
    pub(crate) onto_every: Vec<usize>,
    /// The events that write onto the span that is running, by the keys that they may write there.
    pub(crate) onto_current: HashMap<&'p str, Vec<usize>>,
    /// The metrics by the names that they have in Prometheus.
    pub(crate) families: series::Families<'p>,
    /// The keys of logs, each with a log that has it, as event and log numbers.
    log_keys: HashMap<&'p str, (usize, usize)>,
    /// The events on spans by their names, as event and record numbers; those whose names have no holes.
    pub(crate) span_events: HashMap<&'p str, Vec<(usize, usize)>>,
}

/// A resource or a scope with the shape of its keys.
pub(crate) struct Held<'p> {
    pub(crate) table: &'p Container<'p>,
    pub(crate) node: Node,
}

/// A scope, with what is known by name in it.
pub(crate) struct Scope<'p> {
    pub(crate) held: Held<'p>,
    /// The spans by their names, as event numbers; those whose names have no holes.
    spans: HashMap<&'p str, Vec<usize>>,
    /// The spans whose names have holes.
    span_patterns: Vec<(&'p [TextPart<'p>], usize)>,
    /// The logs by their event names, as event and log numbers.
    logs: HashMap<&'p str, Vec<(usize, usize)>>,
    /// All its logs with a body, which tells them where the name does not.
    bodies: Vec<(&'p [TextPart<'p>], (usize, usize))>,
    /// The logs without name and body.
    nameless: Vec<(usize, usize)>,
}

/// An event with the shapes of its records.
pub(crate) struct EventTables<'p> {
    pub(crate) event: &'p Event<'p>,
    pub(crate) span: Option<(&'p Span<'p>, Record, Shape<'p>)>,
    pub(crate) logs: Vec<(&'p Log<'p>, Record, Shape<'p>)>,
    pub(crate) span_events: Vec<(&'p SpanEvent<'p>, Record, Shape<'p>)>,
    /// The name of its span, with the names of fields in its holes; empty where it has none.
    pub(crate) span_name: String,
    /// The durations on its span, with how many nanoseconds are one of the unit of each.
    pub(crate) durations: Vec<(u16, f64)>,
    /// The first counter of it that counts each occurrence by one.
    pub(crate) counts: Option<&'p str>,
    /// The counter of each occurrence, where each is a span or a log as well.
    pub(crate) counter: Option<Counter<'p>>,
}

/// A counter that counts each occurrence of an event by one.
pub(crate) struct Counter<'p> {
    pub(crate) name: &'p str,
    /// The field of the meaning of which all signals tell the variant.
    pub(crate) field: u16,
    /// Whether each occurrence is a span.
    pub(crate) on_span: bool,
    /// The numbers of the logs of which each occurrence writes one.
    pub(crate) logs: Vec<usize>,
}

/// A metric, by one of those that write it.
pub(crate) struct Instrument<'p> {
    pub(crate) metric: &'p Metric<'p>,
    pub(crate) node: Node,
    pub(crate) scope: &'p Container<'p>,
    /// The number of the event; none for an observed metric.
    pub(crate) event: Option<usize>,
    pub(crate) writer: &'p str,
    pub(crate) shape: Shape<'p>,
}

/// What a scope is called on the wire; none where only the program knows.
pub(crate) fn scope_name<'p>(table: &Container<'p>) -> Option<&'p str> {
    match table.keys.iter().find(|key| key.name == SCOPE_NAME) {
        None => Some(table.scope_name),
        Some(key) => match (key.source, key.default) {
            (Source::Static(Literal::String(name)), _) => Some(name),
            _ => None,
        },
    }
}

/// What a scope says as its version, by the contract; none where only the program knows.
pub(crate) fn scope_version<'p>(table: &Container<'p>, contract: &Tables<'p>) -> Option<&'p str> {
    match table.keys.iter().find(|key| key.name == "otel.scope.version") {
        None => Some(contract.version),
        Some(key) => match key.source {
            Source::Static(Literal::String(version)) => Some(version),
            _ => None,
        },
    }
}

/// Whether a metric counts each occurrence of its event by one.
fn counts_each(metric: &Metric<'_>) -> bool {
    metric.kind == InstrumentKind::Counter && metric.value.is_none() && metric.when.is_empty()
}

/// A metric as the counter of an event's occurrences, where it counts each of them by one, and each is a span or a log on which the variant of
/// a meaning shows as on the counter.
fn counter<'p>(event: &EventTables<'p>, metric: &Metric<'p>, labels: &Shape<'p>) -> Option<Counter<'p>> {
    let tells_all =
        |meant: &&shape::Meant<'p>| meant.required && meant.variants.len() == meant.meaning.variants.len();
    let field = labels.meanings.iter().find(tells_all).filter(|_| counts_each(metric))?.field;
    let shows = |shape: &Shape<'p>| shape.meanings.iter().filter(tells_all).any(|other| other.field == field);
    let on_span = event.span.as_ref().is_some_and(|(span, record, shape)| {
        span.name.is_some() && !record.every && span.when.is_empty() && shows(shape)
    });
    let logs =
        event.logs.iter().enumerate().filter(|(_, (log, _, shape))| log.when.is_empty() && shows(shape));
    let logs: Vec<usize> = logs.map(|(number, _)| number).collect();
    (on_span || !logs.is_empty()).then_some(Counter { name: metric.name, field, on_span, logs })
}

impl<'p> Tables<'p> {
    pub(crate) fn of(plan: &'p Plan<'p>) -> Tables<'p> {
        let mut tables = Tables {
            name: plan.table.name,
            version: plan.table.version,
            resources: Vec::new(),
            scopes: Vec::new(),
            scope_by_name: HashMap::new(),
            events: Vec::new(),
            metrics: HashMap::new(),
            onto_every: Vec::new(),
            onto_current: HashMap::new(),
            families: series::Families::default(),
            log_keys: HashMap::new(),
            span_events: HashMap::new(),
        };
        for container in plan.packages.iter().flat_map(|package| &package.containers) {
            let held = Held { table: container.table, node: container.node };
            match container.table.kind {
                ContainerKind::Resource => tables.resources.push(held),
                ContainerKind::Scope => {
                    let name = scope_name(container.table);
                    let number = tables.scopes.len();
                    if let Some(name) = name {
                        tables.scope_by_name.entry(name).or_default().push(number);
                    }
                    tables.scopes.push(Scope {
                        held,
                        spans: HashMap::new(),
                        span_patterns: Vec::new(),
                        logs: HashMap::new(),
                        bodies: Vec::new(),
                        nameless: Vec::new(),
                    });
                }
            }
        }
        for event in plan.events() {
            tables.event(event);
        }
        for observed in plan.packages.iter().flat_map(|package| &package.observed) {
            let table = &observed.table;
            tables.metrics.entry(table.metric.name).or_default().push(Instrument {
                metric: &table.metric,
                node: observed.metric.node,
                scope: table.scope,
                event: None,
                writer: table.metric.name,
                shape: Shape::of(table.metric.labels, Signal::Metric, table.fields, None),
            });
        }
        for first in tables.metrics.values().filter_map(|writers| writers.first()) {
            tables.families.add(first);
        }
        tables
    }

    fn event(&mut self, event: &'p Event<'p>) {
        let table = &event.table;
        let number = self.events.len();
        let elapsed = table.elapsed.map(|elapsed| elapsed.field);
        let shape = |writers, signal| Shape::of(writers, signal, table.fields, elapsed);
        let mut own = EventTables {
            event,
            span: None,
            logs: Vec::new(),
            span_events: Vec::new(),
            span_name: String::new(),
            durations: Vec::new(),
            counts: event.table.metrics.iter().find(|metric| counts_each(metric)).map(|metric| metric.name),
            counter: None,
        };
        if let (Some(span), Some(record)) = (&table.span, event.span) {
            let shape = shape(span.attributes, Signal::Span);
            match span.name.filter(|_| !record.every) {
                None if record.every => self.onto_every.push(number),
                None => {
                    for entry in &shape.entries {
                        self.onto_current.entry(entry.key).or_default().push(number);
                    }
                }
                Some(name) => {
                    if let Some(scope) = self.scope_of(span.scope.unwrap_or(table.scope)) {
                        match name {
                            [TextPart::Text(text)] => scope.spans.entry(text).or_default().push(number),
                            name => scope.span_patterns.push((name, number)),
                        }
                    }
                }
            }
            if span.name.is_some() && !record.every {
                let nanoseconds = |field: u16| event.fields.get(usize::from(field))?.said.nanoseconds;
                let name = |number: u16| table.fields.get(usize::from(number)).map_or("", |field| field.name);
                own.span_name = span.name.map_or_else(String::new, |parts| pattern::written(parts, name));
                own.durations =
                    shape.fields().filter_map(|field| Some((field, nanoseconds(field)?))).collect();
            }
            own.span = Some((span, record, shape));
        }
        for ((log, record), at) in table.logs.iter().zip(&event.logs).zip(0..) {
            let shape = shape(log.attributes, Signal::Log);
            for entry in &shape.entries {
                self.log_keys.entry(entry.key).or_insert((number, at));
            }
            own.logs.push((log, *record, shape));
            let Some(scope) = self.scope_of(log.scope.unwrap_or(table.scope)) else { continue };
            let place = (number, at);
            if let Some(name) = log.name {
                scope.logs.entry(name).or_default().push(place);
            }
            // A meaning may give the body instead: any text then tells the log.
            let texts =
                log.levels.iter().flat_map(|level| level.meaning.variants).map(|variant| variant.body);
            let texts: Vec<&'p [TextPart<'p>]> =
                texts.chain([log.body]).filter(|text| !text.is_empty()).collect();
            match texts.is_empty() && log.name.is_none() {
                true => scope.nameless.push(place),
                false => scope.bodies.extend(texts.into_iter().map(|text| (text, place))),
            }
        }
        for ((one, record), at) in table.span_events.iter().zip(&event.span_events).zip(0..) {
            if let [TextPart::Text(text)] = one.name {
                self.span_events.entry(text).or_default().push((number, at));
            }
            own.span_events.push((one, *record, shape(one.attributes, Signal::Span)));
        }
        let counting =
            table.metrics.iter().zip(&event.metrics).chain(table.running.iter().zip(&event.running));
        for (metric, place) in counting {
            let shape = shape(metric.labels, Signal::Metric);
            if own.counter.is_none() {
                own.counter = counter(&own, metric, &shape);
            }
            self.metrics.entry(metric.name).or_default().push(Instrument {
                metric,
                node: place.node,
                scope: metric.scope.unwrap_or(table.scope),
                event: Some(number),
                writer: table.name,
                shape,
            });
        }
        self.events.push(own);
    }

    fn scope_of(&mut self, table: &Container<'p>) -> Option<&mut Scope<'p>> {
        self.scopes.iter_mut().find(|scope| scope.held.table.name == table.name)
    }

    /// Whether the contract's own program records in a scope, and not only others. A contract whose events are all written by hand is
    /// that of a program in another language: then its own are the scopes that are no instrumentation's.
    pub(crate) fn is_own_scope(&self, number: usize) -> bool {
        let Some(scope) = self.scopes.get(number) else { return false };
        let mut events = self.events.iter().map(|event| event.event);
        if events.clone().all(|event| event.external) {
            return !scope_name(scope.held.table).is_some_and(habits::is_instrumentation);
        }
        events.any(|event| !event.external && event.table.scope.name == scope.held.table.name)
    }

    /// Whether an event writes this key onto spans of others.
    pub(crate) fn is_written_onto(&self, key: &str) -> bool {
        let mut every = self.onto_every.iter().filter_map(|number| self.events.get(*number)?.span.as_ref());
        self.onto_current.contains_key(key) || every.any(|(_, _, shape)| shape.number(key).is_some())
    }

    /// The shape of a log that has this key.
    pub(crate) fn log_with(&self, key: &str) -> Option<&Shape<'p>> {
        let (event, log) = self.log_keys.get(key)?;
        self.events.get(*event)?.logs.get(*log).map(|(_, _, shape)| shape)
    }

    /// The numbers of the scopes of this name.
    pub(crate) fn scopes_named(&self, name: &str) -> &[usize] {
        self.scope_by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

impl<'p> Scope<'p> {
    /// The events whose span has this name, and those of whose span it may be one.
    pub(crate) fn spans(&self, name: &str) -> (&[usize], Vec<(&'p [TextPart<'p>], usize)>) {
        if let Some(events) = self.spans.get(name) {
            return (events, Vec::new());
        }
        let matching =
            self.span_patterns.iter().filter(|(pattern, _)| pattern::matches(pattern, name, &|_| None));
        (&[], matching.copied().collect())
    }

    /// The names of its spans.
    pub(crate) fn span_names(&self) -> impl Iterator<Item = &'p str> {
        self.spans.keys().copied()
    }

    /// The logs of an event name, as event and log numbers.
    pub(crate) fn logs_named(&self, name: &str) -> &[(usize, usize)] {
        self.logs.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names of its logs.
    pub(crate) fn log_names(&self) -> impl Iterator<Item = &'p str> {
        self.logs.keys().copied()
    }

    /// The logs that may have this body.
    pub(crate) fn logs_of(&self, body: &str) -> Vec<(usize, usize)> {
        let mut logs: Vec<(usize, usize)> = Vec::new();
        for (pattern, place) in &self.bodies {
            let says_something = pattern::has_words(pattern);
            if says_something && !logs.contains(place) && pattern::matches(pattern, body, &|_| None) {
                logs.push(*place);
            }
        }
        logs
    }

    /// All its logs.
    pub(crate) fn all_logs(&self) -> impl Iterator<Item = (usize, usize)> {
        let named = self.logs.values().flatten().copied();
        named.chain(self.bodies.iter().map(|(_, place)| *place)).chain(self.nameless.iter().copied())
    }
}
