//! Events and observed metrics: which of an event's fields the program gives, which number each has, and when it is known.

use slo_model::event as tables;
use slo_model::event::{Elapsed, FieldKind};
use slo_model::{Key, ValueType};

use super::convert::number;
use super::meaning::payloads;
use super::planner::Planner;
use super::signal::Named;
use super::values::Values;
use super::{Event, Field, Given, Hindrance, Metric, Observed, Record};
use crate::hash::HashSet;
use crate::ir::{self, FieldId, FieldValue, Instrument, Node, NumberType, Type, WriterValue};

/// The name of what an observed metric measures.
const MEASURED: &str = "value";

/// How the fields of an event are laid out.
pub(super) struct Layout<'p> {
    event: &'p ir::Event,
    /// The numbers of those that have a value of their own. A constant stands wherever it is written, and has a number only
    /// where a metric measures it.
    numbers: Vec<Option<u16>>,
    pub(super) fields: Vec<tables::Field<'p>>,
}

impl<'p> Layout<'p> {
    /// The event's scope.
    pub(super) fn scope(&self) -> Option<ir::ContainerId> {
        self.event.scope.as_ref().map(|scope| **scope)
    }

    /// The number of a field that has a value of its own.
    pub(super) fn number(&self, field: FieldId) -> Option<u16> {
        self.numbers[field.index()]
    }

    /// What a field always is.
    pub(super) fn constant(&self, field: FieldId) -> Option<&'p ir::Literal> {
        self.event.field(field).constant.as_ref()
    }
}

impl<'p> Planner<'p> {
    /// An event.
    #[must_use]
    pub fn event(&self, event: &'p ir::Event) -> Event<'p> {
        // Without a scope is only what others record, where each signal says its own.
        let scope = event
            .scope
            .as_ref()
            .map_or(slo_model::Container::NO_SCOPE, |scope| self.container_table(**scope));
        let measured: HashSet<FieldId> = event.metrics.iter().filter_map(|metric| metric.value).collect();
        let mut layout = Layout { event, numbers: vec![None; event.fields.len()], fields: Vec::new() };
        let (mut fields, mut values, mut elapsed_of) = (Vec::new(), 0, None);
        for (id, field, said) in event.fields_said() {
            let given = match (said, &field.constant) {
                (_, Some(_)) if !measured.contains(&id) => continue,
                (_, Some(constant)) => Given::Constant(self.arena.literal(constant)),
                (ir::Said::Elapsed, None) => {
                    let field_number = number(layout.fields.len());
                    let nanoseconds = type_of(field).and_then(Type::nanoseconds).unwrap_or(1e9);
                    elapsed_of = Some(Elapsed { field: field_number, nanoseconds });
                    Given::Elapsed
                }
                (ir::Said::Later, None) => Given::Later,
                (ir::Said::Begin | ir::Said::Constant, None) => Given::Begin,
            };
            layout.numbers[id.index()] = Some(number(layout.fields.len()));
            let (kind, said) = self.field(event, field, given);
            let at_begin = matches!(given, Given::Begin | Given::Constant(_));
            layout.fields.push(tables::Field { name: &field.name, kind, at: number(values), at_begin });
            values += 1 + match kind {
                FieldKind::Meaning { meaning, .. } => payloads(meaning),
                _ => 0,
            };
            fields.push(said);
        }
        let hindrances = hindrances(event, &layout);
        let full_name = self.arena.text(event.full_name());
        let named = Named::Event(&layout);
        let metrics = event.metrics.iter().map(|metric| self.metric(metric, named)).collect();
        let counting = self.metrics().running.get(&event.node).map_or(&[][..], Vec::as_slice);
        let running = counting.iter().map(|metric| self.metric(metric, named)).collect();
        let table = tables::Event {
            name: full_name,
            place: self.place(event.node),
            scope,
            values,
            elapsed: elapsed_of,
            drop_invalid: event.drop_invalid,
            metrics: self.arena.list(metrics),
            running: self.arena.list(running),
            logs: self.arena.list(event.logs.iter().map(|log| self.log(log, &layout)).collect()),
            span: event.span.as_ref().map(|span| self.span(span, &layout)),
            span_events: {
                let span_events = event.span_events.iter().map(|one| self.span_event(one, &layout));
                self.arena.list(span_events.collect())
            },
            fields: self.arena.list(layout.fields),
        };
        let record = |node| Record { node, closed: false, every: false, opt_in: false };
        let logs = event.logs.iter();
        Event {
            table,
            docs: &event.docs,
            node: event.node,
            external: event.external,
            logs: logs
                .map(|log| Record { closed: log.closed, opt_in: log.opt_in, ..record(log.node) })
                .collect(),
            span: event.span.as_ref().map(|span| Record {
                closed: span.closed,
                every: span.every,
                ..record(span.node)
            }),
            span_events: event.span_events.iter().map(|one| record(one.node)).collect(),
            specialized: event.specialized,
            fields,
            metrics: event.metrics.iter().map(|metric| self.nodes(metric)).collect(),
            running: counting.iter().map(|metric| self.nodes(metric)).collect(),
            hindrances,
        }
    }

    fn nodes(&self, metric: &Instrument) -> Metric<'p> {
        let Instrument { node, unit_node, value_node, scope, .. } = *metric;
        let or = |said: Option<Node>| said.unwrap_or(node);
        Metric { node, unit: or(unit_node), value: or(value_node), scope: self.container_table(*scope).name }
    }

    fn field(
        &self,
        event: &'p ir::Event,
        field: &'p ir::Field,
        given: Given<'p>,
    ) -> (FieldKind<'p>, Field<'p>) {
        let place = self.place(field.node);
        let plain = |values: Values<'p>| {
            // A constant that a metric measures is what nobody sets.
            let unset = field.unset.as_ref().or(field.constant.as_ref());
            let unset = unset.map(|unset| self.arena.literal(unset));
            FieldKind::Plain { slot: self.arena.slot(&field.key, &values, place), unset }
        };
        let kind = match &*field.value {
            FieldValue::Meaning { meaning, .. } => {
                let meaning = self.meaning_table(*meaning);
                FieldKind::Meaning { meaning, unset: variant(meaning, field.unset.as_ref()) }
            }
            FieldValue::Contexts => FieldKind::Contexts,
            FieldValue::Plain(domain) => plain(self.attributes.of_field(field, domain)),
        };
        (kind, Field { said: self.said(event.node, field.node, &field.docs, type_of(field)), given })
    }

    /// An observed metric.
    pub(super) fn observed(&self, metric: &'p Instrument) -> Observed<'p> {
        let plain = |name, slot, at: usize| {
            let kind = FieldKind::Plain { slot, unset: None };
            tables::Field { name, kind, at: number(at), at_begin: true }
        };
        let (mut fields, mut labels) = (Vec::new(), Vec::new());
        for writer in &metric.writers {
            let (WriterValue::Observed(attribute), Some(domain)) = (&*writer.value, writer.domain()) else {
                continue;
            };
            let values = self.attributes.values(Some(attribute), domain);
            let slot = self.arena.slot(attribute, &values, self.place(writer.node));
            fields.push(plain(writer.key.as_str(), slot, fields.len()));
            labels.push(self.said(metric.node, writer.node, self.docs_of(attribute), Some(&domain.value)));
        }
        let value_type = match *metric.number {
            NumberType::Int => ValueType::Int,
            NumberType::Double => ValueType::Double,
        };
        let key = Key::new(MEASURED, value_type, self.place(metric.node));
        let measured = tables::Slot { key, only: None, bounded: None, other: None };
        let number_of_labels = fields.len();
        fields.push(plain(MEASURED, measured, number_of_labels));
        let table = tables::Observed {
            scope: self.container_table(*metric.scope),
            fields: self.arena.list(fields),
            metric: self.metric(metric, Named::Observed(number_of_labels)),
        };
        Observed { table, docs: &metric.docs, metric: self.nodes(metric), labels }
    }
}

/// The number of the variant that a meaning is where nobody set it.
fn variant(meaning: &tables::Meaning<'_>, unset: Option<&ir::Literal>) -> Option<u16> {
    let Some(ir::Literal::String(name)) = unset else { return None };
    meaning.variants.iter().position(|variant| variant.name == name).map(number)
}

/// Why nothing can begin an event, by the numbers of its fields.
fn hindrances(event: &ir::Event, layout: &Layout<'_>) -> Vec<Hindrance> {
    let number = |field: FieldId| layout.number(field).map(usize::from);
    let numbered = |hindrance| {
        Some(match hindrance {
            ir::Hindrance::Unsaid(field) => Hindrance::Unsaid(number(field)?),
            ir::Hindrance::Ambiguous(one, other) => Hindrance::Ambiguous(number(one)?, number(other)?),
            ir::Hindrance::DropsInvalid => Hindrance::DropsInvalid,
            ir::Hindrance::SpanWaits(field) => Hindrance::SpanWaits(number(field)?),
        })
    };
    event.hindrances().into_iter().filter_map(numbered).collect()
}

/// The type of a field that is neither a meaning nor contexts.
fn type_of(field: &ir::Field) -> Option<&Type> {
    match &*field.value {
        FieldValue::Plain(domain) => Some(&domain.value),
        FieldValue::Meaning { .. } | FieldValue::Contexts => None,
    }
}
