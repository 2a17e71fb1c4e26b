//! What a metric measures: the field behind `value=`, and a histogram's buckets.

use slo_grammar::{Expression, Place};

use super::Lowering;
use super::event::Fields;
use super::literal::literal;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    Buckets, Domain, FieldValue, Instrument, InstrumentKind, Literal, NumberType, Scalar, Type,
};
use crate::options::{Options, word_of, wrong_kind};

fn wrong_bound(place: Place) -> Diagnostic {
    Diagnostic::new(Code::OptionValue, place, "a bound of `buckets` is a number").about("buckets")
}

/// The bounds that a histogram has whose program sets none (OpenTelemetry, metrics SDK, "Explicit Bucket Histogram Aggregation").
const OF_SDK: &str = "buckets=[0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000]";

impl Lowering<'_, '_> {
    /// The field that a metric of an event measures, and the type of its numbers.
    pub(super) fn measured(
        &mut self,
        metric: &slo_grammar::Metric,
        options: &Options<'_>,
        event: &Fields<'_>,
        kind: Result<InstrumentKind, Reported>,
        made: &mut Instrument,
    ) -> Result<NumberType, Reported> {
        let Some(value) = options.value("value") else {
            let kind = kind?;
            if matches!(kind, InstrumentKind::Counter | InstrumentKind::UpDown) {
                return Ok(NumberType::Int);
            }
            return Err(options.may_have_meant(&["value", "observed", "while"]).unwrap_or_else(|| {
                let message = format!("the {} `{}` has no value", kind.name(), made.name);
                Diagnostic::new(Code::Measure, metric.name.place, message)
                    .about(&made.name)
                    .help("say which field it measures: `value=FIELD`")
                    .report(self.diagnostics)
            }));
        };
        let (expected, example) = ("the name of a field", "such as `value=elapsed`");
        if let Expression::String(text) = &value.value {
            made.value = event.named(text).map(|(id, _)| id);
        }
        let word = word_of("value", value, expected, example, self.diagnostics)?;
        let Some((id, field)) = event.named(&word.value) else {
            made.value = event.meant(&word.value);
            return Err(self.unknown_field(&word, event));
        };
        made.value = Some(id);
        made.value_node = Some(self.contract.places.add(word.place));
        let number = match field.value.read()? {
            FieldValue::Plain(domain) => match &domain.value {
                Type::Scalar(Scalar::Int) => Some(NumberType::Int),
                Type::Scalar(Scalar::Double) | Type::Duration(_) => Some(NumberType::Double),
                _ => None,
            },
            FieldValue::Meaning { .. } | FieldValue::Contexts => None,
        };
        number.ok_or_else(|| {
            let message = format!("`{}` is no number that a metric could measure", word.value);
            Diagnostic::new(Code::Measure, word.place, message)
                .about(&made.name)
                .and(self.contract.places.place(field.node), "the field")
                .help("a metric measures an `int`, a `double` or a `duration(…)`")
                .report(self.diagnostics)
        })
    }

    /// A histogram's buckets. Whether they rise is for the checks to see.
    pub(super) fn buckets(
        &mut self,
        metric: &slo_grammar::Metric,
        options: &Options<'_>,
        kind: InstrumentKind,
        external: bool,
    ) -> Result<Option<Buckets>, Reported> {
        let name = &metric.name.value;
        let (exponential, buckets) = (options.get("exponential"), options.get("buckets"));
        if kind != InstrumentKind::Histogram {
            for option in [exponential, buckets].into_iter().flatten() {
                let message =
                    format!("`{name}` is {}, which has no buckets", crate::text::with_article(kind.name()));
                self.diagnostics.push(
                    Diagnostic::new(Code::Buckets, option.place, message)
                        .about(name)
                        .help("take it out, or make it a `histogram`"),
                );
            }
            return Ok(None);
        }
        if let (Some(exponential), Some(buckets)) = (exponential, buckets) {
            let message = format!("`{name}` has buckets, and is `exponential`");
            self.diagnostics.push(
                Diagnostic::new(Code::Buckets, buckets.place, message)
                    .about(name)
                    .and(exponential.place, "its buckets follow the values")
                    .help("keep one of the two"),
            );
        }
        if exponential.is_some() {
            return Ok(Some(Buckets::Exponential));
        }
        let Some(value) = buckets.and_then(|option| option.value.as_ref()) else {
            return Err(options.may_have_meant(&["buckets", "exponential"]).unwrap_or_else(|| {
                let message = format!("the histogram `{name}` has no buckets");
                let help = match external {
                    true => format!("write the upper bounds that the other program has, or `exponential`; where it sets none, these are the SDK's: `{OF_SDK}`"),
                    false => "write their upper bounds, `buckets=[0.005, 0.05, 0.5, 5]`, or `exponential`".to_owned(),
                };
                Diagnostic::new(Code::Buckets, metric.name.place, message)
                    .about(name)
                    .help(help)
                    .report(self.diagnostics)
            }));
        };
        let Expression::List(bounds) = &value.value else {
            return Err(wrong_kind("buckets", value.place, "a list of upper bounds")
                .help("such as `[0.005, 0.05, 0.5, 5]`")
                .report(self.diagnostics));
        };
        let domain = Domain::of(Type::Scalar(Scalar::Double));
        let mut made: Vec<f64> = Vec::new();
        for bound in bounds {
            let number = match literal("buckets", bound, &domain) {
                Ok(Literal::Double(number)) => number,
                Ok(_) => continue,
                Err(error) => {
                    let wrong = match &bound.value {
                        Expression::Number { unit, .. } if unit.is_empty() => *error,
                        Expression::Number { digits, unit } => wrong_bound(bound.place)
                            .help(format!("take `{unit}` out: a bound is in the metric's unit"))
                            .fix(bound.place, digits.clone()),
                        _ => wrong_bound(bound.place).help("such as `buckets=[0.005, 0.05, 0.5, 5]`"),
                    };
                    return Err(wrong.report(self.diagnostics));
                }
            };
            if let Some(last) = made.last().filter(|last| **last >= number) {
                let message = match *last == number {
                    true => format!("the bound `{number}` stands twice"),
                    false => format!("the bound `{number}` comes after `{last}`"),
                };
                return Err(Diagnostic::new(Code::Buckets, bound.place, message)
                    .about(name)
                    .help("bounds rise from one to the next")
                    .report(self.diagnostics));
            }
            made.push(number);
        }
        Ok(Some(Buckets::Explicit(made)))
    }
}
