//! Lines, and what they read back as.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLoggerProvider};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, json};

use super::line::Lines;

#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<SdkLogRecord>>>);

impl LogProcessor for Kept {
    fn emit(&self, record: &mut SdkLogRecord, _: &InstrumentationScope) {
        self.0.lock().unwrap().push(record.clone());
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// A record that a program fills. No observed time, which the SDK sets by the clock.
fn record(fill: impl FnOnce(&mut SdkLogRecord)) -> SdkLogRecord {
    let kept = Kept::default();
    let provider = SdkLoggerProvider::builder().with_log_processor(kept.clone()).build();
    let logger = provider.logger("pay");
    let mut record = logger.create_log_record();
    fill(&mut record);
    logger.emit(record);
    kept.0.lock().unwrap().remove(0)
}

fn written(lines: &Lines, record: &SdkLogRecord, scope: &InstrumentationScope) -> String {
    let mut line = Vec::new();
    lines.write(record, scope, &mut line);
    let line = String::from_utf8(line).unwrap();
    let line = line.strip_suffix('\n').expect("a line feed at the end");
    assert!(!line.contains(['\n', '\r']), "{line:?}");
    line.to_owned()
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::new(seconds, 250)
}

#[test]
fn a_record_is_a_line() {
    let resource = Resource::builder_empty()
        .with_attributes([KeyValue::new("service.name", "shop"), KeyValue::new("service.namespace", "eu")])
        .build();
    let scope = InstrumentationScope::builder("pay")
        .with_version("1.2.0")
        .with_schema_url("https://example.org/1.0.0")
        .with_attributes([KeyValue::new("team.name", "pay")])
        .build();
    let record = record(|record| {
        record.set_timestamp(at(1_700_000_000));
        record.set_observed_timestamp(at(1_700_000_001));
        record.set_severity_text("WARN");
        record.set_severity_number(Severity::Warn);
        record.set_event_name("payment.attempt");
        record.set_body(AnyValue::String("payment \"attempt\"\n".into()));
        let trace = TraceId::from(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
        record.set_trace_context(trace, SpanId::from(0xb7ad_6b71_6920_3331), Some(TraceFlags::SAMPLED));
        record.add_attribute("payment.method", "card");
        record.add_attribute("payment.amount", 4_200);
        record.add_attribute("retried", true);
        record.add_attribute("payment.tags", AnyValue::ListAny(Box::new(vec!["a".into(), 1.5.into()])));
    });
    insta::assert_snapshot!("line", written(&Lines::new(&resource), &record, &scope));
}

#[test]
fn what_a_record_has_not_is_left_out() {
    let bare = record(|record| record.set_observed_timestamp(at(0)));
    let scope = InstrumentationScope::default();
    let lines = Lines::new(&Resource::builder_empty().build());
    insta::assert_snapshot!(
        written(&lines, &bare, &scope),
        @r#"{"observed_timestamp":"1970-01-01T00:00:00.000000250Z"}"#
    );
    // What sets a target isn't the library that it stands for.
    let bridged = record(|record| {
        record.set_timestamp(UNIX_EPOCH + Duration::from_secs(1 << 40));
        record.set_observed_timestamp(at(0));
        record.set_target("shop::cart");
    });
    insta::assert_snapshot!(
        written(&lines, &bridged, &scope),
        @r#"{"timestamp":null,"observed_timestamp":"1970-01-01T00:00:00.000000250Z","scope":{"name":"shop::cart"}}"#
    );
}

#[test]
fn what_does_not_nest_is_not_lost() {
    let record = record(|record| {
        record.set_observed_timestamp(at(0));
        for (key, value) in [
            // A value, and what would stand in it.
            ("payment", "x"),
            ("payment.amount", "y"),
            // The other way round.
            ("a.b", "1"),
            ("a", "2"),
            // The same again.
            ("a.b", "3"),
            ("a.b", "4"),
            // Names that the line has itself.
            ("body", "text"),
            ("resource.kind", "vm"),
            ("attributes", "x"),
            // What is fine.
            ("", "empty"),
            ("..", "dots"),
            ("a.c", "5"),
        ] {
            record.add_attribute(key, value);
        }
        record.add_attribute("deep".to_owned() + &".x".repeat(40), 1);
    });
    let resource = Resource::builder_empty()
        .with_attributes([KeyValue::new("host", "a"), KeyValue::new("host.name", "b")])
        .build();
    let line = written(&Lines::new(&resource), &record, &InstrumentationScope::default());
    let json: serde_json::Value = serde_json::from_str(&line).unwrap();
    insta::assert_snapshot!("flat", serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn a_value_is_never_nested_deeper_than_it_reads_back() {
    let mut deep = AnyValue::Int(1);
    for _ in 0..1_000 {
        deep = AnyValue::ListAny(Box::new(vec![deep]));
    }
    let key = "a.".repeat(31) + "a";
    let record = record(|record| record.add_attribute(key, deep));
    let lines = Lines::new(&Resource::builder_empty().build());
    let line = written(&lines, &record, &InstrumentationScope::default());
    serde_json::from_str::<serde_json::Value>(&line).unwrap();
    assert!(line.contains("nested too deeply to be shown"), "{line}");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[\"\\\\\n\r\0\u{1b}\u{7f}\u{2028}a/]{0,6}", ".{0,6}"]
}

fn key() -> impl Strategy<Value = String> {
    let known = &["a", "a.b", "a.b.c", "b", "a..b", "", "body", "scope.x", "attributes.a", "timestamp"][..];
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => "[a.\"\n]{0,4}", 1 => text()]
}

/// A value, and what it reads back as.
fn value() -> impl Strategy<Value = (AnyValue, serde_json::Value)> {
    let scalar = prop_oneof![
        any::<i64>().prop_map(|number| (number.into(), json!(number))),
        any::<f64>().prop_map(|number| (number.into(), json!(number))),
        any::<bool>().prop_map(|truth| (truth.into(), json!(truth))),
        text().prop_map(|text| (text.clone().into(), json!(text))),
        Just((f64::NAN.into(), json!("NaN"))),
        Just((f64::INFINITY.into(), json!("Infinity"))),
        Just((f64::NEG_INFINITY.into(), json!("-Infinity"))),
        Just((AnyValue::Bytes(Box::new(vec![0, 255, 254, 1])), json!("AP/+AQ=="))),
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        let list = vec(inner.clone(), 0..4).prop_map(|list| {
            let (values, json): (Vec<AnyValue>, Vec<serde_json::Value>) = list.into_iter().unzip();
            (AnyValue::ListAny(Box::new(values)), json.into())
        });
        let map = btree_map(text(), inner, 0..4).prop_map(|map| {
            let json: Map<String, serde_json::Value> =
                map.iter().map(|(key, (_, json))| (key.clone(), json.clone())).collect();
            let values = map.into_iter().map(|(key, (value, _))| (key.into(), value)).collect();
            (AnyValue::Map(Box::new(values)), json.into())
        });
        prop_oneof![list, map]
    })
}

fn put(object: &mut Map<String, serde_json::Value>, path: &[&str], value: serde_json::Value) {
    let (first, rest) = path.split_first().unwrap();
    if rest.is_empty() {
        object.insert((*first).to_owned(), value);
    } else {
        let inner = object.entry((*first).to_owned()).or_insert_with(|| json!({}));
        put(inner.as_object_mut().unwrap(), rest, value);
    }
}

/// Attributes as a line has them: a key nests unless its path and that of another are the same, or one begins the other.
fn expected(attributes: &[(String, serde_json::Value)], taken: &[&str]) -> Map<String, serde_json::Value> {
    let mut object = Map::new();
    let mut paths: Vec<Vec<&str>> = Vec::new();
    let mut flat: BTreeMap<&str, Vec<&serde_json::Value>> = BTreeMap::new();
    for (key, value) in attributes {
        let path: Vec<&str> = key.split('.').collect();
        if taken.contains(&path[0])
            || path[0] == "attributes"
            || paths.iter().any(|other| other.starts_with(&path) || path.starts_with(other))
        {
            flat.entry(key).or_default().push(value);
        } else {
            put(&mut object, &path, value.clone());
            paths.push(path);
        }
    }
    if !flat.is_empty() {
        object.insert("attributes".to_owned(), json!(flat));
    }
    object
}

proptest! {
    #[test]
    fn a_line_reads_back(
        attributes in vec((key(), value()), 0..8),
        body in proptest::option::of(value()),
        of_resource in btree_map(key(), text(), 0..4),
        scope_name in text(),
        version in proptest::option::of(text()),
        nanos in any::<u32>(),
    ) {
        let resource = of_resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
        let resource = Resource::builder_empty().with_attributes(resource).build();
        let time = UNIX_EPOCH + Duration::new(1_700_000_000, nanos % 1_000_000_000);
        let record = record(|record| {
            record.set_timestamp(time);
            record.set_observed_timestamp(time);
            if let Some((body, _)) = &body {
                record.set_body(body.clone());
            }
            attributes.iter().for_each(|(key, (value, _))| record.add_attribute(key.clone(), value.clone()));
        });
        let scope = InstrumentationScope::builder(scope_name.clone());
        let scope = match &version {
            Some(version) => scope.with_version(version.clone()),
            None => scope,
        };
        let line = written(&Lines::new(&resource), &record, &scope.build());

        let taken = ["timestamp", "body", "scope"];
        let attributes: Vec<_> = attributes.into_iter().map(|(key, (_, json))| (key, json)).collect();
        let mut whole = expected(&attributes, &taken);
        let time = format!("2023-11-14T22:13:20.{:09}Z", nanos % 1_000_000_000);
        whole.insert("timestamp".to_owned(), json!(time));
        whole.insert("observed_timestamp".to_owned(), json!(time));
        whole.extend(body.map(|(_, json)| ("body".to_owned(), json)));
        let of_resource: Vec<_> =
            of_resource.into_iter().map(|(key, value)| (key, json!(value))).collect();
        let of_resource = expected(&of_resource, &[]);
        if !of_resource.is_empty() {
            whole.insert("resource".to_owned(), of_resource.into());
        }
        let mut shown = Map::new();
        shown.insert("name".to_owned(), json!(scope_name));
        shown.extend(version.clone().map(|version| ("version".to_owned(), json!(version))));
        if !scope_name.is_empty() || version.is_some() {
            whole.insert("scope".to_owned(), shown.into());
        }
        let read: Map<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(read, whole);
    }

    #[test]
    fn resources_and_scopes_hold_every_type(list in vec(text(), 0..3), numbers in vec(any::<i64>(), 0..3)) {
        let texts = list.iter().cloned().map(StringValue::from).collect();
        let attributes: Vec<KeyValue> = [
            ("x.texts", Array::String(texts)),
            ("x.ints", Array::I64(numbers.clone())),
            ("x.doubles", Array::F64(vec![1.5, f64::NAN])),
            ("x.bools", Array::Bool(vec![true, false])),
        ]
        .map(|(key, list)| KeyValue::new(key, Value::Array(list)))
        .into();
        let resource = Resource::builder_empty().with_attributes(attributes.clone()).build();
        let scope = InstrumentationScope::builder("x").with_attributes(attributes).build();
        let line = written(&Lines::new(&resource), &record(|_| {}), &scope);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        let shown = json!({"x": {"texts": list, "ints": numbers, "doubles": [1.5, "NaN"], "bools": [true, false]}});
        prop_assert_eq!(&read["resource"], &shown);
        prop_assert_eq!(&read["scope"]["attributes"], &shown);
    }
}
