//! Sends what files hold over OTLP/gRPC, one request after the other, and says how long it took until the last was taken. By it a verifier is raced against
//! others, with the same stream.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::exit)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use slo_verify::input::file::Files;
use slo_verify::input::otlp::Request;
use slo_verify::input::{LineForm, Receive, Refusal, Scrape};
use tonic::transport::Channel;
use tonic::{Code, Status};

/// How long is waited before a request is sent again that came faster than it could be taken.
const PAUSE: Duration = Duration::from_millis(5);

/// The requests of files.
#[derive(Default)]
struct Requests(Vec<Request>);

impl Receive for Requests {
    fn traces(&mut self, spans: Vec<ResourceSpans>) {
        self.0.push(Request::Traces(spans));
    }

    fn logs(&mut self, logs: Vec<ResourceLogs>) {
        self.0.push(Request::Logs(logs));
    }

    fn metrics(&mut self, metrics: Vec<ResourceMetrics>) {
        self.0.push(Request::Metrics(metrics));
    }

    fn log_lines(&mut self, _: LineForm, _: Vec<ResourceLogs>) {
        panic!("log lines are no requests of OTLP");
    }

    fn scrape(&mut self, _: Scrape) {
        panic!("a scrape is no request of OTLP");
    }

    fn refused(&mut self, refusal: Refusal) {
        panic!("{refusal}");
    }
}

async fn send(channel: &Channel, request: &Request) -> Result<(), Status> {
    match request.clone() {
        Request::Traces(resource_spans) => {
            let request = ExportTraceServiceRequest { resource_spans };
            TraceServiceClient::new(channel.clone()).export(request).await.map(|_| ())
        }
        Request::Logs(resource_logs) => {
            let request = ExportLogsServiceRequest { resource_logs };
            LogsServiceClient::new(channel.clone()).export(request).await.map(|_| ())
        }
        Request::Metrics(resource_metrics) => {
            let request = ExportMetricsServiceRequest { resource_metrics };
            MetricsServiceClient::new(channel.clone()).export(request).await.map(|_| ())
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, paths @ ..] = arguments.as_slice() else {
        println!("otlp-send ENDPOINT PATH...    such as http://127.0.0.1:4317");
        std::process::exit(2);
    };
    let mut requests = Requests::default();
    Files::find(&paths.iter().map(PathBuf::from).collect::<Vec<_>>()).read(&mut requests);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let channel = Channel::from_shared(endpoint.clone()).unwrap().connect().await.unwrap();
        let begun = Instant::now();
        for request in &requests.0 {
            while let Err(status) = send(&channel, request).await {
                assert!(status.code() == Code::ResourceExhausted, "{status}");
                tokio::time::sleep(PAUSE).await;
            }
        }
        println!("{} requests in {:.3} s", requests.0.len(), begun.elapsed().as_secs_f64());
    });
}
