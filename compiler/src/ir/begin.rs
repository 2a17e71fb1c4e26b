//! When a program says the fields of an event, and whether the event can be begun before it is over.

use super::{Event, Field, FieldId, FieldValue, When};

/// When a program says a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Never: the contract does.
    Constant,
    /// When the event begins.
    Begin,
    /// Until it ends, or not at all.
    Later,
    /// Never: it is the time from begin to end.
    Elapsed,
}

/// Why nothing can begin an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// Nothing says what this meaning is if nobody sets it before the end.
    Unsaid(FieldId),
    /// Each of these may be the time from begin to end.
    Ambiguous(FieldId, FieldId),
    /// It goes out nowhere when a value does not fit, and a span that is open can't be taken back.
    DropsInvalid,
    /// Whether its span is opened depends on this field, which is known when the event ends.
    SpanWaits(FieldId),
}

impl Said {
    fn of(elapsed: Option<FieldId>, id: FieldId, field: &Field) -> Said {
        match &field.constant {
            Some(_) => Said::Constant,
            None if elapsed == Some(id) => Said::Elapsed,
            None if field.optional || field.unset.is_some() => Said::Later,
            None => Said::Begin,
        }
    }
}

impl Event {
    /// The fields with their ids, each with when a program says it.
    pub(crate) fn fields_said(&self) -> impl Iterator<Item = (FieldId, &Field, Said)> {
        let elapsed = self.elapsed();
        self.fields_by_id().map(move |(id, field)| (id, field, Said::of(elapsed, id, field)))
    }

    /// Why nothing can begin the event; empty where it can be begun.
    pub(crate) fn hindrances(&self) -> Vec<Hindrance> {
        let elapsed = self.elapsed();
        let unsaid = self.fields_said().filter(|(_, field, said)| {
            *said == Said::Begin && matches!(&*field.value, FieldValue::Meaning { .. })
        });
        let mut hindrances: Vec<Hindrance> = unsaid.map(|(id, ..)| Hindrance::Unsaid(id)).collect();
        if let (None, [one, other, ..]) = (elapsed, self.durations().as_slice()) {
            hindrances.push(Hindrance::Ambiguous(*one, *other));
        }
        if self.drop_invalid {
            hindrances.push(Hindrance::DropsInvalid);
        }
        // The span that is running already is written onto when the event ends.
        let opened = self.span.as_ref().filter(|span| span.name.is_some());
        let mut tests = opened.and_then(|span| span.when.as_ref()).into_iter().flat_map(When::tests);
        // A meaning that nobody sets later was named already.
        let waits = tests.find(|test| {
            let said = Said::of(elapsed, test.field, self.field(test.field));
            matches!(said, Said::Later | Said::Elapsed)
        });
        hindrances.extend(waits.map(|test| Hindrance::SpanWaits(test.field)));
        hindrances
    }
}
