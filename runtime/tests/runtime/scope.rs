//! An instrumentation's scope.

use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use prost::Message;
use slo::__private::v8::{Container, ContainerKind, Key, Source};
use slo::SloAttributes;
use slo::resource::Visitor;
use slo::value::{Literal, ValueType};

struct PaymentScope {
    shard: u8,
}

const SCOPE: Container<'static> = Container {
    name: "fin.pay.PaymentScope",
    kind: ContainerKind::Scope,
    scope_name: "fin.pay",
    schema_url: Some("https://example.com/1"),
    closed: false,
    keys: &[
        Key {
            source: Source::Static(Literal::String("1.4.0")),
            ..Key::new("otel.scope.version", ValueType::String, "")
        },
        Key::new("shard", ValueType::Int, ""),
        Key {
            source: Source::Environment(&["REGION"]),
            default: Some(Literal::String("eu")),
            ..Key::new("region", ValueType::String, "")
        },
        Key { source: Source::Auto, ..Key::new("telemetry.sdk.language", ValueType::String, "") },
    ],
    flattened: &[],
};

impl SloAttributes for PaymentScope {
    type Kind = slo::resource::Scope;
    const CONTAINER: &'static Container<'static> = &SCOPE;

    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.value("shard", &self.shard);
    }
}

/// The environment speaks of resources; of a scope only where a key says `env=`.
fn environment(variable: &str) -> Option<String> {
    match variable {
        "REGION" => Some("us".to_owned()),
        "OTEL_SERVICE_NAME" | "OTEL_RESOURCE_ATTRIBUTES" => panic!("a scope asks for {variable}"),
        _ => None,
    }
}

#[test]
fn name_and_version_are_fields_and_no_attributes() {
    let scope = PaymentScope { shard: 7 };
    let built = scope.assemble().environment(environment).build().unwrap();
    assert_eq!((built.name(), built.version()), ("fin.pay", Some("1.4.0")));
    let attributes: Vec<String> = built.attributes().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(attributes, ["region=us", "shard=7", "telemetry.sdk.language=rust"]);
    assert_eq!(built.get("otel.scope.version"), None);
}

#[test]
fn the_sdk_and_the_wire_receive_the_same() {
    let scope = PaymentScope { shard: 7 };
    let built = scope.assemble().environment(environment).build().unwrap().into_owned();

    let sdk = built.to_scope();
    assert_eq!((sdk.name(), sdk.version(), sdk.schema_url()), ("fin.pay", Some("1.4.0"), built.schema_url()));
    let attributes: Vec<String> = sdk.attributes().map(|one| format!("{}={}", one.key, one.value)).collect();
    assert_eq!(attributes, ["region=us", "shard=7", "telemetry.sdk.language=rust"]);

    let received = InstrumentationScope::decode(built.to_otlp().encode_to_vec().as_slice()).unwrap();
    assert_eq!((received.name.as_str(), received.version.as_str()), ("fin.pay", "1.4.0"));
    assert_eq!(received, InstrumentationScope::from((sdk, None)));
}

#[test]
fn a_scope_may_say_its_name_and_need_not_say_a_version() {
    struct Named;

    impl SloAttributes for Named {
        type Kind = slo::resource::Scope;
        const CONTAINER: &'static Container<'static> =
            &Container { keys: &[Key::new("otel.scope.name", ValueType::String, "")], ..SCOPE };

        fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V) {
            visitor.value("otel.scope.name", "checkout");
        }
    }

    let built = Named.assemble().environment(|_| None).build().unwrap();
    assert_eq!((built.name(), built.version()), ("checkout", None));
    assert_eq!(built.attributes().len(), 0);
}
