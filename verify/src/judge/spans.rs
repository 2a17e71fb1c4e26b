//! Takes spans: which event each is of, and what is found of it.

use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span as CameSpan};
use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::text::nearest;
use slo_model::event::{Signal, TextPart};

use super::across::{CountSource, Record};
use super::attributes::shown;
use super::recognise::{Texts, best};
use super::values::Values;
use super::verifier::{Recorded, Verifier, path_of};
use super::whose::{Origin, subject_of};
use super::{conventions, onto, span};
use crate::coverage::Place;
use crate::join::Of;
use crate::tables::Tables;
use crate::tally::{At, Errors, Faults, Words};

impl Verifier<'_> {
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
        self.settle(false);
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
        if candidates.is_empty() && !scopes.is_empty() {
            candidates = by_keys(tables, contract, scopes, came);
            if candidates.is_empty() {
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
            if event.counter.as_ref().is_some_and(|counter| counter.on_span)
                && let Some(process) = origin.number.filter(|one| self.across.signals.is_of_one_process(*one))
                && !self.joins.has(came)
            {
                let process = (process, contract, number);
                let time = came.end_time_unix_nano;
                self.across.counts.take(process, CountSource::Span, event, &values, time);
            }
            let of = Of { event: (contract, number), origin: origin.number };
            self.joins.span(of, event, came, &values, &mut faults);
            return true;
        }
        self.joins.other(origin.number, came);
        false
    }
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
