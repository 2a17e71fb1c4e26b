//! Where telemetry comes from: which contract's resource it is of.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::resource::v1::Resource;
use slo_model::event::Signal;
use slo_model::{Container, Literal, Source, Value};

use super::attributes::{self, Attributes};
use super::subject::Subject;
use crate::tables::Tables;
use crate::tables::shape::Shape;
use crate::tally::Faults;

/// The keys by which a resource is told from others.
const IDENTITY: [&str; 3] = ["service.name", "service.namespace", "deployment.environment.name"];

/// Namespaces of keys that detectors of SDKs, agents and collectors add to resources (semantic conventions, "Resource").
const DETECTED: [&str; 17] = [
    "aws.",
    "azure.",
    "browser.",
    "cloud.",
    "container.",
    "device.",
    "faas.",
    "gcp.",
    "heroku.",
    "host.",
    "k8s.",
    "os.",
    "process.",
    "service.",
    "telemetry.",
    "user_agent.",
    "webengine.",
];

/// The text under a key of a list.
pub(crate) fn text<'v>(list: &'v [KeyValue], key: &str) -> Option<&'v str> {
    let pair = list.iter().find(|pair| pair.key == key)?;
    match pair.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text),
        _ => None,
    }
}

/// How well a resource that came is one of a contract: none where its identity is another, otherwise how many of its constants
/// it has.
pub(crate) fn fits(table: &Container<'_>, attributes: &[KeyValue]) -> Option<usize> {
    let mut constants = 0;
    for key in table.keys.iter().filter(|key| IDENTITY.contains(&key.name)) {
        let Some(came) = text(attributes, key.name) else {
            if key.name == IDENTITY[0] {
                return None;
            }
            continue;
        };
        match key.source {
            Source::Static(Literal::String(own)) if own == came => constants += 1,
            Source::Static(_) if key.name == IDENTITY[0] => return None,
            Source::Static(_) => {}
            _ if key.name == IDENTITY[0] => {
                let is_fit = key.check(&Value::String(came.into())).is_ok();
                let is_of_template =
                    key.matches.is_none_or(|template| template.matches(came, |key| text(attributes, key)));
                if !is_fit || !is_of_template || came.starts_with("unknown_service") {
                    return None;
                }
            }
            _ => {}
        }
    }
    Some(constants)
}

/// Judges a resource as one of the contract.
pub(crate) fn judge(
    tables: &Tables<'_>,
    contract: usize,
    number: usize,
    came: &Resource,
    deployed: bool,
    is_named: bool,
    faults: &mut dyn Faults,
) {
    let Some(held) = tables.resources.get(number) else { return };
    let shape = Shape::of_container(held.table, deployed);
    let subject = Subject {
        contract,
        event: held.table.name,
        kind: "",
        record: "",
        node: held.node,
        signal: Signal::Log,
        closed: held.table.closed,
    };
    let mut sorted = Attributes::sort(&shape, &came.attributes, &subject, faults);
    if !held.table.closed {
        sorted.unknown.retain(|key| !DETECTED.iter().any(|detected| key.starts_with(detected)));
    }
    if is_named {
        // What the name of the service is was said by whoever named the resource.
        sorted.forgive(&shape, IDENTITY[0]);
    }
    attributes::judge(&shape, &mut sorted, &subject, faults);
}
