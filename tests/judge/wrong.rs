//! Plans with one thing wrong in them. A judge that lets one of them pass judges nothing.

use slo_model::event::{
    Event, Field, FieldKind, Level, Log, Meaning, Metric, Severity, Slot, Span, SpanEvent, SpanKind, Variant,
    Writer,
};
use slo_model::{Key, Literal};

type Table = Event<'static>;

/// A mistake, and the plan with it; none where there is nothing to get wrong.
pub(crate) struct Mistake {
    pub(crate) name: &'static str,
    pub(crate) make: fn(Table) -> Option<Table>,
}

fn keep<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

/// The table with each metric changed, if one is.
fn metrics(table: Table, change: impl Fn(&mut Metric<'static>) -> bool) -> Option<Table> {
    let mut metrics = table.metrics.to_vec();
    let changed = metrics.iter_mut().filter_map(|metric| change(metric).then_some(())).count();
    (changed > 0).then(|| Event { metrics: keep(metrics), ..table })
}

/// The table with each log changed, if one is.
fn log(table: Table, change: impl Fn(&mut Log<'static>) -> bool) -> Option<Table> {
    let mut logs = table.logs.to_vec();
    let changed = logs.iter_mut().filter_map(|log| change(log).then_some(())).count();
    (changed > 0).then(|| Event { logs: keep(logs), ..table })
}

fn span(table: Table, change: impl Fn(&mut Span<'static>) -> bool) -> Option<Table> {
    let mut span = table.span?;
    change(&mut span).then_some(Event { span: Some(span), ..table })
}

/// The table with each event on a span changed, if one is.
fn span_events(table: Table, change: impl Fn(&mut SpanEvent<'static>) -> bool) -> Option<Table> {
    let mut span_events = table.span_events.to_vec();
    let changed = span_events.iter_mut().filter_map(|one| change(one).then_some(())).count();
    (changed > 0).then(|| Event { span_events: keep(span_events), ..table })
}

fn fields(table: Table, change: impl Fn(&mut Field<'static>) -> bool) -> Option<Table> {
    let mut fields = table.fields.to_vec();
    let changed = fields.iter_mut().filter_map(|field| change(field).then_some(())).count();
    (changed > 0).then(|| Event { fields: keep(fields), ..table })
}

fn slots(table: Table, change: impl Fn(&mut Slot<'static>) -> bool) -> Option<Table> {
    fields(table, |field| match &mut field.kind {
        FieldKind::Plain { slot, .. } => change(slot),
        _ => false,
    })
}

/// Levels with each variant changed, if one is.
fn texts(levels: &mut &'static [Level<'static>], change: impl Fn(&mut Variant<'static>) -> bool) -> bool {
    let mut changed = false;
    let each = levels.iter().map(|level| {
        let mut variants = level.meaning.variants.to_vec();
        variants.iter_mut().for_each(|variant| changed |= change(variant));
        let meaning = Meaning { variants: keep(variants), ..*level.meaning };
        Level { meaning: Box::leak(Box::new(meaning)), ..*level }
    });
    *levels = keep(each.collect());
    changed
}

/// Takes the list away, if there is one.
fn empties<T>(list: &mut &'static [T]) -> bool {
    !std::mem::take(list).is_empty()
}

/// Takes the last writer away, if there is one.
fn shortens(list: &mut &'static [Writer<'static>]) -> bool {
    let Some((_, rest)) = list.split_last() else { return false };
    *list = rest;
    true
}

fn key(slot: &mut Slot<'static>, change: impl Fn(&mut Key<'static>) -> bool) -> bool {
    change(&mut slot.key)
}

macro_rules! mistakes {
    ($($name:literal => $make:expr;)*) => {
        pub(crate) const MISTAKES: &[Mistake] = &[$(Mistake { name: $name, make: $make }),*];
    };
}

mistakes! {
    "a metric counts what it should measure" => |table| metrics(table, |metric| metric.value.take().is_some());
    "a metric counts all records" => |table| metrics(table, |metric| empties(&mut metric.when));
    "a label is missing" => |table| metrics(table, |metric| shortens(&mut metric.labels));
    "a metric has no limit" => |table| metrics(table, |metric| metric.limit.take().is_some());
    "a limit is one too high" => |table| metrics(table, |metric| {
        metric.limit = metric.limit.map(|limit| limit + 1);
        metric.limit.is_some()
    });
    "what runs is not counted" => |table| (!table.running.is_empty()).then_some(Event { running: &[], ..table });
    "the severity is another" => |table| log(table, |log| {
        log.severity = log.severity.map(|severity| match severity {
            Severity::Info => Severity::Warn,
            _ => Severity::Info,
        });
        log.severity.is_some()
    });
    "a severity's text is missing" => |table| log(table, |log| log.severity_text.take().is_some());
    "the body is missing" => |table| log(table, |log| empties(&mut log.body));
    "a log is written of all records" => |table| log(table, |log| empties(&mut log.when));
    "an attribute of a log is missing" => |table| log(table, |log| shortens(&mut log.attributes));
    "the last log is missing" => |table| table.logs.split_last().map(|(_, logs)| Event { logs, ..table });
    "a log has a name" => |table| log(table, |log| log.name.is_none() && log.name.replace("wrong").is_none());
    "a meaning gives a log no severity" => |table| log(table, |log| empties(&mut log.levels));
    "a variant's body is missing" => |table| log(table, |log| texts(&mut log.levels, |variant| empties(&mut variant.body)));
    "a description is missing" => |table| span(table, |span| {
        texts(&mut span.levels, |variant| empties(&mut variant.status_description))
    });
    "a meaning gives a span no status" => |table| span(table, |span| empties(&mut span.levels));
    "the span's kind is another" => |table| span(table, |span| {
        let other = if span.kind == SpanKind::Server { SpanKind::Client } else { SpanKind::Server };
        span.kind = other;
        span.name.is_some()
    });
    "the span's name is cut" => |table| span(table, |span| match span.name {
        Some([_, rest @ ..]) => {
            span.name = Some(rest);
            true
        }
        _ => false,
    });
    "links are missing" => |table| span(table, |span| span.links.take().is_some());
    "a span is written of all records" => |table| span(table, |span| empties(&mut span.when));
    "an attribute of a span is missing" => |table| span(table, |span| shortens(&mut span.attributes));
    "an event on a span is missing" => |table| (!table.span_events.is_empty()).then_some(Event { span_events: &[], ..table });
    "an event on a span is written of all records" => |table| span_events(table, |one| empties(&mut one.when));
    "an attribute of an event on a span is missing" => |table| span_events(table, |one| shortens(&mut one.attributes));
    "what does not fit drops nothing" => |table| table.drop_invalid.then_some(Event { drop_invalid: false, ..table });
    "a period is of another unit" => |table| table.elapsed.map(|mut elapsed| {
        elapsed.nanoseconds *= 1e3;
        Event { elapsed: Some(elapsed), ..table }
    });
    "what nobody set is absent" => |table| fields(table, |field| match &mut field.kind {
        FieldKind::Plain { unset, .. } => unset.take().is_some(),
        FieldKind::Meaning { unset, .. } => unset.take().is_some(),
        FieldKind::Contexts => false,
    });
    "a bound is one too high" => |table| slots(table, |slot| {
        slot.bounded = slot.bounded.map(|mut bounded| {
            bounded.values += 1;
            bounded
        });
        slot.bounded.is_some()
    });
    "something else stands for the rest" => |table| slots(table, |slot| {
        slot.other = slot.other.map(|_| Literal::String("wrong"));
        slot.other.is_some()
    });
    "members are allowed that `only=` leaves out" => |table| slots(table, |slot| slot.only.take().is_some());
    "a range is not kept" => |table| slots(table, |slot| key(slot, |key| key.range.take().is_some()));
    "what is excepted fits" => |table| slots(table, |slot| key(slot, |key| empties(&mut key.except)));
    "a text may have any length" => |table| slots(table, |slot| key(slot, |key| key.max_length.take().is_some()));
    "a key is another" => |table| {
        let other = |writer: &Writer<'static>| Writer { key: if writer.key.is_empty() { "" } else { "wrong" }, ..*writer };
        log(table, |log| {
            let changed = log.attributes.iter().any(|writer| !writer.key.is_empty());
            log.attributes = keep(log.attributes.iter().map(other).collect());
            changed
        })
    };
}
