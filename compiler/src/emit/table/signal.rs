//! Metrics, log records and spans as tables.

use super::code::{double, list, text};
use super::tables::{Tables, numbers};
use crate::check::{Count, points};
use crate::emit::layout::{Holds, Layout};
use crate::ir::{
    Buckets, Instrument, InstrumentKind, Literal, Log, NumberType, Passes, SignalWriter, Span, SpanKind,
    Template, TemplatePart, Test, When, WriterValue,
};

/// The fields that the writers and tests of a signal name, by their numbers.
#[derive(Clone, Copy)]
pub(super) enum Named<'l, 'c> {
    /// Those of an event.
    Event(&'l Layout<'c>),
    /// The labels of an observed metric, in the order of the list, and the measured value behind them.
    Observed(usize),
}

impl Tables<'_> {
    /// A metric as an expression of type `Metric<'static>`.
    pub(super) fn metric(&self, metric: &Instrument, named: Named<'_, '_>) -> String {
        let paths = self.paths;
        let kind = match metric.kind {
            Some(InstrumentKind::Counter) | None => "Counter",
            Some(InstrumentKind::UpDown) => "UpDownCounter",
            Some(InstrumentKind::Gauge) => "Gauge",
            Some(InstrumentKind::Histogram) => "Histogram",
        };
        let number = match metric.number {
            Some(NumberType::Int) | None => "Int",
            Some(NumberType::Double) => "Double",
        };
        let value = match (named, &metric.value) {
            (Named::Observed(labels), _) => Some(labels),
            (Named::Event(layout), Some(value)) => layout.number(value),
            (Named::Event(_), None) => None,
        };
        let of_buckets = paths.table("Buckets");
        let buckets = match &metric.buckets {
            None => format!("{of_buckets}::None"),
            Some(Buckets::Explicit(bounds)) => {
                format!("{of_buckets}::Explicit({})", list(bounds, |bound| double(*bound)))
            }
            Some(Buckets::Exponential) => format!("{of_buckets}::Exponential"),
        };
        format!(
            "{} {{ name: {}, description: {}, unit: {}, kind: {}::{kind}, number: {}::{number}, value: {}, \
             buckets: {buckets}, points: {}, limit: {}, until: {}, when: {}, labels: {} }}",
            paths.table("Metric"),
            text(&metric.name),
            text(&self.description(metric)),
            text(&metric.unit),
            paths.table("InstrumentKind"),
            paths.table("NumberType"),
            paths.option(value.map(|number| number.to_string())),
            self.points(metric),
            paths.option(metric.limit.map(|limit| limit.points.to_string())),
            self.maybe_text(metric.until.as_deref()),
            self.tests(metric.when.as_ref(), named),
            self.writers(&metric.writers, named)
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

    /// A log as an expression of type `Log<'static>`.
    pub(super) fn log(&self, log: &Log, layout: &Layout<'_>) -> String {
        let named = Named::Event(layout);
        format!(
            "{} {{ name: {}, severity: {}, body: {}, until: {}, when: {}, attributes: {} }}",
            self.paths.table("Log"),
            text(&log.name),
            self.paths.option(log.severity.map(|severity| self.severity(severity))),
            log.body.as_ref().map_or_else(|| "&[]".to_owned(), |body| self.parts(body, layout)),
            self.maybe_text(log.until.as_deref()),
            self.tests(log.when.as_ref(), named),
            self.writers(&log.writers, named)
        )
    }

    /// A span as an expression of type `Span<'static>`.
    pub(super) fn span(&self, span: &Span, layout: &Layout<'_>) -> String {
        let paths = self.paths;
        let named = Named::Event(layout);
        let kind = match span.kind {
            SpanKind::Internal => "Internal",
            SpanKind::Server => "Server",
            SpanKind::Client => "Client",
            SpanKind::Producer => "Producer",
            SpanKind::Consumer => "Consumer",
        };
        let links = span.links.as_ref().and_then(|field| layout.number(field));
        format!(
            "{} {{ name: {}, kind: {}::{kind}, links: {}, when: {}, attributes: {} }}",
            paths.table("Span"),
            paths.option(span.name.as_ref().map(|name| self.parts(name, layout))),
            paths.table("SpanKind"),
            paths.option(links.map(|number| number.to_string())),
            self.tests(span.when.as_ref(), named),
            self.writers(&span.writers, named)
        )
    }

    /// The parts of a text whose holes are fields. A constant is a part of the text.
    fn parts(&self, template: &Template, layout: &Layout<'_>) -> String {
        let of = self.paths.table("TextPart");
        let mut parts: Vec<String> = Vec::new();
        let mut pending = String::new();
        for part in &template.parts {
            let (TemplatePart::Hole(name) | TemplatePart::Key(name)) = part else {
                if let TemplatePart::Text(text) = part {
                    pending.push_str(text);
                }
                continue;
            };
            match (layout.constant(name), layout.number(name)) {
                (Some(constant), _) => pending.push_str(&constant.value().to_string()),
                (None, Some(number)) => {
                    if !pending.is_empty() {
                        parts.push(format!("{of}::Text({})", text(&std::mem::take(&mut pending))));
                    }
                    parts.push(format!("{of}::Field({number})"));
                }
                (None, None) => {}
            }
        }
        if !pending.is_empty() {
            parts.push(format!("{of}::Text({})", text(&pending)));
        }
        list(&parts, String::clone)
    }

    fn writers(&self, writers: &[SignalWriter], named: Named<'_, '_>) -> String {
        let of = self.paths.table("Writer");
        let mut observed = 0_usize..;
        // A writer whose value can't be known is another root's mistake.
        let known: Vec<String> = writers
            .iter()
            .filter_map(|writer| {
                let value = self.writer(writer.value.as_ref()?, named, &mut observed)?;
                Some(format!("{of} {{ key: {}, value: {value} }}", text(&writer.key)))
            })
            .collect();
        list(&known, String::clone)
    }

    fn writer(
        &self,
        value: &WriterValue,
        named: Named<'_, '_>,
        observed: &mut impl Iterator<Item = usize>,
    ) -> Option<String> {
        let of = self.paths.table("WriterValue");
        let constant = |literal: &Literal| Some(format!("{of}::Constant({})", self.paths.literal(literal)));
        match (value, named) {
            (WriterValue::Constant(literal), _) => constant(literal),
            (WriterValue::Field(name), Named::Event(layout)) => match layout.constant(name) {
                Some(literal) => constant(literal),
                None => Some(format!("{of}::Field({})", layout.number(name)?)),
            },
            (WriterValue::Meaning { field, face }, Named::Event(layout)) => {
                Some(format!("{of}::Meaning({}, {})", layout.number(field)?, (self.meaning)(face)))
            }
            (WriterValue::Observed(_), Named::Observed(_)) => {
                Some(format!("{of}::Field({})", observed.next()?))
            }
            _ => None,
        }
    }

    /// The tests of a condition. One of a constant passes always, or the condition would never hold.
    fn tests(&self, when: Option<&When>, named: Named<'_, '_>) -> String {
        let Named::Event(layout) = named else { return "&[]".to_owned() };
        let tests = when.map_or(&[][..], |when| when.tests.as_slice());
        let known: Vec<String> = tests.iter().filter_map(|test| self.test(test, layout)).collect();
        list(&known, String::clone)
    }

    fn test(&self, test: &Test, layout: &Layout<'_>) -> Option<String> {
        let field = layout.number(&test.field).filter(|_| layout.constant(&test.field).is_none())?;
        let of = self.paths.table("Passes");
        let passes = match &test.passes {
            Passes::Present => format!("{of}::Present"),
            Passes::In(values) => format!("{of}::In({})", self.tested(values, layout, field)),
            Passes::NotIn(values) => format!("{of}::NotIn({})", self.tested(values, layout, field)),
        };
        Some(format!("{} {{ field: {field}, passes: {passes} }}", self.paths.table("Test")))
    }

    /// The numbers of the values that a test names, and those that have none.
    fn tested(&self, values: &[Literal], layout: &Layout<'_>, field: usize) -> String {
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
                None => others.push(value),
            }
        }
        format!("{}, {}", numbers(&known), self.literals(&others))
    }
}
