//! Takes metrics: which of the contract each is, and what is found of it.

use opentelemetry_proto::tonic::metrics::v1::{Metric as CameMetric, ResourceMetrics};
use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::text::nearest;
use slo_model::event::{FieldKind, Signal};

use super::across::{CountSource, Record, TooFew};
use super::attributes::shown;
use super::conventions;
use super::metric::{self, Seen};
use super::verifier::{Recorded, Verifier};
use super::whose::Origin;
use crate::coverage::Place;
use crate::join::{Named, Naming, Of};
use crate::tables::Tables;
use crate::tally::{At, Fault, Faults, Words};

/// How many metrics of processes are remembered.
const MOST_METRICS: usize = 100_000;

impl Verifier<'_> {
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
        self.settle(false);
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
        let key = (origin.text.clone(), contract, scope_name.to_owned(), came.name.clone());
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
                    let counter = tables.events.get(*event).and_then(|event| event.counter.as_ref());
                    counter.is_some_and(|counter| counter.name == came.name)
                })
                .map(|event| (instance, contract, event)),
            _ => None,
        };
        let cumulative = seen.number.filter(|_| metric::is_cumulative(came) && origin.habits.has_times);
        let exemplars = seen.fresh_exemplars(&points);
        for point in &points {
            if let Some(number) = cumulative
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
                let counts = tables.events.get(event).and_then(|event| event.counts);
                if counts == Some(writer.metric.name)
                    && let (Some(number), Some(count)) = (cumulative, metric::count_of(point))
                {
                    let series = (number, crate::value::hash(point.attributes));
                    self.across.counted.take((contract, event), series, point.start, count);
                }
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
                let Some(table) = tables.events.get(event) else { continue };
                let of_point = exemplars.iter().filter(|(of, _)| std::ptr::eq(*of, point));
                for exemplar in of_point.map(|(_, one)| *one) {
                    if exemplar.span_id.is_empty() && exemplar.trace_id.is_empty() {
                        continue;
                    }
                    metric::identity(contract, writer, exemplar, &mut faults);
                    let naming = Naming {
                        named: Named::Exemplar,
                        trace_id: &exemplar.trace_id,
                        span_id: &exemplar.span_id,
                        body: None,
                        values: &values,
                        time: exemplar.time_unix_nano,
                        shown: &origin.shown,
                        version: &origin.version,
                    };
                    let of = Of { event: (contract, event), origin: origin.number };
                    self.joins.naming(of, table, naming, &mut faults);
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

/// Tells that a counter has counted fewer occurrences of a variant than there were spans or logs of it.
fn counted_too_few(
    tables: &Tables<'_>,
    contract: usize,
    instrument: &crate::tables::Instrument<'_>,
    few: TooFew,
    faults: &mut dyn Faults,
) {
    let event = instrument.event.and_then(|event| tables.events.get(event));
    let variants = event.into_iter().flat_map(|event| {
        let field = event.counter.as_ref();
        let field = field.and_then(|counter| event.event.table.fields.get(usize::from(counter.field)));
        match field.map(|field| &field.kind) {
            Some(FieldKind::Meaning { meaning, .. }) => meaning.variants,
            _ => &[],
        }
    });
    let variant = variants.into_iter().nth(usize::from(few.variant)).map_or("", |variant| variant.name);
    metric::subject(contract, instrument).fault(faults, Code::TelemetryCounts, variant, &|| {
        Words::new(format!(
            "{} counted {} of `{variant}`, and {} {} before",
            metric::subject(contract, instrument).shown(),
            few.counted,
            few.came,
            match few.source {
                CountSource::Span => "spans of it ended",
                CountSource::Log(_) => "logs of it were written",
            }
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
