//! What only takes numbers from zero on: counters, and histograms of integers, which the SDK has of unsigned ones only.

use slo_model::event::{FieldKind, InstrumentKind, Metric, NumberType, Passes, Slot, Test};
use slo_model::{Key, Literal, Range, Value, ValueType};

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Given, Plan};
use crate::text::grouped;

/// The greatest integer up to which a double has all of them.
const MOST: u64 = (1 << 53) - 1;

pub(super) fn check(plan: &Plan<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for event in plan.events() {
        for (metric, said) in event.table.metrics.iter().zip(&event.metrics) {
            let (Some(takes), Some(number)) = (takes(metric), metric.value.map(usize::from)) else {
                continue;
            };
            let (Some(field), Some(measured)) = (event.table.fields.get(number), event.fields.get(number))
            else {
                continue;
            };
            let FieldKind::Plain { slot, .. } = &field.kind else { continue };
            let tests = metric.when.iter().filter(|test| usize::from(test.field) == number);
            let found = match measured.given {
                // A clock that was set back makes a period without length.
                Given::Elapsed => None,
                Given::Constant(constant) => is_below(constant).then(|| {
                    let why = format!("it is always `{}`", Value::from(constant));
                    (why, "measure what is zero or more".to_owned())
                }),
                Given::Begin | Given::Later => below(slot, &tests.collect::<Vec<_>>(), takes),
            };
            let Some((why, help)) = found else { continue };
            diagnostics.push(
                Diagnostic::new(
                    Code::BelowZero,
                    plan.places.place(said.value),
                    format!("`{}` is {takes}, and `{}` may be below zero", metric.name, field.name),
                )
                .about(metric.name)
                .about(field.name)
                .and(plan.places.place(measured.said.node), why)
                .help(help),
            );
        }
    }
}

/// What a metric is that takes nothing below zero.
fn takes(metric: &Metric<'_>) -> Option<&'static str> {
    match (metric.kind, metric.number) {
        (InstrumentKind::Counter, _) => Some("a counter"),
        (InstrumentKind::Histogram, NumberType::Int) => Some("a histogram of integers"),
        _ => None,
    }
}

/// What says that a field may be below zero where these tests pass, if it may, and what to write.
fn below(slot: &Slot<'_>, tests: &[&Test<'_>], takes: &str) -> Option<(String, String)> {
    let key = &slot.key;
    let listed = listed(slot, tests);
    let why = match (&listed, ends(key)) {
        (Some(values), _) => {
            let below =
                values.iter().find(|value| is_below(**value) && key.check(&Value::from(**value)).is_ok())?;
            format!("it may be `{}`", Value::from(*below))
        }
        (None, Some(Range::Int(low, _))) if low >= 0 => return None,
        (None, Some(Range::Double(low, _))) if low >= 0.0 => return None,
        (None, Some(range)) => format!("its range is `{range}`"),
        (None, None) => "it has no range".to_owned(),
    };
    Some((why, help(key, listed.is_some(), takes)))
}

/// The values that pass the tests, where they can be listed: of an open enum only what a test names can be.
fn listed<'p>(slot: &Slot<'p>, tests: &[&Test<'p>]) -> Option<Vec<Literal<'p>>> {
    let members = slot.key.members.unwrap_or_default();
    let numbered = (0_u16..).zip(members).map(|(number, member)| (Some(number), member.wire));
    let passes = |(number, value): &(Option<u16>, Literal<'_>)| {
        tests.iter().all(|test| {
            let is = |numbers: &[u16], others: &[Literal<'_>]| {
                number.is_some_and(|number| numbers.contains(&number)) || others.contains(value)
            };
            match test.passes {
                Passes::In(numbers, others) => is(numbers, others),
                Passes::NotIn(numbers, others) => !is(numbers, others),
                Passes::Present => true,
            }
        })
    };
    let is_closed = slot.key.members.is_some() && !slot.key.open;
    let named = tests.iter().find_map(|test| match test.passes {
        Passes::In(_, others) => Some(others),
        Passes::NotIn(..) | Passes::Present => None,
    });
    if !is_closed && named.is_none() {
        return None;
    }
    let allowed = numbered.filter(|(number, _)| {
        slot.only.is_none_or(|only| number.is_some_and(|number| only.contains(&number)))
    });
    let others = named.unwrap_or_default().iter().map(|value| (None, *value));
    Some(allowed.chain(others).filter(passes).map(|(_, value)| value).collect())
}

/// The range from the least number that is not excepted.
fn ends(key: &Key<'_>) -> Option<Range> {
    let Some(Range::Int(mut low, high)) = key.range else { return key.range };
    while low < high && key.except.contains(&Literal::Int(low)) {
        low += 1;
    }
    Some(Range::Int(low, high))
}

fn is_below(literal: Literal<'_>) -> bool {
    match literal {
        Literal::Int(number) => number < 0,
        Literal::Double(number) => number < 0.0,
        _ => false,
    }
}

/// What to write.
fn help(key: &Key<'_>, is_listed: bool, takes: &str) -> String {
    let other = match takes {
        "a counter" => "make the metric an `updowncounter`",
        _ => "measure a `double`",
    };
    let range = match (key.range, key.value_type) {
        (Some(Range::Int(_, high)), _) if high >= 0 => Some(grouped(high.unsigned_abs())),
        (Some(Range::Double(_, high)), _) if high >= 0.0 => Some(high.to_string()),
        (Some(_), _) => None,
        (None, ValueType::Int) => Some(grouped(MOST)),
        (None, _) => Some(grouped(1_000_000)),
    };
    match range.filter(|_| !is_listed) {
        Some(high) => format!("add `range=0..={high}` to the field, or {other}"),
        None => format!("take what is below zero out, or {other}"),
    }
}
