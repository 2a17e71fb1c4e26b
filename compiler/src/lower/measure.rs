//! What a metric measures: the field behind `value=`, and a histogram's buckets.

use slo_grammar::{Expression, Place};

use super::Lowering;
use super::event::Fields;
use super::literal::literal;
use super::options::{Options, word_of, wrong_kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Buckets, Domain, FieldValue, Instrument, InstrumentKind, Literal, NumberType, Scalar, Type};

fn wrong_bound(place: Place) -> Diagnostic {
    Diagnostic::new(Code::OptionValue, place, "a bound of `buckets` is a number").about("buckets")
}

impl Lowering<'_, '_> {
    /// The field that a metric of an event measures, and the type of its numbers.
    pub(super) fn measured(
        &mut self,
        metric: &slo_grammar::Metric,
        options: &Options<'_>,
        event: &Fields<'_>,
        kind: Option<InstrumentKind>,
        made: &mut Instrument,
    ) {
        let Some(value) = options.value("value") else {
            match kind {
                Some(InstrumentKind::Counter | InstrumentKind::UpDown) => made.number = Some(NumberType::Int),
                Some(kind) if !options.may_have_meant(&["value", "observed", "while"]) => {
                    self.diagnostics.push(
                        Diagnostic::new(
                            Code::Measure,
                            metric.name.place,
                            format!("the {} `{}` has no value", kind.name(), made.name),
                        )
                        .about(&made.name)
                        .help("say which field it measures: `value=FIELD`"),
                    )
                }
                _ => {}
            }
            return;
        };
        let (expected, example) = ("the name of a field", "such as `value=elapsed`");
        let Some(word) = word_of("value", value, expected, example, self.diagnostics) else {
            if let Expression::String(text) = &value.value {
                made.value = event.named(text).map(|(id, _)| id);
            }
            return;
        };
        let Some((id, field)) = event.named(&word.value) else {
            self.diagnostics.extend(super::condition::unknown_field(&word, event));
            made.value = event.meant(&word.value);
            return;
        };
        made.value = Some(id);
        made.value_node = Some(self.contract.places.add(word.place));
        let number = match &field.value {
            None => return,
            Some(FieldValue::Plain(domain)) => match &domain.value {
                Type::Scalar(Scalar::Int) => Some(NumberType::Int),
                Type::Scalar(Scalar::Double) | Type::Duration(_) => Some(NumberType::Double),
                _ => None,
            },
            Some(FieldValue::Meaning { .. } | FieldValue::Contexts) => None,
        };
        if number.is_none() {
            let diagnostic = Diagnostic::new(
                Code::Measure,
                word.place,
                format!("`{}` is no number that a metric could measure", word.value),
            )
            .about(&made.name)
            .and(self.contract.places.place(field.node), "the field")
            .help("a metric measures an `int`, a `double` or a `duration(…)`");
            self.diagnostics.push(diagnostic);
        }
        made.number = number;
    }

    /// A histogram's buckets. Whether they rise is for the checks to see.
    pub(super) fn buckets(
        &mut self,
        metric: &slo_grammar::Metric,
        options: &Options<'_>,
        kind: Option<InstrumentKind>,
    ) -> Option<Buckets> {
        let name = &metric.name.value;
        let (exponential, buckets) = (options.get("exponential"), options.get("buckets"));
        let kind = kind?;
        if kind != InstrumentKind::Histogram {
            for option in [exponential, buckets].into_iter().flatten() {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Buckets,
                        option.place,
                        format!(
                            "`{name}` is {}, which has no buckets",
                            crate::text::with_article(kind.name())
                        ),
                    )
                    .about(name)
                    .help("take it out, or make it a `histogram`"),
                );
            }
            return None;
        }
        if let (Some(exponential), Some(buckets)) = (exponential, buckets) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Buckets,
                    buckets.place,
                    format!("`{name}` has buckets, and is `exponential`"),
                )
                .about(name)
                .and(exponential.place, "its buckets follow the values")
                .help("keep one of the two"),
            );
        }
        if exponential.is_some() {
            return Some(Buckets::Exponential);
        }
        let Some(value) = buckets.and_then(|option| option.value.as_ref()) else {
            if !options.may_have_meant(&["buckets", "exponential"]) {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Buckets,
                        metric.name.place,
                        format!("the histogram `{name}` has no buckets"),
                    )
                    .about(name)
                    .help("write their upper bounds, `buckets=[0.005, 0.05, 0.5, 5]`, or `exponential`"),
                );
            }
            return None;
        };
        let Expression::List(bounds) = &value.value else {
            self.diagnostics.push(
                wrong_kind("buckets", value.place, "a list of upper bounds")
                    .help("such as `[0.005, 0.05, 0.5, 5]`"),
            );
            return None;
        };
        let domain = Domain::of(Type::Scalar(Scalar::Double));
        let mut made: Vec<f64> = Vec::new();
        for bound in bounds {
            match literal("buckets", bound, &domain) {
                Ok(Literal::Double(number)) => {
                    if let Some(last) = made.last().filter(|last| **last >= number) {
                        self.diagnostics.push(
                            Diagnostic::new(
                                Code::Buckets,
                                bound.place,
                                match *last == number {
                                    true => format!("the bound `{number}` stands twice"),
                                    false => format!("the bound `{number}` comes after `{last}`"),
                                },
                            )
                            .about(name)
                            .help("bounds rise from one to the next"),
                        );
                        return None;
                    }
                    made.push(number);
                }
                Ok(_) => return None,
                Err(error) => {
                    self.diagnostics.push(match &bound.value {
                        Expression::Number { unit, .. } if unit.is_empty() => *error,
                        Expression::Number { digits, unit } => wrong_bound(bound.place)
                            .help(format!("take `{unit}` out: a bound is in the metric's unit"))
                            .fix(bound.place, digits.clone()),
                        _ => wrong_bound(bound.place).help("such as `buckets=[0.005, 0.05, 0.5, 5]`"),
                    });
                    return None;
                }
            }
        }
        Some(Buckets::Explicit(made))
    }
}
