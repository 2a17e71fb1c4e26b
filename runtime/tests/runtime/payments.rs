//! A service's resource, from its struct to the bytes of OTLP and to the SDK.

use crate::contract::{DeploymentZone, PaymentService, SCHEMA_URL};
use opentelemetry_proto::tonic::common::v1::{AnyValue, any_value};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use slo::SloAttributes;

fn service() -> PaymentService {
    PaymentService { service_name: "fin-pay-prod".into(), service_version: None, deployment_zone: None }
}

/// An environment with nothing but these variables.
fn only<'v>(variables: &'v [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'v {
    |wanted| variables.iter().find(|(name, _)| *name == wanted).map(|(_, text)| (*text).to_owned())
}

/// What is wrong with the service in this environment.
fn wrong(service: &PaymentService, variables: &[(&str, &str)]) -> String {
    service.assemble().environment(only(variables)).build().unwrap_err().to_string()
}

#[test]
fn a_resource_goes_over_the_wire_as_declared() {
    let service = service();
    let variables = [
        ("SERVICE_VERSION", "1.4.0"),
        ("OTEL_RESOURCE_ATTRIBUTES", "k8s.pod.name=pay-7f9c,note=a%2Cb%20%3D%20c"),
    ];
    let built = service.assemble().environment(only(&variables)).build().unwrap();

    let bytes = built.to_otlp().encode_to_vec();
    let received = Resource::decode(bytes.as_slice()).unwrap();
    let attributes: Vec<(&str, &str)> = received
        .attributes
        .iter()
        .map(|attribute| match &attribute.value {
            Some(AnyValue { value: Some(any_value::Value::StringValue(text)) }) => {
                (attribute.key.as_str(), text.as_str())
            }
            other => panic!("{} is {other:?}", attribute.key),
        })
        .collect();
    assert_eq!(
        attributes,
        [
            ("k8s.pod.name", "pay-7f9c"),
            ("note", "a,b = c"),
            ("service.name", "fin-pay-prod"),
            ("service.tier", "backend"),
            ("service.version", "1.4.0"),
            ("telemetry.sdk.language", "rust"),
        ]
    );
    assert_eq!(built.schema_url(), Some(SCHEMA_URL));
    assert_eq!(built.contract(), "fin.pay.PaymentService");
    assert_eq!(built.notices(), []);
}

#[test]
fn the_sdk_receives_the_same() {
    let service = PaymentService { deployment_zone: Some(DeploymentZone::Eu), ..service() };
    let variables = [("SERVICE_VERSION", "1.4.0")];
    let built = service.assemble().environment(only(&variables)).build().unwrap();

    let resource = built.to_resource();
    let mut attributes: Vec<String> = resource.iter().map(|(key, value)| format!("{key}={value}")).collect();
    attributes.sort();
    assert_eq!(
        attributes,
        [
            "deployment.zone=eu-1",
            "service.name=fin-pay-prod",
            "service.tier=backend",
            "service.version=1.4.0",
            "telemetry.sdk.language=rust",
        ]
    );
    assert_eq!(resource.schema_url(), Some(SCHEMA_URL));
    assert_eq!(built.into_owned().to_resource(), resource);
}

#[test]
fn a_missing_value_says_what_to_set() {
    let nameless = PaymentService { service_name: "".into(), ..service() };
    assert_eq!(
        wrong(&nameless, &[]),
        "\
2 values do not fit `fin.pay.PaymentService`
  `service.name` (slo/pay.slo:7): there is no value; the program gives it, or `OTEL_SERVICE_NAME`
  `service.version` (slo/pay.slo:8): there is no value; set `SERVICE_VERSION`"
    );
}

#[test]
fn a_wrong_value_says_where_it_came_from() {
    let version = ("SERVICE_VERSION", "1");
    assert_eq!(
        wrong(&PaymentService { service_name: "payment-service".into(), ..service() }, &[version]),
        "\
1 value does not fit `fin.pay.PaymentService`
  `service.name` (slo/pay.slo:7): `payment-service` does not match `{team}-{product}-{env}`; it came from the program"
    );
    let nameless = PaymentService { service_name: "".into(), ..service() };
    assert_eq!(
        wrong(&nameless, &[version, ("OTEL_SERVICE_NAME", "x"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.zone=cn")]),
        "\
2 values do not fit `fin.pay.PaymentService`
  `service.name` (slo/pay.slo:7): `x` does not match `{team}-{product}-{env}`; it came from `OTEL_SERVICE_NAME`
  `deployment.zone` (slo/pay.slo:10): `cn` is none of `eu-1`, `us-1`; it came from `OTEL_RESOURCE_ATTRIBUTES`"
    );
}

#[test]
fn a_value_is_looked_for_in_vain_where_the_variable_is_broken() {
    let nameless = PaymentService { service_name: "".into(), ..service() };
    let variables = [("SERVICE_VERSION", "1"), ("OTEL_RESOURCE_ATTRIBUTES", "service.name=a-b-c,sale=5%")];
    assert_eq!(
        wrong(&nameless, &variables),
        "\
1 value does not fit `fin.pay.PaymentService`
  `service.name` (slo/pay.slo:7): there is no value; the program gives it, or `OTEL_SERVICE_NAME`
  `OTEL_RESOURCE_ATTRIBUTES` is discarded as a whole: the value of entry 2 is not percent-encoded UTF-8"
    );
}

#[test]
fn a_program_may_start_with_less() {
    let service = PaymentService { service_name: "payment-service".into(), ..service() };
    let (built, violations) = service.assemble().environment(only(&[])).build_lenient();
    let keys: Vec<&str> = built.attributes().map(|(key, _)| key).collect();
    assert_eq!(keys, ["service.tier", "telemetry.sdk.language"]);

    let wrong: Vec<&str> = violations.iter().map(slo::resource::Violation::key).collect();
    assert_eq!(wrong, ["service.name", "service.version"]);
    assert_eq!(violations[0].origin(), Some(slo::resource::Origin::Program));
    assert_eq!(violations[0].place(), "slo/pay.slo:7");
    assert_eq!(violations[1].why(), Some(&slo::value::Unfit::Missing));
    assert_eq!(violations[1].help(), Some("set `SERVICE_VERSION`"));
}
