//! Types for objects, which fields of events hold: one for each object, those within it before it.

use super::planner::{Parts, Planner};
use super::{Object, ObjectField, ObjectId};
use crate::hash::HashMap;
use crate::ir::{Event, FieldValue, Node, ObjectMember, Type};
use slo_model::ValueType;

/// Which object a field holds, or a list of which.
#[derive(Debug, Default)]
pub(super) struct Objects(HashMap<(Node, Node), ObjectId>);

impl Objects {
    /// The object of a field of an event.
    pub(super) fn of(&self, event: Node, field: Node) -> Option<ObjectId> {
        self.0.get(&(event, field)).copied()
    }
}

impl<'p> Planner<'p> {
    /// The objects of each of these packages, and which fields hold them.
    pub(super) fn objects_of(
        &self,
        packages: &[&'p str],
        parts: &Parts<'p>,
    ) -> (Objects, Vec<Vec<Object<'p>>>) {
        let mut of = HashMap::default();
        let of_package = packages.iter().enumerate().map(|(package, name)| {
            let mut objects = Vec::new();
            for event in parts.events(name) {
                for field in &event.fields {
                    if let FieldValue::Plain(domain) = &*field.value
                        && let Some(members) = domain.value.object()
                    {
                        let path = format!("{}.{}", event.name, field.name);
                        let id = add(package, path, &describe(event, &field.name), members, &mut objects);
                        of.insert((event.node, field.node), id);
                    }
                }
            }
            objects
        });
        let all = of_package.collect();
        (Objects(of), all)
    }
}

fn describe(event: &Event, field: &str) -> String {
    format!("`{field}` of `{}`", event.full_name())
}

/// Adds an object of a package behind those that it holds.
fn add<'p>(
    package: usize,
    path: String,
    what: &str,
    members: &'p [ObjectMember],
    objects: &mut Vec<Object<'p>>,
) -> ObjectId {
    let fields = members.iter().map(|member| {
        let inner = member.domain.value.object();
        let object = inner.map(|inner| {
            let what = format!("`{}` in {what}", member.name);
            add(package, format!("{path}.{}", member.name), &what, inner, objects)
        });
        ObjectField {
            name: &member.name,
            docs: &member.docs,
            optional: member.optional,
            value_type: value_type(&member.domain.value),
            nanoseconds: member.domain.value.nanoseconds(),
            object,
        }
    });
    let fields = fields.collect();
    objects.push(Object { path, docs: format!("What {what} holds."), fields });
    ObjectId { package, number: objects.len() - 1 }
}

/// The type of a value that a log record holds.
pub(super) fn value_type(value: &Type) -> ValueType {
    match value {
        Type::Object(_) => ValueType::Object,
        Type::ObjectArray(_) => ValueType::ObjectArray,
        other => other.value_type().unwrap_or(ValueType::Any),
    }
}
