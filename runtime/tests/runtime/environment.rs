//! Whatever stands in the environment: nothing panics, and nothing gets lost in silence.

use crate::contract::PaymentService;
use proptest::prelude::*;
use slo::SloAttributes;
use slo::resource::Notice;

fn service() -> PaymentService {
    PaymentService {
        service_name: "fin-pay-prod".into(),
        service_version: Some("1".into()),
        deployment_zone: None,
    }
}

/// What a percent-encoder does at its most careful.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Keys as they come, and those that mean something to the contract.
fn keys() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "service.name",
        "service.name.full",
        "service_name",
        "service",
        "service.tier",
        "deployment.zone",
        "telemetry.sdk.language",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "[a-c.]{1,3}", "\\PC{1,90}"]
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(attributes in "\\PC*", name in any::<Option<String>>(), version in any::<String>()) {
        let service = service();
        let (built, violations) = service
            .assemble()
            .environment(|variable| match variable {
                "OTEL_RESOURCE_ATTRIBUTES" => Some(attributes.clone()),
                "OTEL_SERVICE_NAME" => name.clone(),
                _ => Some(version.clone()),
            })
            .build_lenient();
        prop_assert!(built.get("service.tier").is_some());
        for line in violations.iter().map(ToString::to_string).chain(built.notices().iter().map(ToString::to_string)) {
            prop_assert!(!line.contains('\n'), "{line:?}");
        }
    }

    #[test]
    fn text_of_the_right_shape_is_read_without_a_panic(attributes in "([a-c.%0-9F]{0,4}=?[a-c%0-9F]{0,4},){0,200}") {
        let service = service();
        let (built, _) = service.assemble().environment(|_| Some(attributes.clone())).build_lenient();
        prop_assert!(built.get("service.tier").is_some());
    }
}

proptest! {
    // A case is a whole environment.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_entry_is_kept_or_named(entries in prop::collection::vec((keys(), "\\PC{1,20}"), 0..200)) {
        let attributes: Vec<String> =
            entries.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
        let attributes = attributes.join(",");
        let service = service();
        let (built, violations) = service
            .assemble()
            .environment(|variable| (variable == "OTEL_RESOURCE_ATTRIBUTES").then(|| attributes.clone()))
            .build_lenient();

        let too_long = built.notices().iter().any(|notice| matches!(notice, Notice::TooLong { .. }));
        let mut beyond = built
            .notices()
            .iter()
            .find_map(|notice| match notice {
                Notice::TooMany { count, .. } => Some(*count),
                _ => None,
            })
            .unwrap_or(0);
        let last: std::collections::BTreeMap<&str, &str> =
            entries.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        for (key, value) in last {
            let kept = built.get(key).is_some_and(|kept| kept.to_string() == value);
            let noticed = built.notices().iter().any(|notice| notice.key() == Some(key));
            let wrong = violations.iter().any(|violation| violation.key() == key);
            if !kept && !noticed && !wrong && !too_long {
                prop_assert!(beyond > 0, "{key:?} is lost");
                beyond -= 1;
            }
        }
    }
}

/// Run by the test below, in an environment of its own.
#[test]
#[ignore = "needs the environment that another test sets"]
fn child() {
    let service = PaymentService { service_version: None, service_name: "".into(), ..service() };
    let error = service.assemble().build().unwrap_err().to_string();
    assert_eq!(
        error,
        "\
2 values do not fit `fin.pay.PaymentService`
  `service.name` (slo/pay.slo:7): `pay` does not match `{team}-{product}-{env}`; it came from `OTEL_SERVICE_NAME`
  `service.version` (slo/pay.slo:8): expected `string`, found bytes that are no Unicode text; \
it came from `SERVICE_VERSION`
  `OTEL_RESOURCE_ATTRIBUTES` is discarded as a whole: it is no Unicode text"
    );
}

/// Variables of a running process can't be set safely: hence another process.
#[cfg(unix)]
#[test]
fn the_process_s_own_environment_is_read_and_may_hold_any_bytes() {
    use std::os::unix::ffi::OsStrExt;

    let bytes = std::ffi::OsStr::from_bytes(b"a=\xff");
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "environment::child"])
        .env("OTEL_SERVICE_NAME", "pay")
        .env("SERVICE_VERSION", bytes)
        .env("OTEL_RESOURCE_ATTRIBUTES", bytes)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
