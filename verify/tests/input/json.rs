//! OTLP as JSON.

use super::kept::{kept, read};

fn span(members: &str) -> String {
    format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"name":"a",{members}}},{{"name":"b"}}]}}]}}]}}"#
    )
}

fn attribute(value: &str) -> String {
    span(&format!(r#""attributes":[{{"key":"k","value":{value}}}]"#))
}

#[test]
fn values_are_read_as_sdks_write_them() {
    for (value, expected) in [
        (r#"{"stringValue":"x"}"#, "\"x\""),
        (r#"{"intValue":"-7"}"#, "-7"),
        (r#"{"intValue":7}"#, "7"),
        (r#"{"intValue":1e3}"#, "1000"),
        (r#"{"intValue":"9223372036854775807"}"#, "9223372036854775807"),
        (r#"{"intValue":18446744073709551615}"#, "1.8446744073709552e19"),
        (r#"{"doubleValue":1}"#, "1.0"),
        (r#"{"doubleValue":"NaN"}"#, "NaN"),
        (r#"{"doubleValue":"-Infinity"}"#, "-inf"),
        (r#"{"doubleValue":null}"#, "NaN"),
        (r#"{"boolValue":true}"#, "true"),
        (r#"{"bytesValue":"AQID"}"#, "0x010203"),
        (r#"{"arrayValue":{"values":[{"intValue":1},{},null]}}"#, "[1,empty,empty]"),
        (r#"{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":false}}]}}"#, "{a=false}"),
        (r#"{"string_value":"as the .proto file has it"}"#, "\"as the .proto file has it\""),
        ("{}", "empty"),
        (r#"{"newValue":{"of":["a","later","version"]}}"#, "empty"),
    ] {
        let kept = read(attribute(value));
        assert_eq!(
            kept.records,
            [format!("span a / kind=0 0..0 {{k={expected}}}"), "span b / kind=0 0..0 {}".to_owned()]
        );
    }
}

#[test]
fn ids_times_and_enums_are_read_as_sdks_write_them() {
    for (members, expected) in [
        (
            r#""traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"0102030405060708""#,
            "0102030405060708090a0b0c0d0e0f10/0102030405060708 kind=0 0..0",
        ),
        (r#""kind":"SPAN_KIND_SERVER""#, "/ kind=2 0..0"),
        (r#""kind":3"#, "/ kind=3 0..0"),
        (
            r#""startTimeUnixNano":"18446744073709551615","endTimeUnixNano":5"#,
            "/ kind=0 18446744073709551615..5",
        ),
        (r#""start_time_unix_nano":"4""#, "/ kind=0 4..0"),
        (r#""kind":null,"attributes":null"#, "/ kind=0 0..0"),
    ] {
        assert_eq!(read(span(members)).records[0], format!("span a {expected} {{}}"), "{members}");
    }
}

#[test]
fn a_value_that_does_not_fit_takes_its_record_and_no_more() {
    for (members, path, wrong) in [
        (r#""traceId":"xyz""#, "traceId", "has a value of another type"),
        (r#""kind":"SERVANT""#, "kind", "has a value of another type"),
        (r#""kind":3000000000"#, "kind", "has a value of another type"),
        (r#""startTimeUnixNano":-1"#, "startTimeUnixNano", "has a value of another type"),
        (r#""startTimeUnixNano":0.5"#, "startTimeUnixNano", "has a value of another type"),
        (r#""attributes":{"key":"value"}"#, "attributes", "has a value of another type"),
        (r#""attributes":[["key"]]"#, "attributes[0]", "has a value of another type"),
        (r#""attributes":[{"key":7}]"#, "attributes[0].key", "has a value of another type"),
        (r#""status":"OK""#, "status", "has a value of another type"),
        (r#""traceState":"\ud800""#, "traceState", "isn't UTF-8"),
    ] {
        let kept = kept(span(members));
        assert_eq!(kept.records, ["span b / kind=0 0..0 {}"], "{members}");
        assert_eq!(kept.said(), [format!("file:1, resourceSpans[0].scopeSpans[0].spans[0].{path} {wrong}")]);
    }
}

#[test]
fn metrics_and_logs_are_read_with_all_their_kinds() {
    let point = r#"{"dataPoints":[{"asInt":"3"},{"asDouble":0.5},{"asInt":1.5},{}]}"#;
    let metrics = [
        format!(r#"{{"name":"g","unit":"1","gauge":{point}}}"#),
        format!(r#"{{"name":"s","sum":{point}}}"#),
        r#"{"name":"h","histogram":{"dataPoints":[{"count":"2","sum":3,"bucketCounts":["1",1],"explicitBounds":[0.1]}]}}"#.to_owned(),
        r#"{"name":"e","exponentialHistogram":{"dataPoints":[{"count":4,"scale":-2,"zeroCount":1}]}}"#.to_owned(),
        r#"{"name":"q","summary":{"dataPoints":[{"count":1,"quantileValues":[{"quantile":0.5,"value":1}]}]}}"#.to_owned(),
    ];
    let text =
        format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{}]}}]}}]}}"#, metrics.join(","));
    assert_eq!(
        read(text).records,
        [
            r#"metric g 1 gauge ["3", "0.5", "1.5", "none"]"#,
            r#"metric s  sum ["3", "0.5", "1.5", "none"]"#,
            "metric h  histogram [(2, Some(3.0), [1, 1])]",
            "metric e  exponential histogram [(4, -2, 1)]",
            "metric q  summary of 1",
        ]
    );
    let record = r#"{"timeUnixNano":"1","observedTimeUnixNano":2,"severityNumber":"SEVERITY_NUMBER_ERROR","severityText":"E",
        "body":{"stringValue":"b"},"flags":1,"droppedAttributesCount":2,"eventName":"n"}"#;
    let text = format!(r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{record}]}}]}}]}}"#);
    assert_eq!(
        read(text).records,
        ["log time=1 observed=2 severity=E number=17 event=n body=\"b\" flags=1 dropped=2 {}"]
    );
}

#[test]
fn lines_and_values_over_several_lines_are_read_and_several_signals_of_one_value() {
    let one = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}"#;
    assert_eq!(read(format!("{one}\n{one}\n\n{one}")).records.len(), 3);
    let spread = one.replace('[', "[\n  ").replace('{', "{\r\n");
    let kept = read(format!("{spread}\n{spread}\n"));
    assert_eq!(kept.records.len(), 2);
    assert_eq!(kept.places[1].1.line, Some(u64::try_from(spread.lines().count()).unwrap() + 1));
    let both = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}],"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}"#;
    assert_eq!(read(both).records, ["span a / kind=0 0..0 {}", "log {}"]);
}

#[test]
fn what_is_no_json_is_refused_with_its_line() {
    let one = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}"#;
    for (line, said) in [
        (
            r#"{"resourceSpans":[{"scopeSpans":[}]}"#,
            "file:2 is malformed: expected value at line 1 column 34",
        ),
        (r#"{"resourceSpans":7}"#, "file:2, resourceSpans has a value of another type"),
    ] {
        let kept = kept(format!("{one}\n{line}\n{one}\n"));
        assert_eq!(kept.records.len(), 2, "{line}");
        assert_eq!(kept.said(), [said]);
    }
}
