//! Of all places that a value may come from, the first that has one.

use opentelemetry::KeyValue;
use opentelemetry_sdk::resource::ResourceDetector;
use slo::__private::v8::{Container, ContainerKind, Key, Source};
use slo::SloAttributes;
use slo::resource::Visitor;
use slo::value::{Literal, Value, ValueType};

struct Service(Option<&'static str>);

impl SloAttributes for Service {
    type Kind = slo::resource::Resource;

    const CONTAINER: &'static Container<'static> = &Container {
        name: "Service",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: None,
        closed: false,
        keys: &[Key {
            source: Source::Environment(&["FIRST", "SECOND"]),
            default: Some(Literal::String("default")),
            ..Key::new("service.name", ValueType::String, "")
        }],
        flattened: &[],
    };

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.value("service.name", &self.0);
    }
}

struct Detector(&'static str);

impl ResourceDetector for Detector {
    fn detect(&self) -> opentelemetry_sdk::Resource {
        let attributes = (!self.0.is_empty()).then(|| KeyValue::new("service.name", self.0));
        opentelemetry_sdk::Resource::builder_empty().with_attributes(attributes).build()
    }
}

#[test]
fn the_first_that_has_a_value_gives_it() {
    // Unset and empty are the same everywhere.
    let table = [
        // program, FIRST, SECOND, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, detector => what counts
        (["program", "first", "second", "name", "attribute", "detector"], "program"),
        (["", "first", "second", "name", "attribute", "detector"], "first"),
        (["", "", "second", "name", "attribute", "detector"], "second"),
        (["", "", "", "name", "attribute", "detector"], "name"),
        (["", "", "", "", "attribute", "detector"], "attribute"),
        (["", "", "", "", "", "detector"], "detector"),
        (["", "", "", "", "", ""], "default"),
        (["program", "", "", "", "", ""], "program"),
        (["", "first", "", "", "", ""], "first"),
        (["", "", "", "name", "", ""], "name"),
    ];
    for (row, expected) in table {
        let [program, first, second, name, attribute, detector] = row;
        let service = Service(Some(program));
        let detector = Detector(detector);
        let built = service
            .assemble()
            .detector(&detector)
            .environment(|variable| match variable {
                "FIRST" => Some(first.to_owned()),
                "SECOND" => Some(second.to_owned()),
                "OTEL_SERVICE_NAME" => Some(name.to_owned()),
                "OTEL_RESOURCE_ATTRIBUTES" => Some(format!("service.name={attribute}")),
                other => panic!("nobody asks for {other}"),
            })
            .build()
            .unwrap();
        assert_eq!(built.get("service.name"), Some(&Value::String(expected.into())), "{row:?}");
    }
}

#[test]
fn the_detector_that_was_added_last_goes_first() {
    let (early, late) = (Detector("early"), Detector("late"));
    let built = Service(None).assemble().environment(|_| None).detector(&early).detector(&late).build();
    assert_eq!(built.unwrap().get("service.name"), Some(&Value::String("late".into())));
}
