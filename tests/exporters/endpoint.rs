//! The texts of exporters, and an endpoint that answers with them.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;

use opentelemetry::metrics::MeterProvider;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::Encoder;
use serde_json::Value;
use slo_model::names::{MetricKind, PrometheusWay};

use super::case::{BOUND, Case, SCOPE, written};
use super::collector;

/// What an endpoint answers.
pub(crate) struct Page {
    pub(crate) status: u64,
    pub(crate) content_type: String,
    pub(crate) text: String,
}

impl fmt::Display for Page {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}\n{}", self.status, self.content_type, self.text)
    }
}

/// What the way's exporter answers, or `None` where no environment variable names its command, or the Collector's program.
pub(crate) fn pages(way: PrometheusWay, cases: &[Case]) -> Option<Vec<Page>> {
    if way == PrometheusWay::Rust {
        return Some(cases.iter().map(of_rust).collect());
    }
    let command = std::env::var(format!("SLO_EXPORTER_{}", way.name().to_uppercase())).ok()?;
    if way == PrometheusWay::Collector {
        return Some(collector::pages(command.as_ref(), cases));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases");
    let lines: String = cases.iter().map(|case| format!("{}\n", written(case))).collect();
    std::fs::write(&file, lines).unwrap();
    let output = Command::new("sh")
        .args(["-c", &command])
        .stdin(File::open(file).unwrap())
        .stderr(Stdio::inherit())
        .output()
        .expect("the exporter starts");
    assert!(output.status.success(), "{way}: {}", output.status);
    let page = |line: &str| {
        let answer: Value = serde_json::from_str(line).expect(line);
        let text = |name: &str| answer[name].as_str().expect(line).to_owned();
        let status = answer["status"].as_u64().expect(line);
        Page { status, content_type: text("content_type"), text: text("text") }
    };
    let pages: Vec<Page> = String::from_utf8(output.stdout).unwrap().lines().map(page).collect();
    assert_eq!(pages.len(), cases.len(), "{way}: an answer for each case");
    Some(pages)
}

fn of_rust(case: &Case) -> Page {
    let registry = prometheus::Registry::new();
    let exporter = opentelemetry_prometheus::exporter().with_registry(registry.clone()).build().unwrap();
    let resource = Resource::builder_empty().with_service_name("pay").build();
    let provider = SdkMeterProvider::builder().with_resource(resource).with_reader(exporter).build();
    let [name, version, schema_url] = SCOPE.map(|(_, value)| value);
    let scope = InstrumentationScope::builder(name).with_version(version).with_schema_url(schema_url).build();
    let meter = provider.meter_with_scope(scope);
    for metric in case {
        let attributes: Vec<KeyValue> =
            metric.attributes.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        let (name, unit, value) = (metric.name.clone(), metric.unit.clone(), metric.value);
        match metric.kind {
            MetricKind::Counter => meter.f64_counter(name).with_unit(unit).build().add(value, &attributes),
            MetricKind::UpDownCounter => {
                meter.f64_up_down_counter(name).with_unit(unit).build().add(value, &attributes);
            }
            MetricKind::Gauge => meter.f64_gauge(name).with_unit(unit).build().record(value, &attributes),
            MetricKind::Histogram | MetricKind::ExponentialHistogram => {
                let histogram = meter.f64_histogram(name).with_unit(unit).with_boundaries(vec![BOUND]);
                histogram.build().record(value, &attributes);
            }
        }
    }
    let encoder = prometheus::TextEncoder::new();
    let content_type = encoder.format_type().to_owned();
    match encoder.encode_to_string(&registry.gather()) {
        Ok(text) => Page { status: 200, content_type, text },
        Err(error) => Page { status: 500, content_type, text: error.to_string() },
    }
}

/// Answers with the page of each path, for as long as the process lives.
pub(crate) fn serve(pages: HashMap<String, Page>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let pages = Arc::new(pages);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = Arc::clone(&pages);
            std::thread::spawn(move || answer(&stream, &pages));
        }
    });
    address
}

fn answer(mut stream: &TcpStream, pages: &HashMap<String, Page>) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    // The headers are read to their end.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let Some(page) = request.split(' ').nth(1).and_then(|path| pages.get(path)) else { return Ok(()) };
    let Page { status, content_type, text } = page;
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
    )
}
