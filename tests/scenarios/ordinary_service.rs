//! A service of axum with ordinary instrumentation: OpenTelemetry's own exporters, as its documentation sets them up, once by
//! each of three teams.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use opentelemetry::KeyValue;
use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
use opentelemetry::metrics::{Counter, MeterProvider};
use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{BatchConfigBuilder, BatchLogProcessor, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use slo_receiver::Receiver;

/// The service's providers.
pub(crate) struct OrdinaryService {
    pub(crate) metrics: SdkMeterProvider,
    pub(crate) logs: SdkLoggerProvider,
    pub(crate) traces: SdkTracerProvider,
}

#[derive(Clone)]
struct Instruments {
    payments: Counter<u64>,
    logger: SdkLogger,
    tracer: SdkTracer,
}

fn named(name: &'static str) -> Resource {
    Resource::builder_empty().with_service_name(name).build()
}

impl OrdinaryService {
    /// On a runtime of several threads: the exporters need it to go on while a provider is shut down.
    pub(crate) fn new(receiver: &Receiver, sampler: Sampler) -> OrdinaryService {
        let endpoint = receiver.grpc_endpoint();
        // Each team has its own name for the service.
        let metrics = MetricExporter::builder().with_tonic().with_endpoint(&endpoint).build().unwrap();
        let metrics = SdkMeterProvider::builder()
            .with_periodic_exporter(metrics)
            .with_resource(named("payment-service"))
            .build();
        let logs = LogExporter::builder().with_tonic().with_endpoint(&endpoint).build().unwrap();
        // What is told is what becomes of a buffer, not how soon it is emptied.
        let hour = BatchConfigBuilder::default().with_scheduled_delay(Duration::from_secs(3600)).build();
        let batches = BatchLogProcessor::builder(logs).with_batch_config(hour).build();
        let logs =
            SdkLoggerProvider::builder().with_log_processor(batches).with_resource(named("payment")).build();
        let traces = SpanExporter::builder().with_tonic().with_endpoint(&endpoint).build().unwrap();
        let traces = SdkTracerProvider::builder()
            .with_batch_exporter(traces)
            .with_sampler(sampler)
            .with_resource(named("payment-svc-v2"))
            .build();
        OrdinaryService { metrics, logs, traces }
    }

    pub(crate) async fn serve(&self) -> SocketAddr {
        async fn pay(State(instruments): State<Instruments>) -> StatusCode {
            instruments.tracer.in_span("POST /pay", |_| {
                instruments.payments.add(1, &[KeyValue::new("status", "failed")]);
                let mut record = instruments.logger.create_log_record();
                record.add_attribute("event", "payment_failed");
                instruments.logger.emit(record);
            });
            StatusCode::NO_CONTENT
        }
        let instruments = Instruments {
            payments: self.metrics.meter("payments").u64_counter("payment_status").build(),
            logger: self.logs.logger("payments"),
            tracer: self.traces.tracer("payments"),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route("/pay/{order}", post(pay)).with_state(instruments);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        address
    }

    /// As a service should end, and all three teams know it.
    pub(crate) fn shut_down(&self) {
        self.logs.shutdown().unwrap();
        self.traces.shutdown().unwrap();
        self.metrics.shutdown().unwrap();
    }
}
