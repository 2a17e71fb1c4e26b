//! Attributes.

use std::collections::{BTreeSet, HashSet};

use crate::definition::{Basic, Member, Type};
use crate::place::{Place, shown};
use crate::registry::Attribute;
use crate::value::Value;

use super::text::{EXAMPLE_BYTES, EXAMPLES, docs, exactly, is_word, name, namespace, options};
use super::{Piece, Rank, Writer};

/// Why a part of an attribute is left.
const MEMBER: &str = "a member has a name, a value and docs";
const ANNOTATIONS: &str = "annotations are for other tools";
const EXAMPLE: &str = "it is no value of the attribute's type";

impl<'a> Writer<'a> {
    pub(super) fn attributes(&mut self) {
        for attribute in &self.registry.attributes {
            self.attribute(attribute);
        }
    }

    fn attribute(&mut self, attribute: &'a Attribute) {
        let key = &attribute.key.value;
        let what = format!("the attribute `{}`", shown(key));
        let Some(written) = name(key) else {
            return self.left(&attribute.key.place, what, "the language has no such name");
        };
        let registry = self.registry;
        let (value, is_open) = self.type_of(&what, attribute);
        let mut all = Vec::new();
        if is_open {
            all.push("open".to_owned());
        }
        all.extend(self.examples(&what, attribute));
        let is_declared = |name: &str| find(&registry.attributes, name);
        all.extend(options(&what, &attribute.about, is_declared, self.style, &mut self.left));
        self.annotations(&what, attribute.about.annotations.as_ref(), &[]);
        let about = &attribute.about;
        let docs = docs(about.brief.as_ref(), about.note.as_ref(), 0, self.style, &mut self.left);
        let options: String = all.iter().map(|option| format!(", {option}")).collect();
        self.pieces.push(Piece {
            namespace: namespace(key),
            rank: (Rank::Attribute, key.clone()),
            keys: BTreeSet::new(),
            entities: BTreeSet::new(),
            text: format!("{docs}attribute {written}: {value}{options}\n"),
        });
        self.keys.insert(key, &attribute.value.value);
        self.count("attributes");
    }

    /// Lists annotations but for those that are said otherwise.
    pub(super) fn annotations(
        &mut self,
        what: &str,
        annotations: Option<&crate::place::Placed<Value>>,
        said: &[(&str, &str)],
    ) {
        let Some(annotations) = annotations else {
            return;
        };
        let Value::Map(entries) = &annotations.value else {
            return;
        };
        for (key, value) in entries {
            let Value::Map(inner) = value else {
                self.left(&annotations.place, format!("`{}` of {what}", shown(key)), ANNOTATIONS);
                continue;
            };
            let is_said = |name: &String| said.contains(&(key.as_str(), name.as_str()));
            for (name, _) in inner.iter().filter(|(name, _)| !is_said(name)) {
                let what = format!("`{}.{}` of {what}", shown(key), shown(name));
                self.left(&annotations.place, what, ANNOTATIONS);
            }
        }
    }

    /// The type, and whether values beyond the members of an enum occur.
    fn type_of(&mut self, what: &str, attribute: &Attribute) -> (String, bool) {
        match &attribute.value.value {
            Type::Basic(basic) => (basic_name(*basic).to_owned(), false),
            Type::Template(basic) => (format!("map<{}>", basic_name(*basic)), false),
            Type::Enum(members) => self.members(what, &attribute.value.place, members),
        }
    }

    fn members(&mut self, what: &str, place: &Place, members: &[Member]) -> (String, bool) {
        let texts = members.iter().filter(|member| matches!(member.value, Value::Text(_))).count();
        let integers = members.iter().filter(|member| matches!(member.value, Value::Integer(_))).count();
        if members.is_empty() || (texts != members.len() && integers != members.len()) {
            let numbers = members.iter().filter(|member| matches!(member.value, Value::Number(_))).count();
            let booleans = members.iter().filter(|member| matches!(member.value, Value::Boolean(_))).count();
            let plain = if members.is_empty() || texts == members.len() {
                "string"
            } else if booleans == members.len() {
                "bool"
            } else if integers + numbers == members.len() {
                "double"
            } else {
                "any"
            };
            let why = "members are texts, or integers, and there is at least one";
            self.left(place, format!("the members of {what}"), why);
            return (plain.to_owned(), false);
        }
        let mut lines = String::new();
        let mut values: HashSet<String> = HashSet::new();
        for member in members {
            let what = format!("the member `{}` of {what}", shown(&member.id));
            let value = match &member.value {
                Value::Integer(value) => value.to_string(),
                Value::Text(text) => quoted_exactly(text),
                _ => continue,
            };
            if !values.insert(value.clone()) {
                self.left(&member.place, what, "another member has its value");
                continue;
            }
            let unseen = |one: char| one.is_control();
            if member.id.chars().any(unseen) {
                self.left(&member.place, what, "the language has no such name");
                continue;
            }
            self.member_left(&what, member);
            let docs =
                docs(member.about.brief.as_ref(), member.about.note.as_ref(), 4, self.style, &mut self.left);
            let name = if is_word(&member.id) { member.id.clone() } else { quoted_exactly(&member.id) };
            let is_value = matches!(&member.value, Value::Text(text) if *text == member.id);
            let value = if is_value { String::new() } else { format!(" = {value}") };
            lines.push_str(&format!("{docs}    {name}{value}\n"));
        }
        (format!("enum {{\n{lines}}}"), true)
    }

    fn member_left(&mut self, what: &str, member: &Member) {
        if let Some(deprecated) = &member.about.deprecated {
            self.left(&deprecated.place, format!("that {what} is deprecated"), MEMBER);
        }
        if let Some(stability) = &member.about.stability {
            self.left(&stability.place, format!("how stable {what} is"), MEMBER);
        }
        self.annotations(what, member.about.annotations.as_ref(), &[]);
    }

    /// The examples as an option; those that are no values of the type are listed.
    fn examples(&mut self, what: &str, attribute: &Attribute) -> Option<String> {
        let examples = attribute.examples.as_ref().filter(|_| self.style.docs)?;
        let (basic, enums) = match &attribute.value.value {
            Type::Basic(basic) | Type::Template(basic) => (*basic, None),
            Type::Enum(members) => {
                let is_text = members.iter().all(|member| matches!(member.value, Value::Text(_)));
                (if is_text { Basic::String } else { Basic::Int }, Some(members))
            }
        };
        let values: Vec<&Value> = match &examples.value {
            Value::List(values)
                if !is_list(basic) || values.iter().any(|one| matches!(one, Value::List(_))) =>
            {
                values.iter().collect()
            }
            one => vec![one],
        };
        let is_written = enums.is_none_or(|members| {
            let texts = members.iter().filter(|member| matches!(member.value, Value::Text(_))).count();
            let integers = members.iter().filter(|member| matches!(member.value, Value::Integer(_))).count();
            !members.is_empty() && (texts == members.len() || integers == members.len())
        });
        let mut written: Vec<String> = Vec::new();
        for value in values {
            let expression = if is_written { self.example(basic, value, &examples.place) } else { None };
            match expression {
                Some(_) if written.len() >= EXAMPLES => {
                    self.left(&examples.place, format!("an example of {what}"), "there are too many of them");
                }
                Some(expression) => written.push(expression),
                None => self.left(&examples.place, format!("an example of {what}"), EXAMPLE),
            }
        }
        (!written.is_empty()).then(|| format!("examples=[{}]", written.join(", ")))
    }

    fn example(&mut self, basic: Basic, value: &Value, place: &Place) -> Option<String> {
        let text = |text: &str, left: &mut Vec<crate::left::Left>| {
            (text.len() <= EXAMPLE_BYTES).then(|| exactly(text, place, left))
        };
        match (basic, value) {
            (Basic::String | Basic::Any, Value::Text(value)) => text(value, &mut self.left),
            (Basic::Int | Basic::Any, Value::Integer(value)) => Some(value.to_string()),
            (Basic::Double, Value::Integer(value)) => Some(format!("{value}.0")),
            (Basic::Double | Basic::Any, Value::Number(value)) => Some(format!("{value:?}")),
            (Basic::Boolean | Basic::Any, Value::Boolean(value)) => Some(value.to_string()),
            (Basic::Strings, Value::List(values)) => self.list(Basic::String, values, place),
            (Basic::Ints, Value::List(values)) => self.list(Basic::Int, values, place),
            (Basic::Doubles, Value::List(values)) => self.list(Basic::Double, values, place),
            (Basic::Booleans, Value::List(values)) => self.list(Basic::Boolean, values, place),
            _ => None,
        }
    }

    fn list(&mut self, basic: Basic, values: &[Value], place: &Place) -> Option<String> {
        let values: Option<Vec<String>> =
            values.iter().map(|value| self.example(basic, value, place)).collect();
        values.map(|values| format!("[{}]", values.join(", ")))
    }
}

const fn is_list(basic: Basic) -> bool {
    matches!(basic, Basic::Strings | Basic::Ints | Basic::Doubles | Basic::Booleans)
}

const fn basic_name(basic: Basic) -> &'static str {
    match basic {
        Basic::Boolean => "bool",
        Basic::Booleans => "bool[]",
        other => other.name(),
    }
}

fn quoted_exactly(text: &str) -> String {
    slo_grammar::quote(text)
}

fn find(attributes: &[Attribute], key: &str) -> bool {
    attributes.binary_search_by(|attribute| attribute.key.value.as_str().cmp(key)).is_ok()
}
