//! What resource detectors find.

use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::resource::ResourceDetector;
use slo::__private::v8::{Container, ContainerKind, Key, Source};
use slo::SloAttributes;
use slo::resource::Visitor;
use slo::value::ValueType;

const fn auto(name: &'static str, value_type: ValueType) -> Key<'static> {
    Key { source: Source::Auto, ..Key::new(name, value_type, "") }
}

struct Service;

impl SloAttributes for Service {
    type Kind = slo::resource::Resource;

    const CONTAINER: &'static Container<'static> = &Container {
        name: "Service",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: None,
        closed: false,
        keys: &[
            auto("telemetry.sdk.name", ValueType::String),
            auto("process.pid", ValueType::Int),
            auto("process.command_args", ValueType::StringArray),
        ],
        flattened: &[],
    };

    fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
}

struct Process(Vec<KeyValue>);

impl ResourceDetector for Process {
    fn detect(&self) -> opentelemetry_sdk::Resource {
        opentelemetry_sdk::Resource::builder_empty().with_attributes(self.0.clone()).build()
    }
}

#[test]
fn declared_keys_are_detected_and_checked() {
    // Text is read by the key's type, as the environment's is.
    let args = Value::Array(Array::String(vec!["pay".into(), "--fast".into()]));
    let detector =
        Process(vec![KeyValue::new("process.pid", "7"), KeyValue::new("process.command_args", args)]);
    let built = Service.assemble().environment(|_| None).detector(&detector).build().unwrap();
    let attributes: Vec<String> = built.attributes().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(
        attributes,
        ["process.command_args=pay, --fast", "process.pid=7", "telemetry.sdk.name=opentelemetry"]
    );
    assert_eq!(built.to_resource().get(&"process.pid".into()), Some(Value::I64(7)));

    let detector = Process(vec![KeyValue::new("process.pid", 1.5)]);
    let error = Service.assemble().environment(|_| None).detector(&detector).build().unwrap_err();
    assert_eq!(
        error.violations()[0].to_string(),
        "`process.pid`: expected `int`, found a `double`; it came from a detector"
    );
}

#[test]
fn undeclared_keys_come_from_added_detectors_only() {
    let detector = Process(vec![
        KeyValue::new("process.owner", "pay"),
        KeyValue::new("process.pid.parent", 1),
        KeyValue::new("cpu", 4),
        KeyValue::new("", "nameless"),
    ]);
    let built = Service
        .assemble()
        .environment(|variable| {
            (variable == "OTEL_RESOURCE_ATTRIBUTES").then(|| "process.owner=root".to_owned())
        })
        .detector(&detector)
        .build()
        .unwrap();
    let attributes: Vec<String> = built.attributes().map(|(key, value)| format!("{key}={value}")).collect();
    // The SDK's own detector also knows `telemetry.sdk.language` and `telemetry.sdk.version`, which nobody declared.
    assert_eq!(attributes, ["cpu=4", "process.owner=root", "telemetry.sdk.name=opentelemetry"]);
    let notices: Vec<String> = built.notices().iter().map(ToString::to_string).collect();
    assert_eq!(
        notices,
        [
            "`process.pid`: nothing detects it",
            "`process.command_args`: nothing detects it",
            "`` from a detector is left out: the key is empty",
            "`process.pid.parent` from a detector is left out: nested JSON can't hold both it and `process.pid`",
        ]
    );
}
