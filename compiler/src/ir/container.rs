//! Containers and what is written into them.

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};

use super::{ContainerId, Domain, Leaf, Literal, Never, Node};

/// The keys that are a scope's own name and version.
pub(crate) const SCOPE_FIELDS: [&str; 2] = ["otel.scope.name", "otel.scope.version"];

/// What keys stand in.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Container"))]
pub struct Container<E = Never> {
    /// Its place.
    pub node: Node,
    /// Its kind.
    pub kind: ContainerKind,
    /// The package that declares it.
    pub package: String,
    /// Its name in the package.
    pub name: String,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Whether keys that nobody declared are kept out.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub closed: bool,
    /// The schema URL of what a scope records, where it is another one than the contract's.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub schema_url: Option<String>,
    /// The resource that a scope is of, where it says one: what it records comes with that resource alone.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub of: Option<ContainerId>,
    /// What may be written into it.
    pub writers: Vec<Writer<E>>,
}

impl<E> Container<E> {
    /// Package and name, as `fin.pay.PaymentService`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }
}

/// The kinds of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ContainerKind {
    /// An OTLP `Resource`: who is speaking.
    Resource,
    /// An OTLP `InstrumentationScope`: which instrumentation is speaking.
    Scope,
}

impl ContainerKind {
    /// The kind's keyword.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ContainerKind::Resource => "resource",
            ContainerKind::Scope => "scope",
        }
    }
}

/// What puts a key into a container's record.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Writer"))]
pub struct Writer<E = Never> {
    /// The place of the key in the entry.
    pub node: Node,
    /// The key.
    pub key: String,
    /// The place of the key's declaration.
    pub declaration: Option<Node>,
    /// What the contract says of it here, or else where the key is declared.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Which values it may write.
    pub domain: Leaf<Domain, E>,
    /// Where the value comes from.
    pub source: Leaf<Source, E>,
    /// The value if no source gives one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub default: Option<Literal>,
    /// The template that the value follows.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub matches: Option<Template>,
    /// The place of the value of `static=`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub value_node: Option<Node>,
    /// The place of the value of `default=`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub default_node: Option<Node>,
    /// The place of the template of `matches=`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub matches_node: Option<Node>,
    /// The places of the `...NAME` through which it came, the container's own first.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub through: Vec<Node>,
}

/// Where a writer's value comes from.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Source {
    /// The program gives it and must.
    Required,
    /// The program gives it if it can.
    Optional,
    /// It is a constant.
    Static(Literal),
    /// It stands in the first of these variables that is set.
    Environment(Vec<String>),
    /// The SDK's detectors give it.
    Auto,
}

impl Source {
    /// The option that says it.
    #[must_use]
    pub const fn option(&self) -> &'static str {
        match self {
            Source::Required => "required",
            Source::Optional => "optional",
            Source::Static(_) => "static",
            Source::Environment(_) => "env",
            Source::Auto => "auto",
        }
    }
}

/// A template of `matches=`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Template {
    /// Its parts, in their order.
    pub parts: Vec<TemplatePart>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TemplatePart {
    /// Text that stands there as it is.
    Text(String),
    /// One or more letters, digits, `_` or `.`.
    Hole(String),
    /// The value of another key of the same container.
    Key(String),
}

impl Template {
    /// The parts as the model has them.
    #[must_use]
    pub fn model_parts(&self) -> Vec<slo_model::Part<'_>> {
        self.parts
            .iter()
            .map(|part| match part {
                TemplatePart::Text(text) => slo_model::Part::Text(text),
                TemplatePart::Hole(name) => slo_model::Part::Hole(name),
                TemplatePart::Key(key) => slo_model::Part::Key(key),
            })
            .collect()
    }
}
