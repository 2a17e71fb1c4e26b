//! The `when` of records.

use slo_compiler::diagnostic::Code;
use slo_model::Value;
use slo_model::event::{Event, FieldKind, Passes, Test};

use super::subject::Subject;
use super::texts::Said;
use super::values::Meant;
use crate::tally::{Faults, Words};

/// Whether what is said of fields passes the tests of a record's `when`; what isn't said passes.
pub(crate) fn conditions<'r, 'v: 'r>(
    tests: &[Test<'_>],
    event: &Event<'_>,
    said: Said<'_, 'r, 'v>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    let fails = |test: &&Test<'_>| {
        let passes = |number: Option<usize>, value: Option<&Value<'_>>| {
            let is_one_of = |numbers: &[u16], others: &[slo_model::Literal<'_>]| match number {
                Some(number) => numbers.iter().any(|one| usize::from(*one) == number),
                None => others.iter().any(|other| value.is_some_and(|value| Value::from(*other) == *value)),
            };
            match test.passes {
                Passes::Present => true,
                Passes::In(numbers, others) => is_one_of(numbers, others),
                Passes::NotIn(numbers, others) => !is_one_of(numbers, others),
            }
        };
        let Some(values) = said(test.field) else { return false };
        match values.meaning(test.field) {
            Some(Meant::Variants(variants)) => {
                return !variants.iter().any(|variant| passes(Some(usize::from(*variant)), None));
            }
            Some(Meant::Absent) => return !matches!(test.passes, Passes::NotIn(..)),
            Some(Meant::Unclear) => return false,
            None => {}
        }
        let Some(value) = values.get(test.field) else {
            return values.is_absent(test.field) && !matches!(test.passes, Passes::NotIn(..));
        };
        let kind = event.fields.get(usize::from(test.field)).map(|field| &field.kind);
        let number = match (kind, value) {
            (_, Value::Bool(truth)) => Some(usize::from(*truth)),
            (Some(FieldKind::Plain { slot, .. }), value) => slot
                .key
                .members
                .and_then(|members| members.iter().position(|member| Value::from(member.wire) == *value)),
            _ => None,
        };
        !passes(number, Some(value))
    };
    let Some(test) = tests.iter().find(fails) else { return };
    let name = event.fields.get(usize::from(test.field)).map_or("", |field| field.name);
    subject.fault(faults, Code::TelemetryCondition, name, &|| {
        Words::new(format!("{} came, and its `when` rules it out by `{name}`", subject.shown()))
            .help("write the record only for what the contract says, or change its `when`")
    });
}
