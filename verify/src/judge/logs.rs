//! Takes log records: which event each is of, and what is found of it.

use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs};
use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::text::nearest;
use slo_model::event::Signal;

use super::across::{CountSource, Record};
use super::attributes::shown;
use super::recognise::{Texts, best};
use super::values::Values;
use super::verifier::{Recorded, Verifier, path_of};
use super::whose::{Origin, subject_of};
use super::{conventions, log};
use crate::coverage::Place;
use crate::join::{Named, Naming, Of};
use crate::tally::{At, Errors, Faults, Words};

impl Verifier<'_> {
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
        self.settle(false);
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
            if table.counter.as_ref().is_some_and(|counter| counter.logs.contains(&number))
                && let Some(process) = origin.number.filter(|one| self.across.signals.is_of_one_process(*one))
                && !self.across.counts.has_log(log::hash(process, came))
            {
                let process = (process, contract, event);
                self.across.counts.take(process, CountSource::Log(number), table, &values, at.time);
            }
            let of = Of { event: (contract, event), origin: origin.number };
            let naming = Naming {
                named: Named::Log(number),
                trace_id: &came.trace_id,
                span_id: &came.span_id,
                body,
                values: &values,
                time: at.time,
                shown: &origin.shown,
                version: &origin.version,
            };
            self.joins.naming(of, table, naming, &mut faults);
        }
        true
    }
}
