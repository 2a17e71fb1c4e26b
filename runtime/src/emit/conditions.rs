//! Which records a signal is for.

use slo_model::Literal;
use slo_model::event::{Field, Passes, Test};

use crate::event::FieldValue;

/// Whether the values pass all tests. What does not fit its field counts as absent.
pub(crate) fn pass(tests: &[Test<'static>], fields: &[Field<'static>], values: &[FieldValue<'_>]) -> bool {
    tests.iter().all(|test| {
        let at = fields.get(usize::from(test.field)).map(|field| usize::from(field.at));
        let value = at.and_then(|at| values.get(at)).unwrap_or(&FieldValue::Absent);
        let absent = value.is_absent();
        match &test.passes {
            Passes::Present => !absent,
            Passes::In(numbers, literals) => !absent && is_one_of(value, numbers, literals),
            Passes::NotIn(numbers, literals) => absent || !is_one_of(value, numbers, literals),
        }
    })
}

fn is_one_of(value: &FieldValue<'_>, numbers: &[u16], literals: &[Literal<'static>]) -> bool {
    match value {
        FieldValue::Variant(number) | FieldValue::Member(number) => numbers.contains(number),
        FieldValue::Bool(truth) => numbers.contains(&u16::from(*truth)),
        FieldValue::Int(number) => literals.contains(&Literal::Int(*number)),
        other => other.text().is_some_and(|text| {
            literals.iter().any(|literal| matches!(literal, Literal::String(own) if *own == text))
        }),
    }
}
