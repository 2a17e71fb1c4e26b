//! Everything that writes a key.

use crate::hash::HashSet;

use crate::ir::{
    Contract, Event, FieldId, FieldValue, Meaning, Node, Shown, Signal, SignalWriter, Type, WriterValue,
};

use super::signal::EventSignal;
use super::{Constant, PairSheet, Place, Use, ValueSource};

/// Everything that writes `key`: under its own name, or renamed.
pub(super) fn of(contract: &Contract, key: &str) -> Vec<Use> {
    let wanted = Wanted::new(contract, key);
    let mut uses = Vec::new();
    for container in &contract.containers {
        for writer in container.writers.iter().filter(|writer| wanted.is_met(&writer.key, None)) {
            uses.push(Use {
                owner_kind: container.kind.name(),
                name: container.full_name(),
                part: String::new(),
                key: Some(writer.key.clone()),
                value: ValueSource::from(&*writer.source).to_string(),
                place: Place::of(&contract.places, writer.node),
            });
        }
    }
    for meaning in &contract.meanings {
        uses.extend(wanted.of_meaning(meaning));
    }
    for event in &contract.events {
        uses.extend(wanted.of_event(event));
    }
    for metric in contract.instruments.iter().filter(|metric| metric.during.is_none()) {
        uses.extend(wanted.of_signal("metric", &metric.name, &EventSignal::metric(metric), None));
    }
    uses
}

/// The key that is looked for.
struct Wanted<'c> {
    contract: &'c Contract,
    key: &'c str,
    /// The beginning of the keys of the family, if it is one.
    family: Option<String>,
    /// Where it is declared.
    declared: HashSet<(u32, u32)>,
    /// The blocks that meanings write themselves: a view's others are inherited.
    blocks: HashSet<Node>,
}

impl<'c> Wanted<'c> {
    fn new(contract: &'c Contract, key: &'c str) -> Wanted<'c> {
        let attributes = contract.attributes.iter().filter(|attribute| attribute.key == key);
        let is_family = attributes.clone().any(|attribute| matches!(attribute.domain.value, Type::Map(_)));
        let declared = attributes
            .filter_map(|attribute| contract.places.nodes.get(attribute.node?.0 as usize))
            .map(|place| (place.file, place.start));
        let meanings = contract.meanings.iter().filter(|meaning| meaning.view.is_none());
        let blocks = meanings.flat_map(|meaning| &meaning.variants).flat_map(|variant| {
            Signal::ALL.into_iter().filter_map(|signal| Some(variant.projection(signal)?.node))
        });
        Wanted {
            contract,
            key,
            family: is_family.then(|| format!("{key}.")),
            declared: declared.collect(),
            blocks: blocks.collect(),
        }
    }

    /// Whether this is the key, one of its family, or another name for it.
    fn is_met(&self, key: &str, declaration: Option<Node>) -> bool {
        let place = declaration.and_then(|node| self.contract.places.nodes.get(node.0 as usize));
        key == self.key
            || self.family.as_ref().is_some_and(|family| key.starts_with(family))
            || place.is_some_and(|place| self.declared.contains(&(place.file, place.start)))
    }

    fn of_meaning(&self, meaning: &Meaning) -> Vec<Use> {
        let mut uses = Vec::new();
        for variant in &meaning.variants {
            for signal in Signal::ALL {
                let Some(projection) = variant.projection(signal) else { continue };
                let Shown::Pairs(pairs) = &projection.shown else { continue };
                if meaning.view.is_some() && self.blocks.contains(&projection.node) {
                    continue;
                }
                let pairs = pairs.iter().filter(|pair| self.is_met(&pair.key, pair.declaration));
                uses.extend(pairs.map(|pair| Use {
                    owner_kind: meaning.keyword(),
                    name: meaning.full_name(),
                    part: format!("{} on the {}", variant.name, signal.name()),
                    key: Some(pair.key.clone()),
                    value: PairSheet::of(variant, pair).value.to_string(),
                    place: Place::of(&self.contract.places, pair.node),
                }));
            }
        }
        uses
    }

    fn of_event(&self, event: &Event) -> Vec<Use> {
        let name = event.full_name();
        let mut uses = Vec::new();
        for field in &event.fields {
            let is_plain = matches!(*field.value, FieldValue::Plain(_));
            if !is_plain || !self.is_met(&field.key, field.declaration) {
                continue;
            }
            uses.push(Use {
                owner_kind: "event",
                name: name.clone(),
                part: format!("field {}", field.name),
                key: Some(field.key.clone()),
                value: field
                    .constant
                    .as_ref()
                    .map(|value| Constant::from(value).to_string())
                    .unwrap_or_default(),
                place: Place::of(&self.contract.places, field.node),
            });
        }
        for signal in EventSignal::all(self.contract, event) {
            uses.extend(self.of_signal("event", &name, &signal, Some(event)));
        }
        uses
    }

    fn of_signal(
        &self,
        owner_kind: &'static str,
        name: &str,
        signal: &EventSignal<'_>,
        event: Option<&Event>,
    ) -> Vec<Use> {
        // What a meaning writes stands with the meaning.
        let named = |field: FieldId| event.map_or("", |event| &event.field(field).name);
        let by_field = |field: FieldId| {
            event.map(|event| event.field(field)).is_some_and(|field| {
                matches!(*field.value, FieldValue::Plain(_)) && self.is_met(&field.key, field.declaration)
            })
        };
        let place = |node| Place::of(&self.contract.places, node);
        let part = if event.is_some() { signal.name.to_string() } else { String::new() };
        let mut uses = Vec::new();
        for writer in signal.writers {
            let from_field = writer.field().is_some_and(by_field);
            let is_meaning = matches!(*writer.value, WriterValue::Meaning { .. });
            if is_meaning || !(from_field || self.is_met(&writer.key, writer.declaration)) {
                continue;
            }
            uses.push(Use {
                owner_kind,
                name: name.to_owned(),
                part: part.clone(),
                key: Some(writer.key.clone()),
                value: value(writer, &named),
                place: place(writer.node),
            });
        }
        for (field, role) in signal.roles.iter().filter(|(field, _)| by_field(*field)) {
            let preposition = if ["body", "name"].contains(role) { "in" } else { "as" };
            uses.push(Use {
                owner_kind,
                name: name.to_owned(),
                part: part.clone(),
                key: None,
                value: format!("field {}, {preposition} its {role}", named(*field)),
                place: place(signal.node),
            });
        }
        uses
    }
}

fn value<'e>(writer: &SignalWriter, named: &dyn Fn(FieldId) -> &'e str) -> String {
    match &*writer.value {
        WriterValue::Field(field) | WriterValue::Meaning { field, .. } => {
            format!("field {}", named(*field))
        }
        WriterValue::ToString(field) => format!("field {}, as text", named(*field)),
        WriterValue::Constant(literal) => Constant::from(literal).to_string(),
        WriterValue::Observed(_) => "observed".to_owned(),
    }
}
