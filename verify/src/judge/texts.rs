//! Names, bodies and descriptions: texts whose holes are values of the record.

use std::borrow::Cow;

use slo_interpreter::slot;
use slo_model::Value;
use slo_model::event::{Event, FieldKind, TextPart, Variant};

use super::values::{Meant, Values};
use crate::tables::pattern;
use crate::tables::shape::is_required;

/// What says the value of a field; none where nothing does.
pub(crate) type Said<'f, 'r, 'v> = &'f dyn Fn(u16) -> Option<&'r Values<'v>>;

/// Whether a text is made of parts whose holes are the fields of an event, as far as they are said. In names of spans what is past a
/// bound may stand as what stands for the rest.
pub(crate) fn is_of_fields<'r, 'v: 'r>(
    parts: &[TextPart<'_>],
    text: &str,
    event: &Event<'_>,
    said: Said<'_, 'r, 'v>,
    folded: bool,
) -> bool {
    let known = |number: u16| {
        let values = said(number)?;
        let field = event.fields.get(usize::from(number))?;
        let FieldKind::Plain { slot, .. } = &field.kind else { return None };
        if values.is_absent(number) {
            return Some(vec![Cow::Borrowed("")]);
        }
        let value = values.get(number)?;
        let mut texts = vec![Values::text(value)];
        if folded && let Some(rest) = slot::rest(slot) {
            texts.push(Cow::Owned(rest.to_string()));
        }
        Some(texts)
    };
    pattern::matches(parts, text, &known)
}

/// Whether a text is one that a variant gives, whose holes are what it carries.
pub(crate) fn is_of_variant(
    parts: &[TextPart<'_>],
    text: &str,
    (field, variant): (u16, u16),
    values: &Values<'_>,
) -> bool {
    let known = |number: u16| values.payload((field, variant, number)).map(|value| vec![Values::text(value)]);
    pattern::matches(parts, text, &known)
}

/// Whether the text in a hole may be a value of its field: what has no bound may be any.
pub(crate) fn may_hold(event: &Event<'_>, number: u16, text: &str) -> bool {
    let Some(field) = event.fields.get(usize::from(number)) else { return true };
    let FieldKind::Plain { slot, unset } = &field.kind else { return true };
    let is_rest = slot::rest(slot).is_some_and(|rest| rest.to_string() == text)
        || unset.is_some_and(|unset| Value::from(unset).to_string() == text);
    let is_absent =
        text.is_empty() && !is_required(event.fields, number, event.elapsed.map(|elapsed| elapsed.field));
    is_absent || is_rest || slot.key.parse(text).is_ok_and(|value| slot::fit(slot, value).is_ok())
}

/// The one variant that a record shows of the meaning in a field.
pub(crate) fn variant<'m, 'p>(
    values: &Values<'_>,
    field: u16,
    variants: &'m [Variant<'p>],
) -> Option<(u16, &'m Variant<'p>)> {
    match values.meaning(field) {
        Some(Meant::Variants(numbers)) => match numbers.as_slice() {
            [one] => variants.get(usize::from(*one)).map(|variant| (*one, variant)),
            _ => None,
        },
        _ => None,
    }
}
