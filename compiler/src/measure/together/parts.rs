//! What a list shows, value by value.

use crate::hash::HashSet;
use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Recorder;
use super::union::{Part, Tuples, Unlisted, Value};
use crate::ir::{Contract, Domain, Event, FieldId, Literal, Meaning, Signal, SignalWriter, WriterValue};
use crate::measure::distinct::{Distinct, distinct, labels};
use crate::measure::image::{Listing, Tuple, image_in};
use crate::measure::map::{Key, Reading, Space};
use crate::measure::points::shown;
use crate::measure::records::Records;
use crate::measure::texts::Text;

/// The meanings that a list shows, in its order.
pub(super) fn faces<'c, E: Clone>(
    contract: &'c Contract<E>,
    recorder: &Recorder<'c, E>,
) -> Vec<Cow<'c, Meaning<E>>> {
    let mut seen = HashSet::default();
    let writers = recorder.instrument.writers.iter();
    let faces = writers.filter_map(|writer| match writer.value.known()? {
        WriterValue::Meaning { field, face } => {
            seen.insert(*field).then(|| shown(contract, recorder.instrument, *field, *face))
        }
        _ => None,
    });
    faces.collect()
}

/// The parts of a list, of which `left` values and tuples may still be listed.
pub(super) fn of<'c, E: Clone>(
    recorder: &Recorder<'c, E>,
    faces: &'c [Cow<'c, Meaning<E>>],
    space: &mut Space<'c>,
    left: &mut u64,
) -> Vec<Part> {
    let Recorder { instrument, event } = *recorder;
    let records = Records::of(instrument.when.as_ref());
    let mut faces = faces.iter();
    let mut seen: HashSet<FieldId> = HashSet::default();
    let mut parts = Vec::new();
    // What a field of an event may be is one set, wherever the event shows it.
    let owner = event.map_or(instrument.node, |event| event.node);
    for (at, writer) in instrument.writers.iter().enumerate() {
        let field = writer.field();
        // A field that is shown twice is one value.
        if field.is_some_and(|field| !seen.insert(field)) {
            continue;
        }
        let number = field.map_or(at, FieldId::index) as u32;
        let same = |other: &&SignalWriter<E>| match field {
            Some(field) => other.field() == Some(field),
            None => other.node == writer.node,
        };
        let writers = || instrument.writers.iter().filter(same);
        let mut tuples = Tuples::default();
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        match writer.value.known() {
            None => continue,
            Some(WriterValue::Constant(literal)) => {
                let text = space.texts.text(literal.value().to_string());
                tuples = Tuples::one(vec![(space.key(&writer.key, Reading::Point), text)]);
            }
            Some(WriterValue::Meaning { field, .. }) => {
                let Some(face) = faces.next() else { continue };
                let remains = |name: &str| {
                    face.variant(name).is_some_and(|variant| records.has_variant(*field, variant))
                };
                let image = image_in(space, face, &remains, Listing::All(*left));
                *left = left.saturating_sub(image.listed.len() as u64);
                tuples.listed.extend(image.listed);
                for variant in &face.variants {
                    let pairs = variant.pairs(Signal::Metric);
                    keys.extend(pairs.iter().map(|pair| space.key(&pair.key, Reading::Point)));
                }
                for (variant, more) in image.rest {
                    let value = Value { owner, number, variant: Some(variant.to_owned()) };
                    tuples.unlisted.insert(Unlisted::Of(value, keys.clone()), more);
                }
            }
            Some(WriterValue::Field(_) | WriterValue::ToString(_) | WriterValue::Observed(_)) => {
                let own: Vec<Key> = writers().map(|writer| space.key(&writer.key, Reading::Point)).collect();
                let constant = field.zip(event).and_then(|(field, event)| constant(event, field));
                tuples = match (constant, writer.domain()) {
                    (Some(literal), _) => {
                        let text = space.texts.text(literal.value().to_string());
                        Tuples::one(under(&own, text))
                    }
                    (None, Some(domain)) => {
                        let domain = match field {
                            Some(field) => Cow::Owned(records.domain(field, domain)),
                            None => Cow::Borrowed(domain),
                        };
                        // Keys that fold by themselves show one value as two.
                        let alike = writers().all(|other| other.domain() == writer.domain());
                        let value = Value { owner, number, variant: None };
                        match values(&domain, alike, (&own, value), space, left) {
                            Some(tuples) => tuples,
                            None => continue,
                        }
                    }
                    (None, None) => continue,
                };
                keys.extend(own);
            }
        }
        if let Some(field) = field
            && event.is_some_and(|event| records.may_be_absent(event, field))
        {
            tuples.listed.insert(Tuple::new());
        }
        keys.extend(tuples.listed.iter().flatten().map(|(key, _)| *key));
        parts.push(Part { keys, tuples });
    }
    parts
}

/// The values of a field, each under all keys that show it. None where they can't be counted.
fn values(
    domain: &Domain,
    alike: bool,
    (keys, value): (&[Key], Value),
    space: &mut Space<'_>,
    left: &mut u64,
) -> Option<Tuples> {
    let Distinct::Finite(most) = distinct(domain) else { return None };
    let rest = || domain.rest().map(|rest| BTreeSet::from([rest.value().to_string()]));
    let listed = match alike {
        true if most <= *left => labels(domain).or_else(rest),
        true => rest(),
        false => None,
    };
    let listed = listed.unwrap_or_default();
    *left = left.saturating_sub(listed.len() as u64);
    let more = most.saturating_sub(listed.len() as u64);
    let listed = listed.into_iter().map(|text| under(keys, space.texts.text(text)));
    let unlisted = (more > 0).then(|| (Unlisted::Of(value, keys.iter().copied().collect()), more));
    Some(Tuples { listed: listed.collect(), unlisted: unlisted.into_iter().collect() })
}

/// A value under all keys that show it.
fn under(keys: &[Key], text: Text) -> Tuple {
    let mut tuple: Tuple = keys.iter().map(|key| (*key, text)).collect();
    tuple.sort();
    tuple
}

fn constant<E>(event: &Event<E>, field: FieldId) -> Option<&Literal> {
    event.field(field).constant.as_ref()
}
