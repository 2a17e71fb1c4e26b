//! A struct within a struct.

use slo::__private::v8::{Container, ContainerKind, Key, Source};
use slo::SloAttributes;
use slo::resource::Visitor;
use slo::value::{Literal, ValueType};

/// What every service of the house says of its host.
struct Host {
    name: &'static str,
}

impl SloAttributes for Host {
    type Kind = slo::resource::Resource;

    const CONTAINER: &'static Container<'static> = &Container {
        name: "house.Host",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: None,
        closed: false,
        keys: &[
            Key { source: Source::Required, ..Key::new("host.name", ValueType::String, "slo/house.slo:3") },
            Key {
                source: Source::Static(Literal::String("arm64")),
                ..Key::new("host.arch", ValueType::String, "slo/house.slo:4")
            },
        ],
        flattened: &[],
    };

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.value("host.name", self.name);
    }
}

struct Service {
    name: String,
    host: Host,
}

impl SloAttributes for Service {
    type Kind = slo::resource::Resource;

    const CONTAINER: &'static Container<'static> = &Container {
        name: "fin.pay.Service",
        keys: &[Key {
            source: Source::Required,
            ..Key::new("service.name", ValueType::String, "slo/pay.slo:3")
        }],
        flattened: &[Host::CONTAINER],
        ..*Host::CONTAINER
    };

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.value("service.name", &self.name);
        SloAttributes::visit(&self.host, visitor);
    }
}

const _: () = assert!(slo::__private::fits::<String>(&Service::CONTAINER.keys[0]));

#[test]
fn both_structs_keys_are_in_the_resource() {
    let service = Service { name: "pay".to_owned(), host: Host { name: "a1" } };
    let built = service.assemble().environment(|_| None).build().unwrap();
    let attributes: Vec<String> = built.attributes().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(attributes, ["host.arch=arm64", "host.name=a1", "service.name=pay"]);
}

#[test]
fn both_structs_keys_are_checked() {
    let service = Service { name: String::new(), host: Host { name: "" } };
    assert_eq!(
        service.assemble().environment(|_| None).build().unwrap_err().to_string(),
        "\
2 values do not fit `fin.pay.Service`
  `service.name` (slo/pay.slo:3): there is no value; the program gives it, or `OTEL_SERVICE_NAME`
  `host.name` (slo/house.slo:3): there is no value; the program gives it, or `OTEL_RESOURCE_ATTRIBUTES`"
    );
}
