//! Types for values that are listed: those that attributes declare, and those that a field, a payload or an observed label
//! declares for itself, or narrows to what no attribute lists.

use std::collections::BTreeMap;

use super::planner::{Parts, Planner};
use super::values::{Enumeration, Values};
use super::{Enum, EnumId};
use crate::hash::{HashMap, HashSet};
use crate::ir::{
    Attribute, Domain, FieldValue, Meaning, Node, Payload, Scalar, Source, Type, Variant, WriterValue,
};

/// Which enum something is of.
#[derive(Debug, Default)]
pub(super) struct Enums(HashMap<(Node, Node), EnumId>);

impl Enums {
    /// The enum of something that stands in an event, a meaning, a metric or a container.
    pub(super) fn of(&self, within: Node, node: Node) -> Option<EnumId> {
        self.0.get(&(within, node)).copied()
    }
}

/// Something whose values may be of an enum.
struct Listed<'p> {
    values: Values<'p>,
    /// The place of what it stands in, and its own.
    at: (Node, Node),
    what: What<'p>,
}

#[derive(Clone, Copy)]
enum What<'p> {
    /// A field or a label: the name and the full name of what it stands in, and its own.
    Named(&'p str, &'p str, &'p str),
    Payload(&'p Meaning, &'p Variant, &'p Payload),
}

/// A payload of one name in the variants of a meaning, with those that list the same.
type Alike<'p> = Vec<(&'p Domain, Vec<(&'p Variant, (Node, Node))>)>;

impl<'p> Planner<'p> {
    /// The enums of each of these packages, and what is of them.
    pub(super) fn enums_of(&self, packages: &[&'p str], parts: &Parts<'p>) -> (Enums, Vec<Vec<Enum<'p>>>) {
        let contract = self.contract;
        let given: Vec<Vec<(&Attribute, (Node, Node))>> =
            packages.iter().map(|package| self.given(package, parts)).collect();
        let in_containers: HashSet<&str> =
            given.iter().flatten().map(|(attribute, _)| attribute.key.as_str()).collect();
        let mut declared: HashMap<&str, Vec<&Attribute>> = HashMap::default();
        for attribute in contract.attributes.iter().filter(|one| contract.owns(&one.package)) {
            // What is only listed is a type to resources and scopes alone.
            let is_enum = attribute.domain.is_enum();
            if is_enum || in_containers.contains(attribute.key.as_str()) {
                declared.entry(&attribute.package).or_default().push(attribute);
            }
        }
        let listed: Vec<Vec<Listed<'p>>> =
            packages.iter().map(|package| self.listed(package, parts)).collect();
        let mut enums: Vec<Vec<Enum<'p>>> = Vec::new();
        let mut of_attributes: HashMap<(&str, &str), EnumId> = HashMap::default();
        for (package, name) in packages.iter().enumerate() {
            let used = listed.get(package).into_iter().flatten().filter_map(|one| one.values.attribute());
            let given = given.get(package).into_iter().flatten().map(|(attribute, _)| *attribute);
            let others = given.chain(used).filter(|attribute| !contract.owns(&attribute.package));
            let mut wanted: BTreeMap<&str, &Attribute> = BTreeMap::new();
            for attribute in declared.remove(name).into_iter().flatten().chain(others) {
                wanted.entry(&attribute.key).or_insert(attribute);
            }
            let mut here = Vec::new();
            for (key, attribute) in wanted {
                let domain = &attribute.domain;
                if !has_type(domain) {
                    continue;
                }
                of_attributes.insert((name, key), EnumId { package, number: here.len() });
                here.push(self.enumeration(key.to_owned(), domain, &attribute.docs, &format!("`{key}`")));
            }
            enums.push(here);
        }
        let of_attribute = |package: usize, attribute: &Attribute| {
            let own = contract.owns(&attribute.package).then_some(&*attribute.package);
            of_attributes.get(&(own.or(packages.get(package).copied())?, attribute.key.as_str())).copied()
        };
        let mut of = HashMap::default();
        for (package, (given, listed)) in given.iter().zip(&listed).enumerate() {
            let Some(here) = enums.get_mut(package) else { continue };
            for (attribute, at) in given {
                of.extend(of_attribute(package, attribute).map(|id| (*at, id)));
            }
            for one in listed {
                let attribute = one.values.attribute();
                of.extend(attribute.and_then(|one| of_attribute(package, one)).map(|id| (one.at, id)));
            }
            self.own_enums(package, listed, here, &mut of);
        }
        (Enums(of), enums)
    }

    /// The attributes whose values the program gives to a package's resources and scopes.
    fn given(&self, package: &str, parts: &Parts<'p>) -> Vec<(&'p Attribute, (Node, Node))> {
        let writers = parts
            .containers(package)
            .flat_map(|(_, container)| container.writers.iter().map(move |writer| (container.node, writer)));
        let given = writers.filter(|(_, writer)| {
            matches!(*writer.source, Source::Required | Source::Optional | Source::Environment(_))
        });
        given
            .filter_map(|(node, writer)| Some((self.attributes.get(&writer.key)?, (node, writer.node))))
            .collect()
    }

    /// Everything in a package that has values, and whose type may be an enum.
    fn listed(&self, package: &str, parts: &Parts<'p>) -> Vec<Listed<'p>> {
        let mut listed = Vec::new();
        for event in parts.events(package) {
            for field in event.fields.iter().filter(|field| field.constant.is_none()) {
                let FieldValue::Plain(domain) = &*field.value else { continue };
                let what = What::Named(&event.name, self.arena.text(event.full_name()), &field.name);
                listed.push(Listed {
                    values: self.attributes.of_field(field, domain),
                    at: (event.node, field.node),
                    what,
                });
            }
        }
        for (_, meaning) in parts.meanings(package).filter(|(_, meaning)| meaning.view.is_none()) {
            for variant in &meaning.variants {
                for payload in &variant.payload {
                    let values = self.attributes.of_payload(payload);
                    let what = What::Payload(meaning, variant, payload);
                    listed.push(Listed { values, at: (meaning.node, payload.node), what });
                }
            }
        }
        for metric in parts.observed(package) {
            for writer in &metric.writers {
                let (WriterValue::Observed(attribute), Some(domain)) = (&*writer.value, writer.domain())
                else {
                    continue;
                };
                let values = self.attributes.values(Some(attribute), domain);
                let what = What::Named(&metric.name, &metric.name, &writer.key);
                listed.push(Listed { values, at: (metric.node, writer.node), what });
            }
        }
        listed
    }

    /// Adds the enums that something declares for itself. Those of a payload are one where all variants that carry it list the
    /// same.
    fn own_enums(
        &self,
        package: usize,
        listed: &[Listed<'p>],
        enums: &mut Vec<Enum<'p>>,
        of: &mut HashMap<(Node, Node), EnumId>,
    ) {
        let mut payloads: Vec<(&Meaning, &str, Alike<'p>)> = Vec::new();
        let mut at_payload: HashMap<(Node, &str), usize> = HashMap::default();
        let mut add = |domain, path: String, what: &str, at: &mut dyn Iterator<Item = (Node, Node)>| {
            let id = EnumId { package, number: enums.len() };
            enums.push(self.enumeration(path, domain, "", what));
            of.extend(at.map(|at| (at, id)));
        };
        for Listed { values, at, what } in listed {
            let Enumeration::Own = values.enumeration else { continue };
            let domain = values.domain;
            match *what {
                What::Named(name, full_name, own) => {
                    let text = format!("`{own}` of `{full_name}`");
                    add(domain, format!("{name}.{own}"), &text, &mut std::iter::once(*at));
                }
                What::Payload(meaning, variant, payload) => {
                    let number = *at_payload.entry((meaning.node, &payload.name)).or_insert_with(|| {
                        payloads.push((meaning, &payload.name, Vec::new()));
                        payloads.len() - 1
                    });
                    let Some((_, _, groups)) = payloads.get_mut(number) else { continue };
                    match groups.iter_mut().find(|(other, _)| same_values(other, domain)) {
                        Some((_, variants)) => variants.push((variant, *at)),
                        None => groups.push((domain, vec![(variant, *at)])),
                    }
                }
            }
        }
        for (meaning, payload, groups) in payloads {
            let (name, whole) = (&meaning.name, meaning.full_name());
            for (domain, variants) in &groups {
                let (path, what) = match (groups.len(), variants.first()) {
                    (2.., Some((first, _))) => (
                        format!("{name}.{}.{payload}", first.name),
                        format!("`{payload}` of `{}` of `{whole}`", first.name),
                    ),
                    _ => (format!("{name}.{payload}"), format!("`{payload}` of `{whole}`")),
                };
                add(domain, path, &what, &mut variants.iter().map(|(_, at)| *at));
            }
        }
    }

    fn enumeration(&self, path: String, domain: &'p Domain, docs: &str, of: &str) -> Enum<'p> {
        let listed = domain.members.as_deref().unwrap_or_default();
        let what = format!("The values of {of}.");
        Enum {
            path,
            docs: if docs.is_empty() { what } else { format!("{docs}\n\n{what}") },
            members: self.arena.members(listed),
            docs_of_members: listed.iter().map(|member| member.docs.as_str()).collect(),
            open: domain.open,
            is_int: domain.value == Type::Scalar(Scalar::Int),
        }
    }
}

/// Whether values have a type of their own.
fn has_type(domain: &Domain) -> bool {
    domain.members.is_some() && matches!(domain.value, Type::Scalar(Scalar::String | Scalar::Int))
}

/// Whether two enums list the same.
fn same_values(left: &Domain, right: &Domain) -> bool {
    left.members == right.members && left.open == right.open && left.value == right.value
}
