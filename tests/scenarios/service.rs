//! A service of axum whose events go out by all exporters, to a receiver that is there.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use slo::{Event, Started};
use slo_export::{Otlp, Pipeline, PipelineBuilder, Prometheus};
use slo_receiver::Receiver;

use super::contracts::CONTRACT;
use super::contracts::scenarios::{PaymentOutcome, PaymentService};
use super::row02_split_states::attempt;

/// What was written, for a test to read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// The lines, as JSON.
    pub(crate) fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The pipeline of a service that the contract knows.
pub(crate) fn pipeline(receiver: &Receiver) -> PipelineBuilder {
    let service = PaymentService::new("fin-pay-prod", "1");
    let resource = service.assemble().environment(|_| None).build().unwrap().to_resource();
    Pipeline::builder(&CONTRACT, resource)
        .otlp(Otlp::http().endpoint(receiver.http_endpoint()))
        .without_globals()
        .environment(|_| None)
}

/// The service: it listens, and its events go out by the pipeline.
pub(crate) async fn serve(pipeline: Arc<Pipeline>) -> SocketAddr {
    async fn pay(State(pipeline): State<Arc<Pipeline>>, Path(order): Path<String>) -> StatusCode {
        let outcome = match order.len() % 3 {
            0 => PaymentOutcome::Succeeded,
            1 => PaymentOutcome::Timeout,
            _ => PaymentOutcome::Rejected,
        };
        pipeline
            .telemetry()
            .run(async move {
                let started = Started::now();
                tokio::task::yield_now().await;
                attempt(outcome, order).record(&started);
                StatusCode::NO_CONTENT
            })
            .await
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/pay/{order}", post(pay)).with_state(pipeline);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// Pays so many orders over HTTP, each with a number of its own.
pub(crate) async fn pay(address: SocketAddr, orders: usize) {
    tokio::task::spawn_blocking(move || {
        for order in 0..orders {
            let answer = ureq::post(format!("http://{address}/pay/{order}")).send_empty().unwrap();
            assert_eq!(answer.status(), 204);
        }
    })
    .await
    .unwrap();
}

/// What a Prometheus server would scrape.
pub(crate) async fn scrape(pipeline: &Pipeline) -> String {
    let address = pipeline.prometheus_address().unwrap();
    tokio::task::spawn_blocking(move || {
        let url = format!("http://{address}/metrics");
        let accept = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3";
        ureq::get(url).header("accept", accept).call().unwrap().body_mut().read_to_string().unwrap()
    })
    .await
    .unwrap()
}

/// An endpoint on a port of its own.
pub(crate) fn prometheus() -> Prometheus {
    Prometheus::at("127.0.0.1:0")
}

/// More time than any of these needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
