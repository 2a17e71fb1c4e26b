//! What only takes numbers from zero on: counters, and histograms of integers, which the SDK has of unsigned ones only.

use crate::check::records::Records;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Contract, Domain, Event, FieldId, FieldValue, Instrument, InstrumentKind, Literal, NumberType, Range,
    Scalar, Type,
};
use crate::plan::{Given, Layout};
use crate::text::grouped;

/// The greatest integer up to which a double has all of them.
const MOST: u64 = (1 << 53) - 1;

pub(super) fn check(contract: &Contract, layouts: &[Layout<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for layout in layouts {
        for metric in &layout.event.metrics {
            let Some(takes) = takes(metric) else { continue };
            let Some(measures) = metric.value else { continue };
            let elapsed = layout.field(measures);
            // A clock that was set back makes a period without length.
            if elapsed.is_some_and(|field| matches!(field.given, Given::Elapsed(_))) {
                continue;
            }
            measured(contract, metric, layout.event, measures, takes, diagnostics);
        }
    }
}

/// What a metric is that takes nothing below zero.
fn takes(metric: &Instrument) -> Option<&'static str> {
    match (metric.kind?, metric.number?) {
        (InstrumentKind::Counter, _) => Some("a counter"),
        (InstrumentKind::Histogram, NumberType::Int) => Some("a histogram of integers"),
        _ => None,
    }
}

fn measured(
    contract: &Contract,
    metric: &Instrument,
    event: &Event,
    measures: FieldId,
    takes: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let field = event.field(measures);
    let Some(FieldValue::Plain(domain)) = &field.value else { return };
    let (why, help) = if let Some(constant) = &field.constant {
        if !is_below(constant) {
            return;
        }
        (format!("it is always `{}`", constant.value()), "measure what is zero or more".to_owned())
    } else {
        let records = Records::of(metric.when.as_ref());
        let domain = records.domain(measures, domain);
        let Some(low) = lowest(&domain) else { return };
        (low, help(&domain, takes))
    };
    let place = |node| contract.places.place(node);
    diagnostics.push(
        Diagnostic::new(
            Code::BelowZero,
            place(metric.value_node.unwrap_or(metric.node)),
            format!("`{}` is {takes}, and `{}` may be below zero", metric.name, field.name),
        )
        .about(&metric.name)
        .about(&field.name)
        .and(place(field.node), why)
        .help(help),
    );
}

/// What a domain says of its lower end, where that is below zero.
fn lowest(domain: &Domain) -> Option<String> {
    let closed = domain.members.as_ref().filter(|_| !domain.open);
    if let Some(members) = closed {
        let below =
            members.iter().map(|member| &member.wire).find(|wire| is_below(wire) && keeps(domain, wire))?;
        return Some(format!("it may be `{}`", below.value()));
    }
    match domain.ends() {
        Some(Range::Int(low, _)) if low >= 0 => None,
        Some(Range::Double(low, _)) if low >= 0.0 => None,
        Some(range) => Some(format!("its range is `{}`", slo_model::Range::from(range))),
        None => Some("it has no range".to_owned()),
    }
}

/// Whether a member is within the range.
fn keeps(domain: &Domain, wire: &Literal) -> bool {
    match (domain.range, wire) {
        (Some(Range::Int(low, high)), Literal::Int(number)) => (low..=high).contains(number),
        _ => true,
    }
}

fn is_below(literal: &Literal) -> bool {
    match literal {
        Literal::Int(number) => *number < 0,
        Literal::Double(number) => *number < 0.0,
        _ => false,
    }
}

/// What to write.
fn help(domain: &Domain, takes: &str) -> String {
    let other = match takes {
        "a counter" => "make the metric an `updown`",
        _ => "measure a `double`",
    };
    let range = match (domain.range, &domain.value) {
        (Some(Range::Int(_, high)), _) if high >= 0 => Some(grouped(high.unsigned_abs())),
        (Some(Range::Double(_, high)), _) if high >= 0.0 => Some(high.to_string()),
        (Some(_), _) => None,
        (None, Type::Scalar(Scalar::Int)) => Some(grouped(MOST)),
        (None, _) => Some(grouped(1_000_000)),
    };
    match range.filter(|_| domain.members.is_none() || domain.open) {
        Some(high) => format!("add `range=0..={high}` to the field, or {other}"),
        None => format!("take what is below zero out, or {other}"),
    }
}
