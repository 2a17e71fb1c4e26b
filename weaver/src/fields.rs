//! The fields of a map, taken out one by one; what nobody takes is left.

use crate::left::Left;
use crate::limits;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};
use crate::value::Value;
use crate::yaml::{Data, Node};

/// Why a field that nobody takes is left.
pub(crate) const UNKNOWN_FIELD: &str = "the format has no such field here";

/// What is found while a registry is read.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) problems: Vec<Problem>,
    pub(crate) left: Vec<Left>,
    /// How many problems beyond those that are told of.
    pub(crate) more: usize,
}

impl Found {
    pub(crate) fn problem(&mut self, problem: Problem) {
        // A registry that isn't there may declare what nobody else does.
        let is_missing = |one: &Problem| one.kind == Kind::Dependency;
        if problem.kind == Kind::Unknown && self.problems.iter().any(is_missing) {
            return;
        }
        if self.problems.len() < limits::PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn left(&mut self, place: Place, what: impl Into<String>, why: &'static str) {
        self.left.push(Left { place, what: what.into(), why });
    }
}

/// A map whose fields are taken out.
pub(crate) struct Fields<'a> {
    /// What has the fields, as messages name it.
    pub(crate) owner: String,
    pub(crate) place: Place,
    entries: Vec<(Placed<String>, Node)>,
    pub(crate) found: &'a mut Found,
}

impl<'a> Fields<'a> {
    /// The fields of a map; a problem where it is none.
    pub(crate) fn of(node: Node, owner: impl Into<String>, found: &'a mut Found) -> Option<Fields<'a>> {
        let owner = owner.into();
        match node.data {
            Data::Map(entries) => Some(Fields { owner, place: node.place, entries, found }),
            other => {
                let message = format!("{owner} is {}, where a map is expected", other.what());
                found.problem(Problem::new(
                    Kind::Field,
                    node.place,
                    message,
                    "write its fields, each as `name: value`",
                ));
                None
            }
        }
    }

    /// Names the owner by what was read of it.
    pub(crate) fn named(&mut self, kind: &str, name: &str) {
        self.owner = format!("the {kind} `{}`", shown(name));
    }

    /// Whether a field is there, and says something.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, node)| key.value == name && !matches!(node.data, Data::Null))
    }

    /// A field; none where it isn't there or says nothing.
    pub(crate) fn node(&mut self, name: &str) -> Option<Node> {
        let at = self.entries.iter().position(|(key, _)| key.value == name)?;
        let (_, node) = self.entries.remove(at);
        (!matches!(node.data, Data::Null)).then_some(node)
    }

    fn wrong(&mut self, name: &str, node: Node, expected: &str) {
        let message =
            format!("`{name}` of {} is {}, where {expected} is expected", self.owner, node.data.what());
        let help = if matches!(node.data, Data::Integer(_) | Data::Number(_) | Data::Boolean(_)) {
            "put it into quotes, if it is meant as a text"
        } else {
            "write it as the format has it"
        };
        self.found.problem(Problem::new(Kind::Field, node.place, message, help));
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str) -> Option<Placed<String>> {
        let node = self.node(name)?;
        match node.data {
            Data::Text(value) => Some(Placed { value, place: node.place }),
            _ => {
                self.wrong(name, node, "a text");
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn needed(&mut self, name: &str) -> Option<Placed<String>> {
        if !self.has(name) {
            self.missing(name);
            return None;
        }
        self.text(name)
    }

    /// A key, an id or a name that must be there: not empty, and not too long.
    pub(crate) fn name(&mut self, name: &str) -> Option<Placed<String>> {
        let text = self.needed(name)?;
        self.is_name(name, &text).then_some(text)
    }

    /// A key, an id or a name that may be there.
    pub(crate) fn any_name(&mut self, name: &str) -> Option<Placed<String>> {
        let text = self.text(name)?;
        self.is_name(name, &text).then_some(text)
    }

    fn is_name(&mut self, field: &str, text: &Placed<String>) -> bool {
        let (kind, message, help) = if text.value.trim().is_empty() {
            (Kind::Field, format!("`{field}` of {} is empty", self.owner), "give it a name")
        } else if text.value.len() > limits::NAME_BYTES {
            let message = format!("`{field}` of {} is longer than {} bytes", self.owner, limits::NAME_BYTES);
            (Kind::Limit, message, "give it a shorter name")
        } else {
            return true;
        };
        self.found.problem(Problem::new(kind, text.place.clone(), message, help));
        false
    }

    pub(crate) fn missing(&mut self, name: &str) {
        let message = format!("{} has no `{name}`", self.owner);
        let problem = Problem::new(Kind::Field, self.place.clone(), message, format!("add `{name}`"));
        self.found.problem(problem);
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, name: &str) -> Option<Placed<bool>> {
        let node = self.node(name)?;
        match node.data {
            Data::Boolean(value) => Some(Placed { value, place: node.place }),
            _ => {
                self.wrong(name, node, "`true` or `false`");
                None
            }
        }
    }

    /// The values of a list.
    pub(crate) fn list(&mut self, name: &str) -> Vec<Node> {
        let Some(node) = self.node(name) else {
            return Vec::new();
        };
        match node.data {
            Data::List(values) => values,
            _ => {
                self.wrong(name, node, "a list");
                Vec::new()
            }
        }
    }

    /// The texts of a list.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<Placed<String>> {
        let nodes = self.list(name);
        let mut texts = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node.data {
                Data::Text(value) => texts.push(Placed { value, place: node.place }),
                _ => self.wrong(name, node, "a list of texts"),
            }
        }
        texts
    }

    /// Any value.
    pub(crate) fn value(&mut self, name: &str) -> Option<Placed<Value>> {
        let node = self.node(name)?;
        Some(Placed { place: node.place.clone(), value: Value::of(node) })
    }

    /// One of some words.
    pub(crate) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<Placed<T>> {
        let text = self.text(name)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Placed { value: *value, place: text.place });
        }
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("`{name}` of {} is `{}`", self.owner, shown(&text.value));
        let help = format!("it is one of {}", known.join(", "));
        self.found.problem(Problem::new(Kind::Field, text.place, message, help));
        None
    }

    /// Lists what nobody took.
    pub(crate) fn end(self) {
        for (key, _) in self.entries {
            self.found.left(key.place, format!("`{}` of {}", shown(&key.value), self.owner), UNKNOWN_FIELD);
        }
    }
}
