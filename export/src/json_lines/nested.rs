//! Attributes as nested objects.

use std::collections::BTreeMap;

use slo_model::names::log_line::ATTRIBUTES;
use slo_model::names::nested_path;

use super::value::{Json, list, object, text};

/// Attributes by the parts of their keys, sorted by these.
///
/// `payment.amount` is the member `amount` of the object `payment`. A contract sees to it that its keys nest. Others may
/// not: one that is a value and the beginning of another, one that comes twice, one whose first part is taken by
/// something else, one of more than 32 parts. The first one to come has its place. The others stand in the member
/// `attributes`, by their whole keys: a list of the values of each, so that none is lost.
#[derive(Debug)]
pub(super) struct Nested<'a, V> {
    members: BTreeMap<&'a str, Node<'a, V>>,
    flat: BTreeMap<&'a str, Vec<V>>,
}

/// The most parts of a key that nests.
const PARTS: usize = 32;

#[derive(Debug)]
enum Node<'a, V> {
    Value(V),
    Object(BTreeMap<&'a str, Node<'a, V>>),
}

impl<'a, V: Json> Nested<'a, V> {
    /// Nests attributes. No member of the outermost object gets one of the names in `taken`, nor `attributes`.
    pub(super) fn new(attributes: impl Iterator<Item = (&'a str, V)>, taken: &[&str]) -> Nested<'a, V> {
        let mut nested = Nested { members: BTreeMap::new(), flat: BTreeMap::new() };
        for (key, value) in attributes {
            let path: Vec<&str> = nested_path(key).take(PARTS + 1).collect();
            let free = path.first().is_some_and(|first| *first != ATTRIBUTES && !taken.contains(first));
            let rest = if free && path.len() <= PARTS {
                put(&mut nested.members, &path, value)
            } else {
                Some(value)
            };
            if let Some(value) = rest {
                nested.flat.entry(key).or_default().push(value);
            }
        }
        nested
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.flat.is_empty()
    }

    /// Appends the members without the braces around them, each with a comma behind it.
    pub(super) fn write_members(&self, depth: usize, line: &mut Vec<u8>) {
        for (name, node) in &self.members {
            text(name, line);
            line.push(b':');
            node.write(depth + 1, line);
            line.push(b',');
        }
        if !self.flat.is_empty() {
            text(ATTRIBUTES, line);
            line.push(b':');
            let values = |values: &Vec<V>, line: &mut Vec<u8>| {
                list(values, |value, line| value.write(depth + 3, line), line);
            };
            object(&self.flat, values, line);
            line.push(b',');
        }
    }
}

impl<V: Json> Json for Nested<'_, V> {
    fn write(&self, depth: usize, line: &mut Vec<u8>) {
        line.push(b'{');
        self.write_members(depth, line);
        if line.last() == Some(&b',') {
            line.pop();
        }
        line.push(b'}');
    }
}

impl<V: Json> Json for Node<'_, V> {
    fn write(&self, depth: usize, line: &mut Vec<u8>) {
        match self {
            Node::Value(value) => value.write(depth, line),
            Node::Object(members) => object(members, |node, line| node.write(depth + 1, line), line),
        }
    }
}

/// Puts a value at a path. Gives it back where something stands there, or on the way.
fn put<'a, V>(members: &mut BTreeMap<&'a str, Node<'a, V>>, path: &[&'a str], value: V) -> Option<V> {
    let mut members = members;
    let [on_the_way @ .., last] = path else { return Some(value) };
    // First looked at, so that nothing is left behind on the way to a place that is taken.
    if !is_free(members, path) {
        return Some(value);
    }
    for part in on_the_way {
        match members.entry(part).or_insert_with(|| Node::Object(BTreeMap::new())) {
            Node::Object(inner) => members = inner,
            Node::Value(_) => return Some(value),
        }
    }
    members.insert(last, Node::Value(value));
    None
}

fn is_free<V>(members: &BTreeMap<&str, Node<'_, V>>, path: &[&str]) -> bool {
    let mut members = members;
    for (index, part) in path.iter().enumerate() {
        match members.get(part) {
            None => return true,
            Some(Node::Object(inner)) if index + 1 < path.len() => members = inner,
            Some(_) => return false,
        }
    }
    false
}
