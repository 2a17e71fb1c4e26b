//! What others must know of a contract: its metrics, logs, spans and resources by their names, and nothing that people read.

mod make;
mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slo_grammar::Place;
use slo_model::names::MetricKind;

use crate::ir::{Buckets, InstrumentKind, Logs, NumberType, Target, Traces};

pub use read::IndexError;

/// The number of the format. Another number is another format.
pub const FORMAT: u32 = 1;

/// What others must know of a contract.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Index {
    /// The format's number, [`FORMAT`].
    #[cfg_attr(feature = "schema", schemars(rename = "index_format"))]
    pub format: u32,
    /// What it says of itself.
    pub head: Head,
    /// The attributes that its own packages declare.
    pub attributes: Vec<IndexAttribute>,
    /// The metrics that it records, each once.
    pub metrics: Vec<IndexMetric>,
    /// The log records that it writes.
    pub logs: Vec<IndexRecord>,
    /// The spans that it writes, and the events on spans.
    pub spans: Vec<IndexRecord>,
    /// Its resources.
    pub resources: Vec<IndexResource>,
}

/// What a contract says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The contract's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it stands on: vocabularies by their own names, with their versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stands_on: BTreeMap<String, String>,
    /// The targets that it is checked for.
    pub targets: Vec<Target>,
    /// How the Prometheus server translates names.
    pub translation_strategy: String,
    /// By which way the points of a scope reach the Prometheus server.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ways: BTreeMap<String, String>,
    /// What is said of the stores of logs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub log_store: Logs,
    /// What is said of the store of traces.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trace_store: Traces,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Where something stands: the file below its root, and the line, as `pay.slo:25`; and the place in a text of this run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct At {
    /// The file and the line.
    pub line: String,
    /// Where that is in this run, or else where the index has it.
    #[serde(skip, default = "nowhere")]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub(crate) place: Place,
}

fn nowhere() -> Place {
    Place::new(slo_grammar::FileId(u32::MAX), 0, 0)
}

/// Whatever the text of this run is.
impl PartialEq for At {
    fn eq(&self, other: &At) -> bool {
        self.line == other.line
    }
}

/// An attribute that a contract declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IndexAttribute {
    /// The key.
    pub key: String,
    /// Its type, as the language writes it.
    #[serde(rename = "type")]
    pub value: String,
    /// Its values, where these are all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// Where it stands.
    pub at: At,
}

/// A metric that a contract records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IndexMetric {
    /// Its name.
    pub name: String,
    /// The full name of the scope that it is recorded in first.
    pub scope: String,
    /// Its kind.
    pub kind: InstrumentKind,
    /// Its unit; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The type of its numbers.
    pub number: NumberType,
    /// A histogram's buckets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buckets: Option<Buckets>,
    /// Its labels, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<IndexLabel>,
    /// Where it stands.
    pub at: At,
}

impl IndexMetric {
    /// What it is to Prometheus.
    pub(crate) fn prometheus_kind(&self) -> MetricKind {
        self.kind.prometheus(self.buckets.as_ref())
    }
}

/// A label of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IndexLabel {
    /// Its key.
    pub key: String,
    /// The type of its values on the wire; none of a label that may be there and isn't written.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether a point may lack it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// Its values, where these are all, and more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

/// A log record, a span, or an event on a span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IndexRecord {
    /// Its name: a log's event name, `_` where it has none; of a span, the name of its event in the contract.
    pub name: String,
    /// Its keys, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<IndexField>,
    /// Where it stands.
    pub at: At,
}

/// A key that a record may have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IndexField {
    /// The key.
    pub key: String,
    /// The type of its values on the wire.
    #[serde(rename = "type")]
    pub value: String,
    /// Where it stands.
    pub at: At,
}

/// A resource, with what says which service it is, where that is a constant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IndexResource {
    /// The full name in the contract.
    pub name: String,
    /// The constant `service.name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// The constant `service.namespace`; empty where the resource has none, and absent where it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_namespace: Option<String>,
    /// The full names of the scopes that are of this resource alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Where it stands.
    pub at: At,
}
