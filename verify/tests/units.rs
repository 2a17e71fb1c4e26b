//! Durations on spans are compared with the spans' own lengths.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use slo_compiler::diagnostic::Code;
use slo_compiler::plan::{Arena, Plan};
use slo_verify::{Settings, Verifier};

use crate::encode::{NOW, text};
use crate::judge::generate;

/// A contract whose span has a duration in a unit.
fn contract(unit: &str) -> String {
    format!(
        "package shop\n\nattribute shop.waited: duration({unit})\n\nscope Till {{}}\n\nevent Sale in Till {{\n    waited: shop.waited?\n\n    span \"sale\": internal {{ waited }}\n}}\n"
    )
}

/// The codes that are found in so many spans of a second, each with a duration.
fn found(unit: &str, spans: u64, value: impl Fn(u64) -> Option<Any>) -> Vec<Code> {
    let compilation = generate::compiled(&contract(unit));
    let arena = Arena::default();
    let checked = compilation.checked.as_ref();
    let plans =
        [Plan::with_external(&arena, checked.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics)))];
    let spans = (1..=spans).map(|number| Span {
        trace_id: vec![7; 16],
        span_id: number.to_be_bytes().to_vec(),
        name: "sale".to_owned(),
        kind: 1,
        start_time_unix_nano: NOW,
        end_time_unix_nano: NOW + 1_000_000_000,
        attributes: value(number)
            .map(|value| KeyValue {
                key: "shop.waited".to_owned(),
                value: Some(AnyValue { value: Some(value) }),
                ..KeyValue::default()
            })
            .into_iter()
            .collect(),
        ..Span::default()
    });
    let scope = InstrumentationScope { name: "shop".to_owned(), ..InstrumentationScope::default() };
    let came = ResourceSpans {
        resource: Some(Resource { attributes: vec![text("service.name", "shop")], ..Resource::default() }),
        scope_spans: vec![ScopeSpans { scope: Some(scope), spans: spans.collect(), ..ScopeSpans::default() }],
        ..ResourceSpans::default()
    };
    let mut verifier = Verifier::new(&plans, Settings::default());
    verifier.traces(&[came]);
    verifier.finish().causes.into_iter().map(|cause| cause.code).collect()
}

fn double(value: f64) -> Option<Any> {
    Some(Any::DoubleValue(value))
}

#[test]
fn what_is_within_the_span_is_right() {
    for value in [1.0, 0.99, 0.5, 0.001, 0.000_001, 0.0] {
        assert_eq!(found("s", 100, |_| double(value)), [], "{value}");
    }
    assert_eq!(found("ms", 100, |_| double(1_000.0)), []);
}

#[test]
fn what_is_off_by_a_factor_is_noted() {
    for value in [1_000.0, 950.0, 1_000_000.0, 1e9] {
        assert_eq!(found("s", 100, |_| double(value)), [Code::TelemetryGuess], "{value}");
    }
    assert_eq!(found("ms", 100, |_| double(1e6)), [Code::TelemetryGuess]);
    // On most spans, whatever the others have.
    assert_eq!(
        found("s", 100, |number| double(if number % 3 == 0 { 1.0 } else { 1e3 })),
        [Code::TelemetryGuess]
    );
    assert_eq!(found("s", 40, |number| double(1e3).filter(|_| number % 2 == 0)), [Code::TelemetryGuess]);
}

#[test]
fn what_may_be_chance_is_not() {
    assert_eq!(found("s", 19, |_| double(1e3)), [], "too few");
    assert_eq!(found("s", 100, |number| double(if number % 2 == 0 { 1e3 } else { 1.0 })), [], "half");
    assert_eq!(found("s", 100, |_| double(100.0)), [], "no factor of units");
    assert_eq!(
        found("s", 100, |number| double(number as f64 * 40.0)),
        [],
        "longer than the span, by no factor"
    );
}
