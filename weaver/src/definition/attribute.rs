//! Attributes, and how signals refer to them.

use crate::fields::{Fields, Found};
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};
use crate::value::Value;
use crate::yaml::{Data, Node};

use super::common::About;

/// A type that is no enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basic {
    /// Text.
    String,
    /// An integer.
    Int,
    /// A number.
    Double,
    /// `true` or `false`.
    Boolean,
    /// Any value.
    Any,
    /// A list of texts.
    Strings,
    /// A list of integers.
    Ints,
    /// A list of numbers.
    Doubles,
    /// A list of booleans.
    Booleans,
}

impl Basic {
    const ALL: [Basic; 9] = [
        Basic::String,
        Basic::Int,
        Basic::Double,
        Basic::Boolean,
        Basic::Any,
        Basic::Strings,
        Basic::Ints,
        Basic::Doubles,
        Basic::Booleans,
    ];

    /// Its name in the format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Basic::String => "string",
            Basic::Int => "int",
            Basic::Double => "double",
            Basic::Boolean => "boolean",
            Basic::Any => "any",
            Basic::Strings => "string[]",
            Basic::Ints => "int[]",
            Basic::Doubles => "double[]",
            Basic::Booleans => "boolean[]",
        }
    }

    fn named(name: &str) -> Option<Basic> {
        Basic::ALL.into_iter().find(|basic| basic.name() == name)
    }
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// One of the plain ones.
    Basic(Basic),
    /// A family of keys with one more part, each of this type.
    Template(Basic),
    /// Known values; others occur as well.
    Enum(Vec<Member>),
}

/// A member of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub id: String,
    /// What stands on the wire: a text, an integer, a number or a boolean.
    pub value: Value,
    /// What is said of it.
    pub about: About,
    /// Where it stands.
    pub place: Place,
}

/// How much a signal asks for an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Always.
    Required,
    /// Under a condition, in words.
    ConditionallyRequired(String),
    /// By default; under a condition where one is given.
    Recommended(Option<String>),
    /// For those who ask for it; with a condition where one is given.
    OptIn(Option<String>),
}

/// How much a signal is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignalLevel {
    /// By default.
    Recommended,
    /// For those who ask for it.
    OptIn,
}

/// What an attribute is to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It tells one from another.
    Identifying,
    /// It describes.
    Descriptive,
}

/// An attribute as it is written: a definition, which has a type, or a reference to one, with what it says otherwise.
#[derive(Clone, Debug)]
pub(crate) struct AttributeSpec {
    pub(crate) key: Placed<String>,
    /// None in a reference.
    pub(crate) value: Option<Placed<Type>>,
    pub(crate) about: About,
    pub(crate) examples: Option<Placed<Value>>,
    pub(crate) level: Option<Placed<Level>>,
    pub(crate) sampling_relevant: Option<Placed<bool>>,
    pub(crate) role: Option<Placed<Role>>,
    pub(crate) tag: Option<Placed<String>>,
    pub(crate) place: Place,
}

/// An item of a group.
#[derive(Debug)]
pub(crate) enum Item {
    Attribute(Box<AttributeSpec>),
    /// All of another group.
    Group(Placed<String>),
}

/// Which fields an attribute may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The older form: a definition (`id`) or a reference.
    Version1,
    /// A definition of the newer form (`key`).
    Version2,
    /// A reference of the newer form.
    Reference,
}

/// Reads the attributes and the groups that a signal lists.
pub(crate) fn items(nodes: Vec<Node>, form: Form, owner: &str, found: &mut Found) -> Vec<Item> {
    let mut items = Vec::with_capacity(nodes.len());
    for node in nodes {
        let Some(mut fields) = Fields::of(node, format!("an attribute of {owner}"), found) else {
            continue;
        };
        if form == Form::Reference && fields.has("ref_group") {
            items.extend(fields.name("ref_group").map(Item::Group));
            fields.end();
        } else {
            items.extend(attribute(fields, form).map(|attribute| Item::Attribute(Box::new(attribute))));
        }
    }
    items
}

/// Reads an attribute.
pub(crate) fn attribute(mut fields: Fields<'_>, form: Form) -> Option<AttributeSpec> {
    let field = match form {
        Form::Version1 if fields.has("id") => "id",
        Form::Version1 | Form::Reference => "ref",
        Form::Version2 => "key",
    };
    let place = fields.place.clone();
    let key = fields.name(field);
    if let Some(key) = &key {
        fields.named("attribute", &key.value);
    }
    let is_definition = field != "ref";
    let is_usage = form != Form::Version2;
    let value = if is_definition { type_of(&mut fields) } else { None };
    let spec = key.map(|key| AttributeSpec {
        key,
        value,
        about: About::of(&mut fields),
        examples: fields.value("examples"),
        level: if is_usage { level(&mut fields) } else { None },
        sampling_relevant: if is_usage { fields.boolean("sampling_relevant") } else { None },
        role: if form == Form::Version1 {
            fields.word("role", &[("identifying", Role::Identifying), ("descriptive", Role::Descriptive)])
        } else {
            None
        },
        tag: if form == Form::Version1 { fields.text("tag") } else { None },
        place,
    });
    if spec.is_some() {
        fields.end();
    }
    spec.filter(|spec| !is_definition || spec.value.is_some())
}

fn type_of(fields: &mut Fields<'_>) -> Option<Placed<Type>> {
    let Some(node) = fields.node("type") else {
        fields.missing("type");
        return None;
    };
    let place = node.place.clone();
    let value = match node.data {
        Data::Text(name) => {
            let template = name.strip_prefix("template[").and_then(|rest| rest.strip_suffix(']'));
            let read = match template {
                Some(inner) => Basic::named(inner).map(Type::Template),
                None => Basic::named(&name).map(Type::Basic),
            };
            if read.is_none() {
                let names: Vec<String> =
                    Basic::ALL.iter().map(|basic| format!("`{}`", basic.name())).collect();
                let message = format!("`type` of {} is `{}`", fields.owner, shown(&name));
                let help =
                    format!("it is one of {}, `template[…]` of one, or a list `members`", names.join(", "));
                fields.found.problem(Problem::new(Kind::Field, place.clone(), message, help));
            }
            read
        }
        Data::Map(_) => {
            let owner = fields.owner.clone();
            let mut inner = Fields::of(node, format!("`type` of {owner}"), fields.found)?;
            // Enums are open by what the conventions say of them; the field is of older files.
            inner.boolean("allow_custom_values");
            if !inner.has("members") {
                inner.missing("members");
            }
            let nodes = inner.list("members");
            let members = members(nodes, &owner, inner.found);
            inner.end();
            Some(Type::Enum(members))
        }
        other => {
            let message = format!("`type` of {} is {}", fields.owner, other.what());
            let help = "it is the name of a type, or a map with `members`";
            fields.found.problem(Problem::new(Kind::Field, place.clone(), message, help));
            None
        }
    };
    Some(Placed { value: value?, place })
}

fn members(nodes: Vec<Node>, owner: &str, found: &mut Found) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::with_capacity(nodes.len());
    let mut names: std::collections::HashMap<String, Place> = std::collections::HashMap::new();
    for node in nodes {
        let Some(mut fields) = Fields::of(node, format!("a member of {owner}"), found) else {
            continue;
        };
        let Some(id) = fields.name("id") else {
            continue;
        };
        fields.owner = format!("the member `{}` of {owner}", shown(&id.value));
        if let Some(first) = names.insert(id.value.clone(), id.place.clone()) {
            let message = format!("the member `{}` of {owner} stands twice", shown(&id.value));
            let problem =
                Problem::new(Kind::Duplicate, id.place.clone(), message, "give one of them another `id`");
            fields.found.problem(problem.with(first, "it stands here already"));
        }
        let value = match fields.value("value") {
            None => Value::Text(id.value.clone()),
            Some(Placed { value: Value::List(_) | Value::Map(_) | Value::Null, place }) => {
                let message = format!("`value` of {} is no text and no number", fields.owner);
                let problem = Problem::new(Kind::Field, place, message, "write what stands on the wire");
                fields.found.problem(problem);
                continue;
            }
            Some(value) => value.value,
        };
        let about = About::of(&mut fields);
        let place = fields.place.clone();
        fields.end();
        members.push(Member { id: id.value, value, about, place });
    }
    members
}

fn level(fields: &mut Fields<'_>) -> Option<Placed<Level>> {
    let node = fields.node("requirement_level")?;
    let place = node.place.clone();
    let owner = format!("`requirement_level` of {}", fields.owner);
    let value = match node.data {
        Data::Text(word) => match word.as_str() {
            "required" => Some(Level::Required),
            "recommended" => Some(Level::Recommended(None)),
            "opt_in" => Some(Level::OptIn(None)),
            _ => {
                let message = format!("{owner} is `{}`", shown(&word));
                let help = "it is `required`, `recommended`, `opt_in`, or `conditionally_required: …` with the condition";
                fields.found.problem(Problem::new(Kind::Field, place.clone(), message, help));
                None
            }
        },
        _ => {
            let mut inner = Fields::of(node, owner, fields.found)?;
            let conditionally =
                inner.text("conditionally_required").map(|text| Level::ConditionallyRequired(text.value));
            let recommended = inner.text("recommended").map(|text| Level::Recommended(Some(text.value)));
            let opt_in = inner.text("opt_in").map(|text| Level::OptIn(Some(text.value)));
            let level = conditionally.or(recommended).or(opt_in);
            if level.is_none() {
                inner.missing("conditionally_required");
            }
            inner.end();
            level
        }
    };
    Some(Placed { value: value?, place })
}
