//! The values of an event in a row, ready for all signals.

use std::sync::Arc;

use slo_model::Value;
use slo_model::event::{Field, FieldKind, Slot};

use super::plan::Check;
use super::values::{Tell, settle};
use crate::event::FieldValue;

/// How many values stand on the stack.
const FEW: usize = 16;

/// Values, on the stack where they are few.
pub(crate) struct Row<'a> {
    few: [FieldValue<'a>; FEW],
    many: Vec<FieldValue<'a>>,
    count: usize,
}

impl<'a> Row<'a> {
    /// So many values, all absent.
    #[inline]
    pub(crate) fn new(count: usize) -> Row<'a> {
        let many = if count > FEW { vec![FieldValue::Absent; count] } else { Vec::new() };
        Row { few: [FieldValue::Absent; FEW], many, count }
    }

    #[inline]
    pub(crate) fn as_mut(&mut self) -> &mut [FieldValue<'a>] {
        if self.many.is_empty() { self.few.get_mut(..self.count).unwrap_or_default() } else { &mut self.many }
    }
}

/// What had to be made: text that signals share, and lists.
enum Made<'a> {
    Text(Arc<str>),
    List(Value<'a>),
}

/// Has `go_on` work with values of which each is at hand: what nobody set is put in, what doesn't fit is marked, text that
/// only the caller has is made into text that signals share, once for all of them, and lists are made. It is told whether
/// all of them fit.
#[inline]
pub(crate) fn ready<T>(
    fields: &'static [Field<'static>],
    checks: &[Check],
    values: &mut [FieldValue<'_>],
    tell: &mut Tell<'_>,
    go_on: impl FnOnce(&[FieldValue<'_>], bool) -> T,
) -> T {
    let whole = settle(checks, values, tell);
    if values.iter().any(|value| matches!(value, FieldValue::Borrowed(_) | FieldValue::Late(_))) {
        make(fields, values, whole, tell, go_on)
    } else {
        go_on(values, whole)
    }
}

#[cold]
fn make<T>(
    fields: &'static [Field<'static>],
    values: &mut [FieldValue<'_>],
    whole: bool,
    tell: &mut Tell<'_>,
    go_on: impl FnOnce(&[FieldValue<'_>], bool) -> T,
) -> T {
    let mut whole = whole;
    let mut made: Vec<(usize, Made<'_>)> = Vec::new();
    for at in 0..values.len() {
        let own = match values.get(at) {
            Some(FieldValue::Borrowed(text)) => Ok(Made::Text(Arc::from(*text))),
            Some(FieldValue::Late(late)) => match late.late() {
                Ok(None) => Err(None),
                Ok(Some(own)) => match slot_at(fields, values, at).map(|(_, slot)| slot.key.check(&own)) {
                    Some(Err(unfit)) => Err(Some(unfit)),
                    _ => Ok(match own {
                        Value::String(text) => Made::Text(Arc::from(&*text)),
                        own => Made::List(own),
                    }),
                },
                Err(unfit) => Err(Some(unfit)),
            },
            _ => continue,
        };
        let absent = match own {
            Ok(own) => {
                made.push((at, own));
                continue;
            }
            Err(None) => FieldValue::Absent,
            Err(Some(unfit)) => {
                whole = false;
                if let Some((field, slot)) = slot_at(fields, values, at) {
                    let is_payload = fields.get(field).is_some_and(|field| usize::from(field.at) != at);
                    tell(field, if is_payload { slot.key.name } else { "" }, &unfit);
                }
                FieldValue::Invalid
            }
        };
        if let Some(place) = values.get_mut(at) {
            *place = absent;
        }
    }
    let mut row = Row::new(values.len());
    let at_hand = row.as_mut();
    for (place, value) in at_hand.iter_mut().zip(&*values) {
        *place = *value;
    }
    for (at, made) in &made {
        if let Some(place) = at_hand.get_mut(*at) {
            *place = match made {
                Made::Text(text) => FieldValue::Shared(text),
                Made::List(Value::Int(number)) => FieldValue::Int(*number),
                Made::List(Value::Double(number)) => FieldValue::Double(*number),
                Made::List(Value::Bool(truth)) => FieldValue::Bool(*truth),
                Made::List(list) => FieldValue::List(list),
            };
        }
    }
    go_on(at_hand, whole)
}

/// The number of the field that a place belongs to, and the slot there.
fn slot_at<'f>(
    fields: &'f [Field<'static>],
    values: &[FieldValue<'_>],
    at: usize,
) -> Option<(usize, &'f Slot<'static>)> {
    let number = fields.iter().rposition(|field| usize::from(field.at) <= at)?;
    let field = fields.get(number)?;
    let own = usize::from(field.at);
    match (&field.kind, values.get(own)?) {
        (FieldKind::Plain { slot, .. }, _) if own == at => Some((number, slot)),
        (FieldKind::Meaning { meaning, .. }, FieldValue::Variant(variant)) => {
            let payload = at.checked_sub(own + 1)?;
            Some((number, meaning.variants.get(usize::from(*variant))?.payload.get(payload)?))
        }
        _ => None,
    }
}
