//! The attributes of a registry, and of those that it depends on where it refers to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::definition::{AttributeSpec, Group, Item};
use crate::fields::Found;
use crate::place::shown;
use crate::problem::{Kind, Problem};
use crate::registry::Attribute;

use super::inherit::{Inherited, private};
use super::{Resolved, may_use_private};

/// Attributes by their keys.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    attributes: BTreeMap<String, Attribute>,
}

impl Catalog {
    /// The attributes that a registry defines, in lists of their own and in groups.
    pub(super) fn of(listed: Vec<AttributeSpec>, groups: &[Group], found: &mut Found) -> Catalog {
        let mut catalog = Catalog::default();
        for attribute in listed {
            catalog.define(&attribute, found);
        }
        for group in groups {
            for item in &group.items {
                if let Item::Attribute(attribute) = item {
                    catalog.define(attribute, found);
                }
            }
        }
        catalog
    }

    fn define(&mut self, spec: &AttributeSpec, found: &mut Found) {
        let Some(value) = &spec.value else {
            return;
        };
        if let Some(first) = self.attributes.get(&spec.key.value) {
            let message = format!("the attribute `{}` is declared twice", shown(&spec.key.value));
            let problem =
                Problem::new(Kind::Duplicate, spec.key.place.clone(), message, "refer to one by `ref`");
            found.problem(problem.with(first.key.place.clone(), "it is declared here already"));
            return;
        }
        let attribute = Attribute {
            key: spec.key.clone(),
            value: value.clone(),
            about: spec.about.clone(),
            examples: spec.examples.clone(),
            level: spec.level.clone(),
            origin: None,
            place: spec.place.clone(),
        };
        self.attributes.insert(spec.key.value.clone(), attribute);
    }

    pub(super) fn get(&self, key: &str) -> Option<&Attribute> {
        self.attributes.get(key)
    }

    /// Takes in an attribute of another registry; what is here already stays.
    pub(super) fn bring(&mut self, attribute: &Attribute, from: &Arc<str>) {
        self.attributes.entry(attribute.key.value.clone()).or_insert_with(|| Attribute {
            origin: Some(attribute.origin.clone().unwrap_or_else(|| Arc::clone(from))),
            ..attribute.clone()
        });
    }

    /// Sees to it that each attribute of a group is there; those that are not are told of and taken out.
    pub(super) fn hold(&mut self, group: &mut Inherited, dependencies: &[Arc<Resolved>], found: &mut Found) {
        let mut attributes = std::mem::take(&mut group.attributes);
        attributes.retain(|spec| self.is_there(spec, group, dependencies, found));
        group.attributes = attributes;
    }

    fn is_there(
        &mut self,
        spec: &AttributeSpec,
        group: &Inherited,
        dependencies: &[Arc<Resolved>],
        found: &mut Found,
    ) -> bool {
        let user = format!("the {} `{}`", group.kind.name(), shown(&group.id.value));
        let what = format!("the attribute `{}`", shown(&spec.key.value));
        if let Some(attribute) = self.attributes.get(&spec.key.value) {
            if attribute.origin.is_none() && attribute.about.is_private() && !may_use_private(group) {
                found.problem(private(&spec.key, &attribute.key.place, &what, &user));
            }
            return true;
        }
        let mut candidates: Vec<(Arc<str>, &Attribute)> = Vec::new();
        let mut hidden: Option<&Attribute> = None;
        for other in dependencies {
            let Some(attribute) = find(&other.registry.attributes, &spec.key.value) else {
                continue;
            };
            let origin = attribute.origin.clone().unwrap_or_else(|| Arc::clone(&other.name));
            if attribute.about.is_private() {
                hidden = Some(attribute);
            } else if !candidates.iter().any(|(known, _)| *known == origin) {
                candidates.push((origin, attribute));
            }
        }
        match (candidates.as_slice(), hidden) {
            ([(origin, attribute)], _) => {
                let attribute = Attribute { origin: Some(Arc::clone(origin)), ..(*attribute).clone() };
                self.attributes.insert(spec.key.value.clone(), attribute);
                true
            }
            ([], Some(hidden)) => {
                found.problem(private(&spec.key, &hidden.key.place, &what, &user));
                false
            }
            ([], None) => {
                found.problem(unknown(spec, &user, &what, self.near(&spec.key.value)));
                false
            }
            (several, _) => {
                let message = format!("{user} uses {what}, which several registries declare");
                let help = "declare it in this registry, or depend on one of them";
                let mut problem = Problem::new(Kind::Conflict, spec.key.place.clone(), message, help);
                for (origin, attribute) in several {
                    problem =
                        problem.with(attribute.key.place.clone(), format!("declared by `{}`", shown(origin)));
                }
                found.problem(problem);
                false
            }
        }
    }

    /// A key that differs by its last part, or has another one before it.
    fn near(&self, key: &str) -> Option<&Attribute> {
        let (namespace, last) = key.rsplit_once('.').unwrap_or(("", key));
        let same_last = |other: &&Attribute| {
            other.key.value.rsplit('.').next() == Some(last)
                || other.key.value.replace(['.', '_'], "") == key.replace(['.', '_'], "")
        };
        let below = |other: &&Attribute| {
            !namespace.is_empty()
                && other.key.value.rsplit_once('.').is_some_and(|(other, _)| other == namespace)
                && other.key.value.get(..namespace.len() + 2) == key.get(..namespace.len() + 2)
        };
        self.attributes.values().find(same_last).or_else(|| self.attributes.values().find(below))
    }

    pub(super) fn into_attributes(self) -> Vec<Attribute> {
        self.attributes.into_values().collect()
    }
}

fn unknown(spec: &AttributeSpec, user: &str, what: &str, near: Option<&Attribute>) -> Problem {
    let message = format!("{user} uses {what}, which nothing declares");
    let help = match near {
        Some(near) => format!("did you mean `{}`?", shown(&near.key.value)),
        None => "declare it; of another registry, name it among the manifest's dependencies".to_owned(),
    };
    let problem = Problem::new(Kind::Unknown, spec.key.place.clone(), message, help);
    match near {
        Some(near) => problem.with(near.key.place.clone(), "the nearest one is declared here"),
        None => problem,
    }
}

pub(super) fn find<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a Attribute> {
    let at = attributes.binary_search_by(|attribute| attribute.key.value.as_str().cmp(key)).ok()?;
    attributes.get(at)
}
