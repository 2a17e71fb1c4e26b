//! Metrics, log records and spans.

use slo_model::event as tables;
use slo_model::event::{
    Buckets, FieldKind, InstrumentKind, Level, NumberType, Passes, Severity, SpanKind, Test, TextPart,
    Writer, WriterValue,
};

use super::convert::number;
use super::event::Layout;
use super::planner::Planner;
use slo_model::Container;

use crate::ir::{
    self, ContainerId, Instrument, Leaf, LevelWriter, Log, SignalWriter, Span, SpanEvent, Text, VariantText,
    When,
};
use crate::measure::{Count, points};

/// The fields that the writers and tests of a signal name, by their numbers.
#[derive(Clone, Copy)]
pub(super) enum Named<'l, 'p> {
    /// Those of an event.
    Event(&'l Layout<'p>),
    /// So many labels of an observed metric, in the order of the list, and the measured value behind them.
    Observed(usize),
}

/// What stands in a hole of a text.
enum Hole {
    Known(String),
    Value(u16),
}

impl<'p> Planner<'p> {
    pub(super) fn metric(&self, metric: &'p Instrument, named: Named<'_, 'p>) -> tables::Metric<'p> {
        let (layout, value) = match (named, metric.value) {
            (Named::Observed(labels), _) => (None, Some(number(labels))),
            (Named::Event(layout), value) => (Some(layout), value.and_then(|value| layout.number(value))),
        };
        tables::Metric {
            name: &metric.name,
            scope: match named {
                Named::Event(layout) => self.other_scope(*metric.scope, layout),
                Named::Observed(_) => None,
            },
            description: self.description(metric),
            unit: &metric.unit,
            kind: match *metric.kind {
                ir::InstrumentKind::Counter => InstrumentKind::Counter,
                ir::InstrumentKind::UpDown => InstrumentKind::UpDownCounter,
                ir::InstrumentKind::Gauge => InstrumentKind::Gauge,
                ir::InstrumentKind::Histogram => InstrumentKind::Histogram,
            },
            number: match *metric.number {
                ir::NumberType::Int => NumberType::Int,
                ir::NumberType::Double => NumberType::Double,
            },
            value,
            buckets: match metric.buckets() {
                None => Buckets::None,
                Some(ir::Buckets::Explicit(bounds)) => Buckets::Explicit(bounds),
                Some(ir::Buckets::Exponential) => Buckets::Exponential,
            },
            points: self.points(metric),
            limit: metric.limit.map(|limit| limit.points),
            until: metric.until.as_deref(),
            when: layout.map_or(&[], |layout| self.tests(metric.when.as_ref(), layout)),
            labels: self.writers(&metric.writers, named),
        }
    }

    /// The scope of a signal, where it is another than its event's.
    fn other_scope(&self, scope: ContainerId, layout: &Layout<'p>) -> Option<&'p Container<'p>> {
        (Some(scope) != layout.scope()).then(|| self.container_table(scope))
    }

    /// What a metric is, in one line: one text wherever it is recorded, since the SDK makes two metrics of two.
    fn description(&self, metric: &'p Instrument) -> &'p str {
        let declared = metric.convention.as_ref().map(|declared| declared.docs.as_str());
        let docs = self.metrics().docs.get(metric.name.as_str()).copied().or(declared).unwrap_or_default();
        if docs.contains(['\n', '\r']) {
            return self.arena.text(docs.lines().collect::<Vec<_>>().join(" "));
        }
        docs
    }

    /// The most points of a metric, the one beyond its limit included.
    fn points(&self, metric: &Instrument) -> u32 {
        if let Some(limit) = metric.limit {
            return limit.points.saturating_add(1);
        }
        match points(self.contract, metric).total {
            Count::Finite(count) => u32::try_from(count).unwrap_or(u32::MAX),
            Count::Unlimited => u32::MAX,
        }
    }

    pub(super) fn log(&self, log: &'p Log, layout: &Layout<'p>) -> tables::Log<'p> {
        tables::Log {
            name: log.name.as_deref(),
            scope: self.other_scope(*log.scope, layout),
            levels: self.levels(&log.levels, layout, |variant| variant.severity.is_some()),
            severity: log.severity.map(severity),
            severity_text: log.severity_text.as_deref(),
            body: log.body.as_ref().map_or(&[], |body| self.text_parts(body, layout)),
            until: log.until.as_deref(),
            when: self.tests(log.when.as_ref(), layout),
            attributes: self.writers(&log.writers, Named::Event(layout)),
        }
    }

    /// The meanings that give a level.
    fn levels(
        &self,
        levels: &[Leaf<LevelWriter>],
        layout: &Layout<'p>,
        gives: impl Fn(&ir::Variant) -> bool,
    ) -> &'p [Level<'p>] {
        let giving =
            levels.iter().filter(|level| self.contract.meaning(level.face).variants.iter().any(&gives));
        let known = giving.filter_map(|level| {
            Some(Level { field: layout.number(level.field)?, meaning: self.meaning_table(level.face) })
        });
        self.arena.list(known.collect())
    }

    pub(super) fn span(&self, span: &'p Span, layout: &Layout<'p>) -> tables::Span<'p> {
        tables::Span {
            name: span.name.as_ref().map(|name| self.text_parts(name, layout)),
            scope: span.scope.as_ref().and_then(|scope| self.other_scope(**scope, layout)),
            kind: match span.kind {
                ir::SpanKind::Internal => SpanKind::Internal,
                ir::SpanKind::Server => SpanKind::Server,
                ir::SpanKind::Client => SpanKind::Client,
                ir::SpanKind::Producer => SpanKind::Producer,
                ir::SpanKind::Consumer => SpanKind::Consumer,
            },
            levels: self.levels(&span.levels, layout, |variant| variant.status.is_some()),
            links: span.links.and_then(|field| layout.number(field)),
            when: self.tests(span.when.as_ref(), layout),
            attributes: self.writers(&span.writers, Named::Event(layout)),
        }
    }

    pub(super) fn span_event(&self, one: &'p SpanEvent, layout: &Layout<'p>) -> tables::SpanEvent<'p> {
        tables::SpanEvent {
            name: self.text_parts(&one.name, layout),
            when: self.tests(one.when.as_ref(), layout),
            attributes: self.writers(&one.writers, Named::Event(layout)),
        }
    }

    fn writers(&self, writers: &'p [SignalWriter], named: Named<'_, 'p>) -> &'p [Writer<'p>] {
        let mut observed = 0..;
        let known = writers.iter().filter_map(|writer| {
            let value = self.writer(&writer.value, named, &mut observed)?;
            Some(Writer { key: &writer.key, value })
        });
        self.arena.list(known.collect())
    }

    fn writer(
        &self,
        value: &'p ir::WriterValue,
        named: Named<'_, 'p>,
        observed: &mut impl Iterator<Item = usize>,
    ) -> Option<WriterValue<'p>> {
        Some(match (value, named) {
            (ir::WriterValue::Constant(literal), _) => WriterValue::Constant(self.arena.literal(literal)),
            (ir::WriterValue::Field(id), Named::Event(layout)) => match layout.constant(*id) {
                Some(literal) => WriterValue::Constant(self.arena.literal(literal)),
                None => WriterValue::Field(layout.number(*id)?),
            },
            (ir::WriterValue::ToString(id), Named::Event(layout)) => match layout.constant(*id) {
                Some(literal) => {
                    let text = self.arena.text(literal.value().to_string());
                    WriterValue::Constant(slo_model::Literal::String(text))
                }
                None => WriterValue::Text(layout.number(*id)?),
            },
            (ir::WriterValue::Meaning { field, face }, Named::Event(layout)) => {
                WriterValue::Meaning(layout.number(*field)?, self.meaning_table(*face))
            }
            (ir::WriterValue::Observed(_), Named::Observed(_)) => {
                WriterValue::Field(number(observed.next()?))
            }
            _ => return None,
        })
    }

    /// The parts of a text whose holes are fields. A constant is a part of the text.
    fn text_parts(&self, text: &Text, layout: &Layout<'p>) -> &'p [TextPart<'p>] {
        self.parts(text, |field| match layout.constant(field) {
            Some(constant) => Some(Hole::Known(constant.value().to_string())),
            None => layout.number(field).map(Hole::Value),
        })
    }

    /// The parts of a text whose holes are payloads.
    pub(super) fn payload_parts(&self, text: Option<&VariantText>) -> &'p [TextPart<'p>] {
        text.map_or(&[], |text| self.parts(&text.text, |id| Some(Hole::Value(number(id.index())))))
    }

    fn parts<I: Copy>(&self, text: &Text<I>, hole: impl Fn(I) -> Option<Hole>) -> &'p [TextPart<'p>] {
        let mut parts = Vec::new();
        let mut pending = String::new();
        for part in &text.parts {
            let hole = match part {
                ir::TextPart::Known(text) => {
                    pending.push_str(text);
                    continue;
                }
                ir::TextPart::Value(id) => hole(*id),
            };
            match hole {
                Some(Hole::Known(text)) => pending.push_str(&text),
                Some(Hole::Value(number)) => {
                    if !pending.is_empty() {
                        parts.push(TextPart::Text(self.arena.text(std::mem::take(&mut pending))));
                    }
                    parts.push(TextPart::Value(number));
                }
                None => {}
            }
        }
        if !pending.is_empty() {
            parts.push(TextPart::Text(self.arena.text(pending)));
        }
        self.arena.list(parts)
    }

    /// The tests of a condition. One of a constant passes always, or the condition would never hold.
    fn tests(&self, when: Option<&'p When>, layout: &Layout<'p>) -> &'p [Test<'p>] {
        let tests = when.into_iter().flat_map(When::tests);
        let tests = tests.filter(|test| layout.constant(test.field).is_none());
        let known = tests.filter_map(|test| {
            let field = layout.number(test.field)?;
            let kind = layout.fields.get(usize::from(field)).map(|field| &field.kind);
            let tested = |values| self.tested(values, kind);
            let passes = match &test.passes {
                ir::Passes::In(values) => {
                    let (numbers, others) = tested(values);
                    Passes::In(numbers, others)
                }
                ir::Passes::NotIn(values) => {
                    let (numbers, others) = tested(values);
                    Passes::NotIn(numbers, others)
                }
                ir::Passes::Present => Passes::Present,
            };
            Some(Test { field, passes })
        });
        self.arena.list(known.collect())
    }

    /// The numbers of the values that a test names, and those that have none.
    fn tested(
        &self,
        values: &'p [ir::Literal],
        field: Option<&FieldKind<'p>>,
    ) -> (&'p [u16], &'p [slo_model::Literal<'p>]) {
        let (mut numbers, mut others) = (Vec::new(), Vec::new());
        for value in values {
            let literal = self.arena.literal(value);
            let number = match (field, value) {
                (Some(FieldKind::Meaning { meaning, .. }), ir::Literal::String(name)) => {
                    meaning.variants.iter().position(|variant| variant.name == name)
                }
                (Some(FieldKind::Plain { .. }), ir::Literal::Bool(truth)) => Some(usize::from(*truth)),
                (Some(FieldKind::Plain { slot, .. }), _) => {
                    let members = slot.key.members.unwrap_or_default();
                    members.iter().position(|member| member.wire == literal)
                }
                _ => None,
            };
            match number {
                Some(number) => numbers.push(number),
                None => others.push(literal),
            }
        }
        (self.arena.numbers(numbers), self.arena.list(others))
    }
}

pub(super) fn severity(severity: ir::Severity) -> Severity {
    match severity {
        ir::Severity::Unspecified => Severity::Unspecified,
        ir::Severity::Trace => Severity::Trace,
        ir::Severity::Debug => Severity::Debug,
        ir::Severity::Info => Severity::Info,
        ir::Severity::Warn => Severity::Warn,
        ir::Severity::Error => Severity::Error,
        ir::Severity::Fatal => Severity::Fatal,
    }
}
