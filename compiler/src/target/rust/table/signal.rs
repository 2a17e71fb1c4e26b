//! Metrics, log records and spans as tables.

use super::code::tree_of_literal;
use super::tables::{Tables, maybe_text, numbers};
use super::tree::{
    BUCKETS, INSTRUMENT_KIND, Kind, NUMBER_TYPE, PASSES, SEVERITY, SPAN_KIND, TEXT_PART, Tree, WRITER_VALUE,
};
use crate::check::{Count, points};
use crate::ir::{
    Buckets, Instrument, InstrumentKind, Literal, Log, NumberType, Passes, Severity, SignalWriter, Span,
    SpanKind, Test, Text, TextPart, When, WriterValue,
};
use crate::plan::{Holds, Layout};

/// The fields that the writers and tests of a signal name, by their numbers.
#[derive(Clone, Copy)]
pub(super) enum Named<'l, 'c> {
    /// Those of an event.
    Event(&'l Layout<'c>),
    /// The labels of an observed metric, in the order of the list, and the measured value behind them.
    Observed(usize),
}

impl Tables<'_> {
    pub(super) fn metric(&self, metric: &Instrument, named: Named<'_, '_>) -> Tree {
        let kind = match metric.kind {
            Some(InstrumentKind::Counter) | None => 0,
            Some(InstrumentKind::UpDown) => 1,
            Some(InstrumentKind::Gauge) => 2,
            Some(InstrumentKind::Histogram) => 3,
        };
        let number = match metric.number {
            Some(NumberType::Int) | None => 0,
            Some(NumberType::Double) => 1,
        };
        let value = match (named, metric.value) {
            (Named::Observed(labels), _) => Some(labels),
            (Named::Event(layout), Some(value)) => layout.number(value),
            (Named::Event(_), None) => None,
        };
        let buckets = match &metric.buckets {
            None => Tree::unit(&BUCKETS, 0),
            Some(Buckets::Explicit(bounds)) => {
                Tree::Variant(&BUCKETS, 1, vec![Tree::list(bounds, |bound| Tree::Double(*bound))])
            }
            Some(Buckets::Exponential) => Tree::unit(&BUCKETS, 2),
        };
        let limit = metric.limit.map(|limit| Tree::Int(i64::from(limit.points)));
        Tree::Struct(
            Kind::Metric,
            vec![
                ("name", Tree::text(&metric.name)),
                ("description", Tree::text(self.description(metric))),
                ("unit", Tree::text(&metric.unit)),
                ("kind", Tree::unit(&INSTRUMENT_KIND, kind)),
                ("number", Tree::unit(&NUMBER_TYPE, number)),
                ("value", Tree::option(value.map(Tree::number))),
                ("buckets", buckets),
                ("points", Tree::Int(i64::from(self.points(metric)))),
                ("limit", Tree::option(limit)),
                ("until", maybe_text(metric.until.as_deref())),
                ("when", tests(metric.when.as_ref(), named)),
                ("labels", self.writers(&metric.writers, named)),
            ],
        )
    }

    /// What a metric is, in one line: one text wherever it is recorded, since the SDK makes two metrics of two.
    fn description(&self, metric: &Instrument) -> String {
        let same = self.contract.all_instruments().filter(|other| other.name == metric.name);
        let own = same.map(|other| other.docs.as_str()).find(|docs| !docs.is_empty());
        let declared = metric.convention.as_ref().map(|declared| declared.docs.as_str());
        own.or(declared).unwrap_or_default().lines().collect::<Vec<_>>().join(" ")
    }

    /// The most points of a metric, the one beyond its limit included.
    pub(super) fn points(&self, metric: &Instrument) -> u32 {
        if let Some(limit) = metric.limit {
            return limit.points.saturating_add(1);
        }
        match points(self.contract, metric).total {
            Count::Finite(count) => u32::try_from(count).unwrap_or(u32::MAX),
            Count::Unlimited => u32::MAX,
        }
    }

    pub(super) fn log(&self, log: &Log, layout: &Layout<'_>) -> Tree {
        let named = Named::Event(layout);
        Tree::Struct(
            Kind::Log,
            vec![
                ("name", Tree::text(&log.name)),
                ("severity", Tree::option(log.severity.map(severity))),
                ("body", log.body.as_ref().map_or(Tree::List(Vec::new()), |body| parts(body, layout))),
                ("until", maybe_text(log.until.as_deref())),
                ("when", tests(log.when.as_ref(), named)),
                ("attributes", self.writers(&log.writers, named)),
            ],
        )
    }

    pub(super) fn span(&self, span: &Span, layout: &Layout<'_>) -> Tree {
        let named = Named::Event(layout);
        let kind = match span.kind {
            SpanKind::Internal => 0,
            SpanKind::Server => 1,
            SpanKind::Client => 2,
            SpanKind::Producer => 3,
            SpanKind::Consumer => 4,
        };
        let links = span.links.and_then(|field| layout.number(field));
        Tree::Struct(
            Kind::Span,
            vec![
                ("name", Tree::option(span.name.as_ref().map(|name| parts(name, layout)))),
                ("kind", Tree::unit(&SPAN_KIND, kind)),
                ("links", Tree::option(links.map(Tree::number))),
                ("when", tests(span.when.as_ref(), named)),
                ("attributes", self.writers(&span.writers, named)),
            ],
        )
    }

    fn writers(&self, writers: &[SignalWriter], named: Named<'_, '_>) -> Tree {
        let mut observed = 0_usize..;
        // A writer whose value can't be known is another root's mistake.
        let known = writers.iter().filter_map(|writer| {
            let value = self.writer(writer.value.as_ref()?, named, &mut observed)?;
            Some(Tree::Struct(Kind::Writer, vec![("key", Tree::text(&writer.key)), ("value", value)]))
        });
        Tree::List(known.collect())
    }

    fn writer(
        &self,
        value: &WriterValue,
        named: Named<'_, '_>,
        observed: &mut impl Iterator<Item = usize>,
    ) -> Option<Tree> {
        let field = |number| Tree::Variant(&WRITER_VALUE, 0, vec![Tree::number(number)]);
        let constant =
            |literal: &Literal| Some(Tree::Variant(&WRITER_VALUE, 2, vec![tree_of_literal(literal)]));
        match (value, named) {
            (WriterValue::Constant(literal), _) => constant(literal),
            (WriterValue::Field(id), Named::Event(layout)) => match layout.constant(*id) {
                Some(literal) => constant(literal),
                None => layout.number(*id).map(field),
            },
            (WriterValue::Meaning { field, face }, Named::Event(layout)) => {
                let number = Tree::number(layout.number(*field)?);
                Some(Tree::Variant(
                    &WRITER_VALUE,
                    1,
                    vec![number, Tree::Meaning((self.meaning)(&self.contract.meaning(*face).full_name()))],
                ))
            }
            (WriterValue::Observed(_), Named::Observed(_)) => observed.next().map(field),
            _ => None,
        }
    }
}

pub(super) fn severity(severity: Severity) -> Tree {
    let number = match severity {
        Severity::Trace => 0,
        Severity::Debug => 1,
        Severity::Info => 2,
        Severity::Warn => 3,
        Severity::Error => 4,
        Severity::Fatal => 5,
    };
    Tree::unit(&SEVERITY, number)
}

/// The parts of a text whose holes are fields. A constant is a part of the text.
fn parts(text: &Text, layout: &Layout<'_>) -> Tree {
    let mut parts: Vec<Tree> = Vec::new();
    let mut pending = String::new();
    let known = |text: &mut String| Tree::Variant(&TEXT_PART, 0, vec![Tree::text(std::mem::take(text))]);
    for part in &text.parts {
        let field = match part {
            TextPart::Known(text) => {
                pending.push_str(text);
                continue;
            }
            TextPart::Field(field) => *field,
        };
        match (layout.constant(field), layout.number(field)) {
            (Some(constant), _) => pending.push_str(&constant.value().to_string()),
            (None, Some(number)) => {
                if !pending.is_empty() {
                    parts.push(known(&mut pending));
                }
                parts.push(Tree::Variant(&TEXT_PART, 1, vec![Tree::number(number)]));
            }
            (None, None) => {}
        }
    }
    if !pending.is_empty() {
        parts.push(known(&mut pending));
    }
    Tree::List(parts)
}

/// The tests of a condition. One of a constant passes always, or the condition would never hold.
fn tests(when: Option<&When>, named: Named<'_, '_>) -> Tree {
    let Named::Event(layout) = named else { return Tree::List(Vec::new()) };
    let tests = when.map_or(&[][..], |when| when.tests.as_slice());
    Tree::List(tests.iter().filter_map(|one| test(one, layout)).collect())
}

fn test(test: &Test, layout: &Layout<'_>) -> Option<Tree> {
    let field = layout.number(test.field).filter(|_| layout.constant(test.field).is_none())?;
    let passes = match &test.passes {
        Passes::In(values) => Tree::Variant(&PASSES, 0, tested(values, layout, field)),
        Passes::NotIn(values) => Tree::Variant(&PASSES, 1, tested(values, layout, field)),
        Passes::Present => Tree::unit(&PASSES, 2),
    };
    Some(Tree::Struct(Kind::Test, vec![("field", Tree::number(field)), ("passes", passes)]))
}

/// The numbers of the values that a test names, and those that have none.
fn tested(values: &[Literal], layout: &Layout<'_>, field: usize) -> Vec<Tree> {
    let number = |value: &Literal| match (&layout.fields.get(field)?.holds, value) {
        (Holds::Meaning(meaning), Literal::String(name)) => {
            meaning.variants.iter().position(|variant| variant.name == *name)
        }
        (Holds::Plain(_), Literal::Bool(truth)) => Some(usize::from(*truth)),
        (Holds::Plain(plain), value) => plain.number(value),
        _ => None,
    };
    let (mut known, mut others) = (Vec::new(), Vec::new());
    for value in values {
        match number(value) {
            Some(number) => known.push(number),
            None => others.push(tree_of_literal(value)),
        }
    }
    vec![numbers(&known), Tree::List(others)]
}
