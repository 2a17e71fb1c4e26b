//! Bodies of log records and names of spans.

use std::borrow::Cow;
use std::fmt::Write;

use slo_model::event::Slot;
use slo_model::{Literal, Value};

use super::plan::{TextOp, TextPlan};
use crate::event::FieldValue;

/// Room for a number.
const NUMBER: usize = 20;

impl TextPlan {
    /// The text. What is absent or doesn't fit is empty text; where a hole at an end is empty, the blanks go with it that the text
    /// then would begin or end with. `folded` says what stands for the value of a place, where that is not the value itself.
    pub(crate) fn text(
        &self,
        values: &[FieldValue<'_>],
        folded: impl Fn(usize) -> Option<Literal<'static>>,
    ) -> Cow<'static, str> {
        if let Some(known) = self.known {
            return Cow::Borrowed(known);
        }
        let length = |part: &TextOp| match part {
            TextOp::Text(text) => text.len(),
            TextOp::Value { at, slot } => values.get(*at).map_or(0, |value| match value {
                FieldValue::Member(number) => match member(slot, *number) {
                    Some(Literal::String(text)) => text.len(),
                    _ => NUMBER,
                },
                FieldValue::Absent => 0,
                value => value.text().map_or(NUMBER, str::len),
            }),
        };
        let mut whole = String::with_capacity(self.parts.iter().map(length).sum());
        // Whether nothing but empty holes and blanks came so far.
        let mut begins = self.trims;
        // Where what stays ends if the last part is an empty hole, and whether it is.
        let (mut kept, mut is_empty) = (0, false);
        for (number, part) in self.parts.iter().enumerate() {
            let before = whole.len();
            match part {
                TextOp::Text(text) => {
                    // A text at the begin keeps its blanks.
                    let text = if begins && number > 0 { text.trim_start() } else { text };
                    whole.push_str(text);
                    let end = if self.trims { text.trim_end().len() } else { text.len() };
                    kept = if end > 0 { before + end } else { kept };
                    begins &= number > 0 && text.is_empty();
                    is_empty = false;
                }
                TextOp::Value { at, slot } => {
                    match folded(*at) {
                        Some(literal) => push_literal(&mut whole, &literal),
                        None => push(&mut whole, slot, values.get(*at).unwrap_or(&FieldValue::Absent)),
                    }
                    is_empty = whole.len() == before;
                    kept = if is_empty { kept } else { whole.len() };
                    begins &= is_empty;
                }
            }
        }
        if is_empty {
            whole.truncate(kept);
        }
        Cow::Owned(whole)
    }
}

fn member(slot: &Slot<'static>, number: u16) -> Option<&'static Literal<'static>> {
    Some(&slot.key.members?.get(usize::from(number))?.wire)
}

fn push(whole: &mut String, slot: &Slot<'static>, value: &FieldValue<'_>) {
    if let Some(text) = value.text() {
        whole.push_str(text);
        return;
    }
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
        FieldValue::Constant(literal) => {
            push_literal(whole, literal);
            Ok(())
        }
        _ => Ok(()),
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
