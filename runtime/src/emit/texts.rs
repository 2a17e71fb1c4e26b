//! Bodies of log records and names of spans.

use std::borrow::Cow;
use std::fmt::Write;

use slo_model::event::{Event, FieldKind, Slot, TextPart};
use slo_model::{Literal, Value};

use crate::FieldValue;

/// The text whose holes are fields. What is absent or doesn't fit is empty text; blanks at the ends go. `folded` says
/// what stands for the value of the field of a number, where that is not the value itself.
pub(crate) fn text(
    event: &Event<'static>,
    parts: &[TextPart<'static>],
    values: &[FieldValue<'_>],
    folded: impl Fn(usize) -> Option<Literal<'static>>,
) -> Cow<'static, str> {
    match parts {
        [] => return Cow::Borrowed(""),
        [TextPart::Text(text)] => return Cow::Borrowed(text.trim()),
        _ => {}
    }
    let of = |field: u16| -> Option<(&Slot<'static>, &FieldValue<'_>)> {
        let field = event.fields.get(usize::from(field))?;
        match &field.kind {
            FieldKind::Plain { slot, .. } => Some((slot, values.get(usize::from(field.at))?)),
            FieldKind::Meaning { .. } | FieldKind::Contexts => None,
        }
    };
    let length = |part: &TextPart<'static>| match part {
        TextPart::Text(text) => text.len(),
        TextPart::Field(field) => of(*field).map_or(0, |(slot, value)| match value {
            FieldValue::Member(number) => member(slot, *number).map_or(0, |wire| match wire {
                Literal::String(text) => text.len(),
                _ => NUMBER,
            }),
            value => value.text().map_or(NUMBER, str::len),
        }),
    };
    let mut whole = String::with_capacity(parts.iter().map(length).sum());
    for part in parts {
        match part {
            TextPart::Text(text) => whole.push_str(text),
            TextPart::Field(field) => match (folded(usize::from(*field)), of(*field)) {
                (Some(literal), _) => push_literal(&mut whole, &literal),
                (None, Some((slot, value))) => push(&mut whole, slot, value),
                (None, None) => {}
            },
        }
    }
    if whole.trim().len() < whole.len() { Cow::Owned(whole.trim().to_owned()) } else { Cow::Owned(whole) }
}

/// Room for a number.
const NUMBER: usize = 20;

fn member<'t>(slot: &Slot<'t>, number: u16) -> Option<&'t Literal<'t>> {
    Some(&slot.key.members?.get(usize::from(number))?.wire)
}

fn push(whole: &mut String, slot: &Slot<'static>, value: &FieldValue<'_>) {
    // Writing into a `String` never fails.
    let _ = match value {
        FieldValue::Member(number) => {
            if let Some(wire) = member(slot, *number) {
                push_literal(whole, wire);
            }
            Ok(())
        }
        FieldValue::Int(number) => write!(whole, "{number}"),
        FieldValue::Double(number) => write!(whole, "{number:?}"),
        FieldValue::Bool(truth) => write!(whole, "{truth}"),
        FieldValue::List(list) => write!(whole, "{list}"),
        value => {
            whole.push_str(value.text().unwrap_or_default());
            Ok(())
        }
    };
}

fn push_literal(whole: &mut String, literal: &Literal<'static>) {
    match literal {
        Literal::String(text) => whole.push_str(text),
        other => {
            let _ = write!(whole, "{}", Value::from(*other));
        }
    }
}
