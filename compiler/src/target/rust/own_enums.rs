//! Enums that a field, a payload or an observed label declares for itself, or that are narrowed to what no attribute lists.

use crate::hash::HashMap;

use proc_macro2::Ident;

use crate::ir::{Domain, Event, Field, Instrument, Meaning, Node, Payload, SignalWriter, Variant};
use crate::target::rust::names::{Names, pascal};

/// What has values that may be of an enum of its own.
#[derive(Clone, Copy)]
pub(super) enum Owner<'o> {
    Field(&'o Event, &'o Field),
    Payload(&'o Meaning, &'o Variant, &'o Payload),
    Label(&'o Instrument, &'o SignalWriter),
}

impl Owner<'_> {
    /// The package in whose module the enum stands.
    pub(super) fn package(&self) -> &str {
        match self {
            Owner::Field(event, _) => &event.package,
            Owner::Payload(meaning, ..) => &meaning.package,
            Owner::Label(metric, _) => &metric.package,
        }
    }
}

/// Such an enum.
pub(super) struct OwnEnum<'c> {
    pub(super) name: Ident,
    pub(super) domain: &'c Domain,
    /// What it belongs to, such as `code` of `web.Outcome`.
    pub(super) of: String,
}

/// Those of a module, with their names.
#[derive(Default)]
pub(super) struct OwnEnums<'c> {
    list: Vec<OwnEnum<'c>>,
    of_fields: HashMap<(&'c str, &'c str), Ident>,
    of_payloads: HashMap<(&'c str, &'c str, &'c str), Ident>,
    of_labels: HashMap<Node, Ident>,
}

/// A payload of one name in the variants of a meaning, with the variants that list the same.
type Alike<'c> = Vec<(&'c Domain, Vec<&'c Variant>)>;

impl<'c> OwnEnums<'c> {
    /// Names the enums of these owners.
    pub(super) fn of(owners: &[(&'c Domain, Owner<'c>)], names: &mut Names) -> OwnEnums<'c> {
        let mut made = OwnEnums::default();
        let mut payloads: Vec<(&'c Meaning, &'c str)> = Vec::new();
        let mut alike: HashMap<(Node, &'c str), Alike<'c>> = HashMap::default();
        for (domain, owner) in owners {
            match *owner {
                Owner::Field(event, field) => {
                    let path = format!("{}.{}", event.name, field.name);
                    let of = format!("`{}` of `{}`", field.name, event.full_name());
                    let name = made.add(domain, &path, of, names);
                    made.of_fields.insert((&event.name, &field.name), name);
                }
                Owner::Label(metric, writer) => {
                    let path = format!("{}.{}", metric.name, writer.key);
                    let of = format!("`{}` of `{}`", writer.key, metric.name);
                    let name = made.add(domain, &path, of, names);
                    made.of_labels.insert(writer.node, name);
                }
                Owner::Payload(meaning, variant, payload) => {
                    let groups = alike.entry((meaning.node, &payload.name)).or_insert_with(|| {
                        payloads.push((meaning, &payload.name));
                        Vec::new()
                    });
                    match groups.iter_mut().find(|(other, _)| same_values(other, domain)) {
                        Some((_, variants)) => variants.push(variant),
                        None => groups.push((domain, vec![variant])),
                    }
                }
            }
        }
        for (meaning, payload) in payloads {
            let groups = alike.remove(&(meaning.node, payload)).unwrap_or_default();
            made.add_payload(meaning, payload, &groups, names);
        }
        made
    }

    /// The enums of a payload: one where all variants that carry it list the same, else one for each list.
    fn add_payload(&mut self, meaning: &'c Meaning, payload: &'c str, groups: &Alike<'c>, names: &mut Names) {
        let whole = meaning.full_name();
        for (domain, variants) in groups {
            let (path, of) = match (groups.len(), variants.first()) {
                (2.., Some(first)) => (
                    format!("{}.{}.{payload}", meaning.name, first.name),
                    format!("`{payload}` of `{}` of `{whole}`", first.name),
                ),
                _ => (format!("{}.{payload}", meaning.name), format!("`{payload}` of `{whole}`")),
            };
            let name = self.add(domain, &path, of, names);
            for variant in variants {
                self.of_payloads.insert((&meaning.name, &variant.name, payload), name.clone());
            }
        }
    }

    fn add(&mut self, domain: &'c Domain, path: &str, of: String, names: &mut Names) -> Ident {
        let name = names.give(pascal(path));
        self.list.push(OwnEnum { name: name.clone(), domain, of });
        name
    }

    /// All of them.
    pub(super) fn list(&self) -> &[OwnEnum<'c>] {
        &self.list
    }

    /// The name of an owner's.
    pub(super) fn name<'o>(&'o self, owner: Owner<'o>) -> Option<&'o Ident> {
        match owner {
            Owner::Field(event, field) => self.of_fields.get(&(event.name.as_str(), field.name.as_str())),
            Owner::Payload(meaning, variant, payload) => {
                self.of_payloads.get(&(meaning.name.as_str(), variant.name.as_str(), payload.name.as_str()))
            }
            Owner::Label(_, writer) => self.of_labels.get(&writer.node),
        }
    }
}

/// Whether two enums list the same.
fn same_values(left: &Domain, right: &Domain) -> bool {
    left.members == right.members && left.open == right.open && left.value == right.value
}
