//! Faults of resources and scopes.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::resource::v1::Resource;
use slo_compiler::diagnostic::Code;

use super::{Event, Found, Mutation, Recording, any, found, pair, reach, text};

/// What is found of a container of the contract.
fn of(code: Code, container: &str, about: &str) -> Found {
    let container = format!("shop.checkout.{container}");
    (code, [container, about.to_owned()].into_iter().filter(|name| !name.is_empty()).collect())
}

fn on_all(change: fn(&mut Resource)) -> impl Fn(&mut Recording) -> bool + 'static {
    move |all| {
        let resources = reach::resources(all);
        let is_there = !resources.is_empty();
        resources.into_iter().for_each(change);
        is_there
    }
}

fn set(resource: &mut Resource, key: &str, value: Option<Any>) {
    for pair in resource.attributes.iter_mut().filter(|pair| pair.key == key) {
        pair.value = value.clone().and_then(any);
    }
}

/// The scopes of a contract.
fn scopes(language: &str) -> &'static [&'static str] {
    match language {
        "java" => &["Checkouts", "CheckoutLog"],
        // Any service has the scope of pino's instrumentation.
        _ => &["Checkouts"],
    }
}

fn of_resources(language: &str) -> Vec<Mutation> {
    let mut all = Vec::new();
    let mut add = |name: &str, told: Vec<Found>, change: fn(&mut Resource)| {
        all.push(Mutation::new(format!("resource: {name}"), told, on_all(change)));
    };
    let version = |code| vec![of(code, "Service", "service.version")];
    add("without a version", version(Code::TelemetryKeyMissing), |resource| {
        resource.attributes.retain(|pair| pair.key != "service.version");
    });
    add("a version in another spelling", version(Code::TelemetryKeyMissing), |resource| {
        for pair in resource.attributes.iter_mut().filter(|pair| pair.key == "service.version") {
            pair.key = "service_version".to_owned();
        }
    });
    add("a version that is a number", version(Code::TelemetryType), |resource| {
        set(resource, "service.version", Some(Any::DoubleValue(1.0)));
    });
    add("a version without a value", version(Code::TelemetryEmpty), |resource| {
        set(resource, "service.version", None);
    });
    add("two versions", version(Code::TelemetryKeyTwice), |resource| {
        resource.attributes.push(pair("service.version", text("2.0.0")));
    });
    let counts = || -> Vec<Found> {
        // By its language whole doubles of JavaScript are known for counts.
        let all =
            Event::ALL.map(|event| found(Code::TelemetryNumber, event, super::metric::counter(event), ""));
        if language == "javascript" { all.to_vec() } else { Vec::new() }
    };
    let wrong = [vec![of(Code::TelemetryType, "Service", "telemetry.sdk.language")], counts()].concat();
    add("a language that is a list", wrong, |resource| {
        set(resource, "telemetry.sdk.language", Some(super::mixed()));
    });
    add("a key of somebody's", vec![of(Code::TelemetryKey, "Service", "made.up.here")], |resource| {
        resource.attributes.push(pair("made.up.here", text("x")));
    });
    // What detectors add, and what only a deployment gives.
    add("what a detector adds", Vec::new(), |resource| {
        resource.attributes.push(pair("k8s.pod.name", text("checkout-1")));
    });
    add("no language", Vec::new(), |resource| {
        if resource.attributes.iter().any(|pair| pair.value == any(text("nodejs"))) {
            return;
        }
        resource.attributes.retain(|pair| pair.key != "telemetry.sdk.language");
    });
    let elsewhere = || -> Vec<Found> {
        scopes(language).iter().map(|scope| of(Code::TelemetryResource, scope, "")).collect()
    };
    add("another service", elsewhere(), |resource| set(resource, "service.name", Some(text("cart"))));
    add("a service without a name", elsewhere(), |resource| {
        resource.attributes.retain(|pair| pair.key != "service.name");
    });
    add("an unknown service", elsewhere(), |resource| {
        set(resource, "service.name", Some(text("unknown_service:app")));
    });
    add("nothing", [elsewhere(), counts()].concat(), |resource| resource.attributes.clear());
    all
}

fn of_scopes() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "scope: an attribute of somebody's",
            vec![of(Code::TelemetryKey, "Checkouts", "made.up.here")],
            |all| {
                let Some(scope) = reach::scope(all) else { return false };
                scope.attributes.push(pair("made.up.here", text("x")));
                true
            },
        ),
        // The contract says no version.
        Mutation::new("scope: a version", Vec::new(), |all| {
            reach::scope(all).map(|scope| scope.version = "1.0.0".to_owned()).is_some()
        }),
    ]
}

pub(super) fn mutations(language: &str) -> Vec<Mutation> {
    let mut all = of_resources(language);
    all.extend(of_scopes());
    all
}
