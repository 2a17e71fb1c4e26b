//! To and from OpenTelemetry's SDK.

use std::borrow::Cow;
use std::collections::BTreeMap;

use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue};
use opentelemetry_sdk::resource::{ResourceDetector, TelemetryResourceDetector};
use slo_model::{Container, Unfit, Value, ValueType};

use crate::detected::{Detected, Detection};
use crate::held::Held;
use crate::resource::{Attributes, AttributesBuilder, Kind, Resource, Scope};

impl<'a> AttributesBuilder<'a, Resource> {
    /// Adds a resource detector. Where two detectors give one key, the one that was added last counts.
    pub fn detector(mut self, detector: &'a dyn ResourceDetector) -> AttributesBuilder<'a, Resource> {
        self.detectors.push(detector);
        self
    }
}

impl Attributes<'_, Resource> {
    /// The SDK's `Resource` with exactly these attributes.
    #[must_use]
    pub fn to_resource(&self) -> opentelemetry_sdk::Resource {
        let resource = opentelemetry_sdk::Resource::builder_empty();
        match self.schema_url() {
            // The builder is empty, so that no earlier attribute wins and no other URL cancels this one.
            Some(url) => resource.with_schema_url(self.key_values(), url),
            None => resource.with_attributes(self.key_values()),
        }
        .build()
    }
}

impl Attributes<'_, Scope> {
    /// The `InstrumentationScope` for a tracer, a meter or a logger.
    #[must_use]
    pub fn to_scope(&self) -> InstrumentationScope {
        let mut scope = InstrumentationScope::builder(self.name.clone());
        if let Some(version) = &self.version {
            scope = scope.with_version(version.clone());
        }
        if let Some(url) = self.schema_url() {
            scope = scope.with_schema_url(url);
        }
        scope.with_attributes(self.key_values()).build()
    }
}

impl<K: Kind> Attributes<'_, K> {
    fn key_values(&self) -> impl Iterator<Item = KeyValue> {
        self.attributes.iter().map(|(key, value)| KeyValue::new(key.clone(), to_sdk(value)))
    }
}

fn to_sdk(held: &Held<'_>) -> opentelemetry::Value {
    match held {
        Held::Static(value) => convert(value, |text| text.clone().into()),
        Held::Given(value) => convert(value, |text| text.clone().into_owned().into()),
    }
}

fn convert<'v>(value: &Value<'v>, text: impl Fn(&Cow<'v, str>) -> StringValue) -> opentelemetry::Value {
    match value {
        Value::String(value) => opentelemetry::Value::String(text(value)),
        Value::Int(number) => opentelemetry::Value::I64(*number),
        Value::Double(number) => opentelemetry::Value::F64(*number),
        Value::Bool(truth) => opentelemetry::Value::Bool(*truth),
        Value::StringArray(list) => {
            opentelemetry::Value::Array(Array::String(list.iter().map(text).collect()))
        }
        Value::IntArray(list) => opentelemetry::Value::Array(Array::I64(list.clone())),
        Value::DoubleArray(list) => opentelemetry::Value::Array(Array::F64(list.clone())),
        Value::BoolArray(list) => opentelemetry::Value::Array(Array::Bool(list.clone())),
        // No key of a resource or a scope takes one.
        object @ (Value::Object(_) | Value::ObjectArray(_)) => {
            opentelemetry::Value::String(object.to_string().into())
        }
    }
}

/// Runs the detectors. The SDK's own runs only where the contract declares a key of its: it has nothing else to say.
pub(crate) fn detect(
    container: &'static Container<'static>,
    detectors: &[&dyn ResourceDetector],
) -> Detected {
    let mut detected = Detected::default();
    let about_itself = ["telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version"];
    if about_itself.iter().any(|key| container.has_key(key)) {
        add(&TelemetryResourceDetector, &mut detected.telemetry);
    }
    for detector in detectors {
        add(*detector, &mut detected.added);
    }
    detected
}

fn add(detector: &dyn ResourceDetector, found: &mut BTreeMap<String, Detection>) {
    for (key, value) in &detector.detect() {
        found.insert(key.as_str().to_owned(), from_sdk(value));
    }
}

fn from_sdk(value: &opentelemetry::Value) -> Detection {
    let owned = |text: &StringValue| Cow::Owned(text.as_str().to_owned());
    match value {
        opentelemetry::Value::Bool(truth) => Ok(Value::Bool(*truth)),
        opentelemetry::Value::I64(number) => Ok(Value::Int(*number)),
        opentelemetry::Value::F64(number) => Ok(Value::Double(*number)),
        opentelemetry::Value::String(text) => Ok(Value::String(owned(text))),
        opentelemetry::Value::Array(Array::Bool(list)) => Ok(Value::BoolArray(list.clone())),
        opentelemetry::Value::Array(Array::I64(list)) => Ok(Value::IntArray(list.clone())),
        opentelemetry::Value::Array(Array::F64(list)) => Ok(Value::DoubleArray(list.clone())),
        opentelemetry::Value::Array(Array::String(list)) => {
            Ok(Value::StringArray(list.iter().map(owned).collect()))
        }
        // Both enums of the SDK may grow.
        _ => Err(Unfit::Type { expected: ValueType::Any, found: "a value of an unknown kind".to_owned() }),
    }
}

/// Tells of notices where the SDK tells of its own troubles.
#[cfg(feature = "internal-logs")]
pub(crate) fn log(contract: &'static str, notices: &[crate::resource::Notice]) {
    for notice in notices {
        opentelemetry::otel_warn!(name: "slo.notice", contract = contract, message = notice.to_string());
    }
}
