//! What may stand in a kind of record: each key with whatever writes it.

use std::cell::RefCell;
use std::collections::HashMap;

use slo_model::event::{Field, FieldKind, Meaning, PairValue, Shown, Signal, Slot, Writer, WriterValue};
use slo_model::{Container, Key, Literal, Source};

/// How many places of lists are remembered.
const MOST_PLACES: usize = 128;

/// The keys of a kind of record.
#[derive(Debug, Default)]
pub(crate) struct Shape<'p> {
    pub(crate) entries: Vec<Entry<'p>>,
    pub(crate) meanings: Vec<Meant<'p>>,
    by_key: HashMap<&'p str, usize>,
    /// The number of the key that stood at each place of the last list: an SDK writes the keys of a record in one order, and so most are found
    /// by one comparison.
    last: RefCell<Vec<usize>>,
}

/// A key with what may write it.
#[derive(Debug)]
pub(crate) struct Entry<'p> {
    pub(crate) key: &'p str,
    pub(crate) uses: Vec<Use<'p>>,
    /// Whether each record has it, whatever else it has.
    pub(crate) required: bool,
}

/// What writes a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Use<'p> {
    /// It is always this.
    Constant(Literal<'p>),
    /// The field of this number, as it is or as text.
    Field { field: u16, slot: &'p Slot<'p>, as_text: bool },
    /// The meaning of this number among the shape's.
    Meaning(usize),
    /// What a resource or a scope says of it.
    Key(&'p Key<'p>),
}

/// A meaning that shows in a kind of record.
#[derive(Debug)]
pub(crate) struct Meant<'p> {
    /// The number of its field.
    pub(crate) field: u16,
    pub(crate) meaning: &'p Meaning<'p>,
    /// Whether each record shows it.
    pub(crate) required: bool,
    /// The numbers of the keys that it writes.
    pub(crate) entries: Vec<usize>,
    pub(crate) variants: Vec<VariantUse<'p>>,
}

/// How a variant shows.
#[derive(Debug)]
pub(crate) struct VariantUse<'p> {
    pub(crate) number: u16,
    pub(crate) name: &'p str,
    pub(crate) payload: &'p [Slot<'p>],
    /// The numbers of the keys, with what stands there.
    pub(crate) pairs: Vec<(usize, PairValue<'p>)>,
}

/// Whether each occurrence of an event has a value in this field.
pub(crate) fn is_required(fields: &[Field<'_>], number: u16, elapsed: Option<u16>) -> bool {
    let Some(field) = fields.get(usize::from(number)) else { return false };
    let is_set = match field.kind {
        FieldKind::Plain { unset, .. } => unset.is_some(),
        FieldKind::Meaning { unset, .. } => unset.is_some(),
        FieldKind::Contexts => false,
    };
    field.at_begin || is_set || elapsed == Some(number)
}

impl<'p> Shape<'p> {
    /// What these writers write on a signal.
    pub(crate) fn of(
        writers: &'p [Writer<'p>],
        signal: Signal,
        fields: &'p [Field<'p>],
        elapsed: Option<u16>,
    ) -> Shape<'p> {
        let mut shape = Shape::default();
        for writer in writers {
            match writer.value {
                WriterValue::Constant(literal) => shape.add(writer.key, Use::Constant(literal), true),
                WriterValue::Field(field) | WriterValue::Text(field) => {
                    let as_text = matches!(writer.value, WriterValue::Text(_));
                    if let Some(Field { kind: FieldKind::Plain { slot, .. }, .. }) =
                        fields.get(usize::from(field))
                    {
                        let required = is_required(fields, field, elapsed);
                        shape.add(writer.key, Use::Field { field, slot, as_text }, required);
                    }
                }
                WriterValue::Meaning(field, meaning) => {
                    shape.meaning(field, meaning, signal, is_required(fields, field, elapsed));
                }
            }
        }
        shape
    }

    /// The keys of a resource or a scope. What the environment or a detector gives is asked for where `deployed` says that they were there.
    pub(crate) fn of_container(container: &'p Container<'p>, deployed: bool) -> Shape<'p> {
        let mut shape = Shape::default();
        for key in container.keys {
            let required = match key.source {
                Source::Required | Source::Static(_) => true,
                Source::Optional => key.default.is_some(),
                Source::Environment(_) => deployed || key.default.is_some(),
                Source::Auto => deployed,
            };
            shape.add(key.name, Use::Key(key), required);
        }
        shape
    }

    /// The number of a key.
    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The number of the key that stands at a place of a list.
    pub(crate) fn number_at(&self, place: usize, key: &str) -> Option<usize> {
        let mut last = self.last.borrow_mut();
        if let Some(number) = last.get(place).copied()
            && self.entries.get(number).is_some_and(|entry| entry.key == key)
        {
            return Some(number);
        }
        let number = self.number(key)?;
        if place <= MOST_PLACES {
            if last.len() <= place {
                last.resize(place + 1, usize::MAX);
            }
            if let Some(before) = last.get_mut(place) {
                *before = number;
            }
        }
        Some(number)
    }

    /// The fields that it shows as they are.
    pub(crate) fn fields(&self) -> impl Iterator<Item = u16> {
        self.entries.iter().flat_map(|entry| &entry.uses).filter_map(|one| match one {
            Use::Field { field, as_text: false, .. } => Some(*field),
            Use::Field { .. } | Use::Constant(_) | Use::Meaning(_) | Use::Key(_) => None,
        })
    }

    /// The key that shows a field.
    pub(crate) fn key_of(&self, number: u16) -> Option<&'p str> {
        let shows = |one: &Use<'_>| matches!(one, Use::Field { field, .. } if *field == number);
        self.entries.iter().find(|entry| entry.uses.iter().any(shows)).map(|entry| entry.key)
    }

    fn add(&mut self, key: &'p str, one: Use<'p>, required: bool) {
        let at = self.entry(key);
        if let Some(entry) = self.entries.get_mut(at) {
            entry.uses.push(one);
            entry.required |= required;
        }
    }

    fn entry(&mut self, key: &'p str) -> usize {
        *self.by_key.entry(key).or_insert_with(|| {
            self.entries.push(Entry { key, uses: Vec::new(), required: false });
            self.entries.len() - 1
        })
    }

    fn meaning(&mut self, field: u16, meaning: &'p Meaning<'p>, signal: Signal, required: bool) {
        let number = self.meanings.len();
        let mut meant = Meant { field, meaning, required, entries: Vec::new(), variants: Vec::new() };
        for (variant, at) in meaning.variants.iter().zip(0..) {
            if let Shown::Unsaid = variant.shown(signal) {
                continue;
            }
            let mut pairs = Vec::new();
            for pair in variant.pairs(signal) {
                let entry = self.entry(pair.key);
                if !meant.entries.contains(&entry) {
                    meant.entries.push(entry);
                    self.add(pair.key, Use::Meaning(number), false);
                }
                pairs.push((entry, pair.value));
            }
            meant.variants.push(VariantUse {
                number: at,
                name: variant.name,
                payload: variant.payload,
                pairs,
            });
        }
        self.meanings.push(meant);
    }
}
