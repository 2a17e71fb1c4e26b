//! What holds, of what is said in code and by variables.

use std::time::Duration;

use slo_model::event::Signal;

use crate::Otlp;
use crate::otlp::checked::Settings;

const ALL: [Signal; 3] = [Signal::Log, Signal::Metric, Signal::Span];

/// The settings for logs, metrics and traces, where these variables are set.
fn settings(otlp: &Otlp, variables: &[(&str, &str)]) -> [Settings; 3] {
    let found = otlp.settings(&ALL, &|name| look_up(variables, name)).unwrap();
    found.try_into().unwrap()
}

fn errors(otlp: &Otlp, variables: &[(&str, &str)]) -> Vec<String> {
    let found = otlp.settings(&ALL, &|name| look_up(variables, name));
    found.unwrap_err().iter().map(ToString::to_string).collect()
}

fn look_up(variables: &[(&str, &str)], name: &str) -> Option<String> {
    variables.iter().find(|(other, _)| *other == name).map(|(_, text)| (*text).to_owned())
}

fn urls(otlp: &Otlp, variables: &[(&str, &str)]) -> [String; 3] {
    settings(otlp, variables).map(|settings| settings.url.to_string())
}

/// A header of log records' requests, by name.
fn header(otlp: &Otlp, variables: &[(&str, &str)], name: &str) -> Option<String> {
    let [logs, ..] = settings(otlp, variables);
    logs.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
}

/// Over what is built in.
fn any() -> Otlp {
    Otlp::from_environment()
}

#[test]
fn nothing_said_is_what_the_specification_says() {
    for settings in
        settings(&any(), &[("OTEL_EXPORTER_OTLP_TIMEOUT", ""), ("OTEL_EXPORTER_OTLP_HEADERS", " ")])
    {
        assert_eq!(settings.timeout, Duration::from_secs(10));
        assert!(!settings.gzip);
        assert_eq!(settings.headers.keys().collect::<Vec<_>>(), ["user-agent"]);
    }
}

#[cfg(feature = "otlp-http")]
#[test]
fn over_http_a_signal_has_its_path() {
    assert_eq!(
        urls(&Otlp::http(), &[]),
        [
            "http://localhost:4318/v1/logs",
            "http://localhost:4318/v1/metrics",
            "http://localhost:4318/v1/traces"
        ]
    );
    assert_eq!(
        urls(&Otlp::http().endpoint("http://collector/otlp/?tenant=1"), &[])[2],
        "http://collector/otlp/v1/traces?tenant=1"
    );
    assert_eq!(urls(&Otlp::http().endpoint("http://[::1]:80/"), &[])[0], "http://[::1]:80/v1/logs");
}

#[cfg(feature = "otlp-http")]
#[test]
fn an_endpoint_for_one_signal_is_used_as_it_is() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces"),
        ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://logs/here?there"),
    ];
    assert_eq!(
        urls(&Otlp::http(), &variables),
        ["http://logs/here?there", "http://all/v1/metrics", "http://traces/"]
    );
    // Code counts before variables, and of code what is said of one signal.
    let otlp = Otlp::http().endpoint("http://code").metrics_endpoint("http://metrics/v2");
    assert_eq!(
        urls(&otlp, &variables),
        ["http://code/v1/logs", "http://metrics/v2", "http://code/v1/traces"]
    );
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn over_grpc_an_endpoint_has_no_path() {
    assert_eq!(urls(&Otlp::grpc(), &[])[0], "http://localhost:4317/");
    assert_eq!(urls(&Otlp::grpc().endpoint("http://collector:4317/"), &[])[1], "http://collector:4317/");
    let wrong =
        "`slo_export::Otlp::endpoint` has a path, and gRPC has none; leave it away, or send over HTTP";
    assert_eq!(errors(&Otlp::grpc().endpoint("http://collector:4317/v1/traces"), &[]), [wrong]);
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn over_grpc_an_endpoint_may_leave_its_scheme_away() {
    let insecure = [("OTEL_EXPORTER_OTLP_INSECURE", "True")];
    assert_eq!(urls(&Otlp::grpc().endpoint("collector:4317"), &insecure)[0], "http://collector:4317/");
    assert_eq!(urls(&Otlp::grpc().endpoint("collector:4317").insecure(), &[])[0], "http://collector:4317/");
    let one = [("OTEL_EXPORTER_OTLP_ENDPOINT", "a:1"), ("OTEL_EXPORTER_OTLP_LOGS_INSECURE", "true")];
    if cfg!(feature = "tls") {
        assert_eq!(urls(&Otlp::grpc(), &one), ["http://a:1/", "https://a:1/", "https://a:1/"]);
    } else {
        let [wrong] = errors(&Otlp::grpc(), &one).try_into().unwrap();
        let why = "`OTEL_EXPORTER_OTLP_ENDPOINT` has no scheme, which stands for `https`";
        assert!(wrong.starts_with(why), "{wrong}");
    }
}

#[cfg(all(feature = "otlp-grpc", feature = "otlp-http"))]
#[test]
fn a_variable_says_the_protocol_where_code_does_not() {
    use crate::otlp::settings::Protocol;

    let protocols =
        |otlp: &Otlp, variables: &[(&str, &str)]| settings(otlp, variables).map(|settings| settings.protocol);
    let variables =
        [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf")];
    assert_eq!(protocols(&any(), &variables), [Protocol::Grpc, Protocol::Grpc, Protocol::Http]);
    assert_eq!(protocols(&Otlp::http(), &variables), [Protocol::Http; 3]);
    assert_eq!(protocols(&any(), &[]), [Protocol::Http; 3]);
    let json = [("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")];
    #[cfg(feature = "otlp-json")]
    assert_eq!(protocols(&any(), &json), [Protocol::HttpJson; 3]);
    #[cfg(not(feature = "otlp-json"))]
    assert_eq!(
        errors(&any(), &json),
        [
            "`OTEL_EXPORTER_OTLP_PROTOCOL` asks for `http/json`, which needs the feature `otlp-json` of crate `slo-export`"
        ]
    );
    assert_eq!(
        errors(&any(), &[("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "carrier pigeon")]),
        [
            "`OTEL_EXPORTER_OTLP_LOGS_PROTOCOL` is neither `grpc`, `http/protobuf` nor `http/json`: `carrier pigeon`"
        ]
    );
}

#[cfg(not(feature = "otlp-grpc"))]
#[test]
fn a_protocol_that_is_not_built_in_is_an_error() {
    assert_eq!(
        errors(&any(), &[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]),
        [
            "`OTEL_EXPORTER_OTLP_PROTOCOL` asks for `grpc`, which needs the feature `otlp-grpc` of crate `slo-export`"
        ]
    );
}

#[test]
fn headers_of_code_and_of_variables_are_sent() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20aGk6aG8%3D,x-team=all"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-team=traces"),
    ];
    let otlp = any().header("X-Team", "code");
    assert_eq!(header(&otlp, &variables, "authorization").unwrap(), "Basic aGk6aG8=");
    assert_eq!(header(&otlp, &variables, "x-team").unwrap(), "code");
    assert_eq!(header(&any(), &variables, "x-team").unwrap(), "all");
    // A variable for one signal takes the place of the one for all.
    let [_, _, traces] = settings(&any(), &variables);
    assert_eq!(traces.headers["x-team"], "traces");
    assert!(!traces.headers.contains_key("authorization"));
}

#[test]
fn a_header_that_http_does_not_allow_is_an_error_that_keeps_its_secret() {
    let otlp = any()
        .header("Bearer hush", "authorization")
        .header("authorization", "hush\r\nx: y")
        .header("Content-Type", "hush")
        .header("grpc-timeout", "hush");
    let found = errors(&otlp, &[("OTEL_EXPORTER_OTLP_HEADERS", "x-token=hush%zz")]);
    assert_eq!(
        found,
        [
            "`OTEL_EXPORTER_OTLP_HEADERS` can't be read: the value of entry 1 is not percent-encoded UTF-8",
            "`slo_export::Otlp::header` has a header whose name HTTP does not allow",
            "`slo_export::Otlp::header` has a header `authorization` whose value HTTP does not allow",
            "`slo_export::Otlp::header` has a header `content-type`, which the exporter sets by itself",
            "`slo_export::Otlp::header` has a header `grpc-timeout`, which the exporter sets by itself",
        ]
    );
}

#[test]
fn a_timeout_is_some_time_in_milliseconds() {
    let timeout = |variables: &[(&str, &str)]| settings(&any(), variables).map(|settings| settings.timeout);
    let variables = [("OTEL_EXPORTER_OTLP_TIMEOUT", "2500"), ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "500")];
    let [logs, metrics, traces] = timeout(&variables);
    assert_eq!([logs, metrics, traces].map(|timeout| timeout.as_millis()), [2500, 500, 2500]);
    let otlp = any().timeout(Duration::from_secs(1));
    assert!(settings(&otlp, &variables).iter().all(|settings| settings.timeout == Duration::from_secs(1)));

    let unlimited = timeout(&[("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]);
    assert_eq!(unlimited, [Duration::from_secs(3600); 3], "no limit but that of every try");

    let wrong = |text| errors(&any(), &[("OTEL_EXPORTER_OTLP_TIMEOUT", text)]);
    assert_eq!(wrong("10s"), ["`OTEL_EXPORTER_OTLP_TIMEOUT` is no number of milliseconds: `10s`"]);
    assert_eq!(wrong("18446744073709551615"), ["`OTEL_EXPORTER_OTLP_TIMEOUT` is longer than an hour"]);
    assert_eq!(
        errors(&any().timeout(Duration::ZERO), &[]),
        ["`slo_export::Otlp::timeout` leaves no time for an answer"]
    );
    assert_eq!(
        errors(&any().timeout(Duration::MAX), &[]),
        ["`slo_export::Otlp::timeout` is longer than an hour"]
    );
}

#[test]
fn a_compression_is_gzip_or_none() {
    let zstd = [("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"), ("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "NONE")];
    assert_eq!(
        errors(&any(), &zstd),
        ["`OTEL_EXPORTER_OTLP_COMPRESSION` is neither `gzip` nor `none`: `zstd`"]
    );
    let gzip = [("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")];
    if cfg!(feature = "gzip") {
        assert!(settings(&any(), &gzip).iter().all(|settings| settings.gzip));
    } else {
        let wrong = "`OTEL_EXPORTER_OTLP_COMPRESSION` asks for `gzip`, which needs the feature `gzip` of crate `slo-export`";
        assert_eq!(errors(&any(), &gzip), [wrong]);
    }
    let none = any().compression(crate::OtlpCompression::None);
    assert!(settings(&none, &gzip).iter().all(|settings| !settings.gzip));
}

#[cfg(feature = "otlp-http")]
#[test]
fn an_endpoint_that_is_no_url_is_an_error_that_keeps_its_secret() {
    let why = |url: &str| errors(&Otlp::http().logs_endpoint(url), &[]).remove(0);
    let wrong = |why| format!("`slo_export::Otlp::logs_endpoint` {why}");
    assert_eq!(why("http://a b"), wrong("is no URL"));
    assert_eq!(why("/v1/logs"), wrong("is no URL that begins with `http://` or `https://`"));
    assert_eq!(why("localhost:4318"), wrong("is no URL that begins with `http://` or `https://`"));
    assert_eq!(why("ftp://collector"), wrong("is no URL that begins with `http://` or `https://`"));
    assert_eq!(
        why("http://me:hush@collector"),
        wrong("holds a user, which OTLP has no use for; give a header `authorization`")
    );
    for port in ["http://collector:", "http://collector:0", "http://collector:65536", "http://[::1]:x"] {
        let why = why(port);
        assert!(why.contains("port") || why.contains("no URL"), "{port}: {why}");
    }
}

#[cfg(all(feature = "otlp-http", not(feature = "tls")))]
#[test]
fn tls_needs_its_feature() {
    assert_eq!(
        errors(&Otlp::http().endpoint("https://collector"), &[]),
        ["`slo_export::Otlp::endpoint` needs the feature `tls` of crate `slo-export`: it asks for `https`"]
    );
}

#[cfg(feature = "otlp-http")]
#[test]
fn all_errors_are_told_at_once_and_each_once() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zip"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector"),
    ];
    assert_eq!(
        errors(&Otlp::http(), &variables),
        [
            "`OTEL_EXPORTER_OTLP_TIMEOUT` is no number of milliseconds: `soon`",
            "`OTEL_EXPORTER_OTLP_COMPRESSION` is neither `gzip` nor `none`: `zip`",
            "`OTEL_EXPORTER_OTLP_HEADERS` can't be read: entry 1 has no `=`",
            "`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is no URL that begins with `http://` or `https://`",
        ]
    );
}

#[test]
fn what_is_shown_keeps_its_secrets() {
    let otlp = any()
        .endpoint("http://me:hush@collector/otlp?token=hush")
        .traces_endpoint("hush?hush hush")
        .header("authorization", "hush")
        .header("Bearer hush", "x");
    let shown = format!("{otlp:?}");
    assert!(!shown.contains("hush"), "{shown}");
    assert!(shown.contains("http://collector/otlp") && shown.contains("authorization"), "{shown}");
}

#[test]
fn metrics_have_the_temporality_and_the_buckets_that_variables_prefer() {
    use opentelemetry_sdk::metrics::Temporality;

    let variables = [
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"),
        ("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram"),
    ];
    let metrics = |otlp: &Otlp, variables: &[(&str, &str)]| {
        let [_, metrics, _] = settings(otlp, variables);
        (metrics.temporality, metrics.exponential)
    };
    assert_eq!(metrics(&any(), &variables), (Temporality::Delta, true));
    assert_eq!(
        metrics(&any().temporality(Temporality::LowMemory), &variables),
        (Temporality::LowMemory, true)
    );
    assert_eq!(metrics(&any(), &[]), (Temporality::Cumulative, false));
    assert_eq!(
        errors(&any(), &[(variables[0].0, "often"), (variables[1].0, "linear")]),
        [
            "`OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` is neither `cumulative`, `delta` nor `lowmemory`: `often`",
            "`OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` is neither `explicit_bucket_histogram` nor `base2_exponential_bucket_histogram`: `linear`",
        ]
    );
}

#[test]
fn a_request_has_room_for_a_resource() {
    assert_eq!(settings(&any(), &[])[0].request_bytes, 4 * 1024 * 1024);
    assert_eq!(
        errors(&any().request_bytes(100), &[]),
        ["`slo_export::Otlp::request_bytes` is less than 4096 bytes, which a resource alone may have"]
    );
}
