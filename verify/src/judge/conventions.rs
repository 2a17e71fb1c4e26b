//! Telemetry of others, held to OpenTelemetry's semantic conventions in the version that its schema URL names. All of it is notes.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::Metric as CameMetric;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use slo_compiler::diagnostic::{Code, Severity};
use slo_model::{Value, ValueType};
use slo_stdlib_mappings::{Deprecation, Type, VOCABULARIES, Vocabulary, schema_version, vocabulary};

use super::attributes::shown;
use crate::tally::{Fault, Faults, Words};
use crate::value::Came;

/// The vocabulary of the conventions.
const CONVENTIONS: &str = "std.otel";

/// The conventions in the version of a schema URL, that of the scope or else of the resource; the newest where neither names a version
/// that is known.
pub(super) fn of(scope: &str, resource: &str) -> Option<&'static Vocabulary> {
    let version = |url| schema_version(CONVENTIONS, url).and_then(|version| vocabulary(CONVENTIONS, version));
    version(scope)
        .or_else(|| version(resource))
        .or_else(|| VOCABULARIES.iter().copied().find(|one| one.name == CONVENTIONS))
}

fn note(faults: &mut dyn Faults, scope: &str, name: &str, say: &dyn Fn() -> Words) {
    let names = [scope, name];
    let fault = Fault {
        code: Code::TelemetryConventions,
        severity: Severity::Note,
        contract: 0,
        names: &names,
        node: None,
    };
    faults.take(fault, say);
}

/// Holds the attributes of a record of a scope to the conventions.
pub(super) fn attributes(known: &Vocabulary, scope: &str, list: &[KeyValue], faults: &mut dyn Faults) {
    for pair in list {
        let Some(attribute) = known.attribute(&pair.key) else { continue };
        let key = attribute.key;
        if let Some(deprecated) = attribute.deprecated {
            note(faults, scope, key, &|| gone(known, scope, key, deprecated));
            continue;
        }
        let came = Came::of(pair.value.as_ref());
        if let Some(wanted) = misfit(&attribute.value, &came) {
            note(faults, scope, key, &|| {
                let is = came.with_article();
                Words::new(format!(
                    "`{key}` of scope `{}` is {is}, and the conventions say {wanted}",
                    shown(scope)
                ))
                .note(format!("in version {} of the conventions", known.version))
            });
            continue;
        }
        if let (Some(members), false, Came::Value(Value::String(text))) =
            (attribute.members, attribute.open, &came)
            && !members
                .iter()
                .any(|member| matches!(member.wire, slo_stdlib_mappings::Wire::String(own) if own == text))
        {
            note(faults, scope, key, &|| {
                Words::new(format!(
                    "`{key}` of scope `{}` is `{}`, which the conventions don't list",
                    shown(scope),
                    shown(text)
                ))
                .note(format!("in version {} of the conventions", known.version))
            });
        }
    }
}

/// Holds a metric of a scope to the conventions.
pub(super) fn metric(known: &Vocabulary, scope: &str, came: &CameMetric, faults: &mut dyn Faults) {
    let Some(metric) = known.metric(&came.name) else { return };
    if let Some(deprecated) = metric.deprecated {
        return note(faults, scope, metric.name, &|| gone(known, scope, metric.name, deprecated));
    }
    let kind = match &came.data {
        Some(Data::Sum(sum)) if sum.is_monotonic => "counter",
        Some(Data::Sum(_)) => "updowncounter",
        Some(Data::Gauge(_)) => "gauge",
        Some(Data::Histogram(_) | Data::ExponentialHistogram(_)) => "histogram",
        Some(Data::Summary(_)) | None => return,
    };
    let faulty = [("unit", came.unit.as_str(), metric.unit), ("kind", kind, metric.kind)];
    for (what, own, wanted) in faulty.into_iter().filter(|(_, own, wanted)| own != wanted) {
        note(faults, scope, metric.name, &|| {
            Words::new(format!(
                "the metric `{}` of scope `{}` has the {what} `{}`, and the conventions say `{wanted}`",
                metric.name,
                shown(scope),
                shown(own)
            ))
            .note(format!("in version {} of the conventions", known.version))
        });
    }
}

/// That a name was replaced.
fn gone(known: &Vocabulary, scope: &str, name: &str, deprecated: Deprecation) -> Words {
    let words = Words::new(format!(
        "`{name}` of scope `{}` is deprecated in version {} of the conventions",
        shown(scope),
        known.version
    ));
    match deprecated {
        Deprecation::Successor(name) => {
            words.help(format!("`{name}` took its place: a newer version of the library may write it"))
        }
        Deprecation::Reason(why) => words.note(why),
        Deprecation::NotYet { version, names } => {
            words.note(format!("it came after {version}, which calls it {}", names.join(", ")))
        }
    }
}

/// What the conventions say of a type that a value has not.
fn misfit(wanted: &Type, came: &Came<'_>) -> Option<&'static str> {
    let (own, name) = match wanted {
        Type::String => (ValueType::String, "text"),
        Type::Int => (ValueType::Int, "an integer"),
        Type::Double => (ValueType::Double, "a double"),
        Type::Bool => (ValueType::Bool, "a boolean"),
        Type::StringArray => (ValueType::StringArray, "a list of texts"),
        Type::IntArray => (ValueType::IntArray, "a list of integers"),
        Type::DoubleArray => (ValueType::DoubleArray, "a list of doubles"),
        Type::BoolArray => (ValueType::BoolArray, "a list of booleans"),
        _ => return None,
    };
    match came {
        Came::Value(value) => {
            // A list without elements has no type of its own.
            let is_empty = matches!(value, Value::StringArray(list) if list.is_empty());
            (!is_empty && !value.value_type().fits(own)).then_some(name)
        }
        Came::Bytes(_) | Came::Mixed => Some(name),
        Came::Empty => None,
    }
}
