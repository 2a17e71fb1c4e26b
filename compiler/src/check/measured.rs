//! Whether what a metric measures suits its unit and its buckets.

use slo_grammar::quote;

use super::units::{Quantity, quantity};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Range;
use crate::ir::draft::{Buckets, Contract, Domain, Event, Field, FieldValue, Instrument, Leaf, Scalar, Type};
use crate::text::spelled;

pub(super) fn check(
    contract: &Contract,
    event: &Event,
    metric: &Instrument,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let unit = metric.own_unit();
    let field = metric.value.map(|id| event.field(id));
    let domain = field.and_then(|field| match &field.value {
        Leaf::Known(FieldValue::Plain(domain)) => Some((field, domain)),
        _ => None,
    });
    if let Some((field, domain)) = domain {
        without_unit(contract, (event, field), metric, unit, domain, diagnostics);
    }
    if let Some(Buckets::Explicit(bounds)) = metric.buckets() {
        let outside = outside(bounds, domain);
        let is_outside = outside.is_some();
        let Some((what, help)) = outside.or_else(|| of_another_unit(bounds, unit, domain)) else { return };
        let node = metric.buckets_node.unwrap_or(metric.node);
        let finding = Diagnostic::new(
            Code::UnfitBuckets,
            contract.places.place(node),
            format!("the buckets of `{}` {what}", metric.name),
        )
        .about(&metric.name)
        .and_maybe(field.map(|field| contract.places.place(field.node)), "what it measures");
        diagnostics.push(if is_outside { finding.help(help) } else { finding.help_or_allow(&help) });
    }
}

/// A bare number, which may be in any unit of its kind.
fn without_unit(
    contract: &Contract,
    (event, field): (&Event, &Field),
    metric: &Instrument,
    unit: &str,
    domain: &Domain,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(quantity) = quantity(unit).filter(|_| domain.unit.is_none()) else { return };
    // A number that stands for something else measures nothing, and a unit that isn't the declaration's was told of.
    let is_number = matches!(domain.value, Type::Scalar(Scalar::Int | Scalar::Double));
    if !is_number || domain.members.is_some() || (metric.unit_node.is_some() && metric.unit != unit) {
        return;
    }
    let help = match quantity {
        _ if field.declaration.is_some() => {
            format!("say what it is in: `{}: {}, unit={}`", field.name, spelled(&field.key), quote(unit))
        }
        Quantity::Time => format!(
            "say what it is in: `{}: duration({unit})`, or `unit={}` behind its type",
            field.name,
            quote(unit)
        ),
        _ => format!("say what it is in: `unit={}` behind its type", quote(unit)),
    };
    let message = format!(
        "`{}` is a number without a unit, and `{}` is in `{unit}`, a unit of {}",
        field.name,
        metric.name,
        quantity.name()
    );
    diagnostics.push(
        Diagnostic::new(
            Code::UnitMissing,
            contract.places.place(metric.value_node.unwrap_or(metric.node)),
            message,
        )
        .about(&metric.name)
        .about(format!("{}.{}", event.full_name(), field.name))
        .about(unit)
        .and(contract.places.place(field.node), "no unit")
        .help(help),
    );
}

/// Bounds that no value reaches, or that every value is below.
fn outside(bounds: &[f64], measured: Option<(&Field, &Domain)>) -> Option<(String, String)> {
    let (low, high) = match measured?.1.ends()? {
        Range::Int(low, high) => (low as f64, high as f64),
        Range::Double(low, high) => (low, high),
    };
    let bound = bounds.iter().find(|bound| **bound < low || **bound > high)?;
    Some((
        format!("have the bound `{bound}`, and what it measures is within `{low}..={high}`"),
        "a bucket that nothing falls into is a series for nothing: take the bound out, or mend the range"
            .to_owned(),
    ))
}

/// Bounds that suit another unit of time: 5 to 10,000 are milliseconds, 0.005 to 10 are seconds.
fn of_another_unit(
    bounds: &[f64],
    unit: &str,
    measured: Option<(&Field, &Domain)>,
) -> Option<(String, String)> {
    // A range says what values there are.
    if measured.is_some_and(|(_, domain)| domain.range.is_some()) {
        return None;
    }
    let least = bounds.iter().copied().find(|bound| *bound > 0.0)?;
    let most = bounds.last().copied()?;
    // Minutes and hours, written as seconds.
    let minutes = bounds.iter().filter(|bound| **bound >= 60.0 && **bound % 60.0 == 0.0).count();
    let meant = match unit {
        "s" if least >= 1.0 && most >= 1_000.0 && bounds.len() > 2 && minutes * 2 < bounds.len() => {
            "milliseconds"
        }
        "ms" if least <= 0.01 && most <= 60.0 => "seconds",
        _ => return None,
    };
    Some((
        format!("go from {least} to {most}, which suits {meant}, and it is in `{unit}`"),
        format!("write the bounds in `{unit}`; where they are meant, a policy accepts it"),
    ))
}
