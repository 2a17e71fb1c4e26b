//! An OpenTelemetry Collector that writes what it takes into files.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::json;
use tempfile::TempDir;

use super::running::Running;

/// How long the Collector has to write what it took.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is started where another process takes its ports first.
const ATTEMPTS: usize = 5;

pub(crate) struct Collector {
    _process: Running,
    grpc: u16,
    http: u16,
    // After the process, so that the Collector is gone before its folder.
    folder: TempDir,
}

impl Collector {
    /// Starts the Collector that the environment names, and waits until it takes requests. It takes logs, traces and metrics
    /// over gRPC and HTTP, and writes each signal into a file of its own.
    pub(crate) fn start() -> Collector {
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            match Collector::attempt() {
                Ok(collector) => return collector,
                Err(log) => said = log,
            }
            assert!(said.contains("address already in use"), "the Collector isn't ready:\n{said}");
        }
        panic!("the Collector gets no ports:\n{said}");
    }

    /// The error is what the Collector said.
    fn attempt() -> Result<Collector, String> {
        let program = std::env::var_os("SLO_COLLECTOR")
            .expect("SLO_COLLECTOR names no Collector: run tests/collector/run");
        let folder = tempfile::tempdir().unwrap();
        let (grpc, http) = free_ports();
        let file = |name: &str| {
            // Short, because tests wait for it.
            json!({ "path": folder.path().join(name), "format": "proto", "flush_interval": "20ms" })
        };
        let pipeline = |exporter: &str| json!({ "receivers": ["otlp"], "exporters": [exporter] });
        let configuration = json!({
            "receivers": { "otlp": { "protocols": {
                "grpc": { "endpoint": format!("127.0.0.1:{grpc}") },
                "http": { "endpoint": format!("127.0.0.1:{http}") },
            } } },
            "exporters": { "file/logs": file(LOGS), "file/traces": file(TRACES), "file/metrics": file(METRICS) },
            "service": {
                // Its own metrics would be served at a port that another one may have.
                "telemetry": { "metrics": { "level": "none" } },
                "pipelines": {
                    "logs": pipeline("file/logs"),
                    "traces": pipeline("file/traces"),
                    "metrics": pipeline("file/metrics"),
                },
            },
        });
        let process = Running::start(&program, &configuration, folder.path())?;
        // It says so once it listens.
        for port in [grpc, http] {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the Collector listens");
        }
        Ok(Collector { _process: process, grpc, http, folder })
    }

    /// Where it takes OTLP/gRPC.
    pub(crate) fn grpc_endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.grpc)
    }

    /// Where it takes OTLP/HTTP: `/v1/logs` and so on is appended.
    pub(crate) fn http_endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    /// What it wrote so far of the logs that it took, a message for each request.
    pub(crate) fn logs(&self) -> Vec<ExportLogsServiceRequest> {
        messages(&self.written(LOGS))
    }

    /// What it wrote so far of the spans that it took.
    pub(crate) fn traces(&self) -> Vec<ExportTraceServiceRequest> {
        messages(&self.written(TRACES))
    }

    /// What it wrote so far of the metrics that it took.
    pub(crate) fn metrics(&self) -> Vec<ExportMetricsServiceRequest> {
        messages(&self.written(METRICS))
    }

    /// The log records that it wrote so far, in the order in which they came.
    pub(crate) fn log_records(&self) -> Vec<LogRecord> {
        let resources = self.logs().into_iter().flat_map(|request| request.resource_logs);
        resources.flat_map(|all| all.scope_logs).flat_map(|scope| scope.log_records).collect()
    }

    /// The spans that it wrote so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let resources = self.traces().into_iter().flat_map(|request| request.resource_spans);
        resources.flat_map(|all| all.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    /// Waits until it has written what is asked for: it does so a moment after it has answered.
    pub(crate) fn wait_until(&self, mut condition: impl FnMut(&Collector) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !condition(self) {
            assert!(Instant::now() < end, "the Collector doesn't write what is waited for");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn written(&self, name: &str) -> Vec<u8> {
        let path: PathBuf = self.folder.path().join(name);
        std::fs::read(path).unwrap()
    }
}

const LOGS: &str = "logs";
const TRACES: &str = "traces";
const METRICS: &str = "metrics";

/// Two ports that were free a moment ago: the Collector's configuration has to name them.
fn free_ports() -> (u16, u16) {
    let listeners = [0; 2].map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap());
    let [grpc, http] = listeners.map(|listener| listener.local_addr().unwrap().port());
    (grpc, http)
}

/// The messages of a file: each comes after its length, four bytes with the highest first (the file exporter's README,
/// "File Format"). The last one may still be being written. What the exporter writes of a signal has the fields of a request.
fn messages<M: Message + Default>(mut file: &[u8]) -> Vec<M> {
    let mut messages = Vec::new();
    while let Some((length, rest)) = file.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
        let Some((message, rest)) = rest.split_at_checked(length) else { break };
        messages.push(M::decode(message).expect("the Collector writes protobuf"));
        file = rest;
    }
    messages
}
