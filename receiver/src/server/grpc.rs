//! OTLP over gRPC.

use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::body::Incoming;
use hyper::{Request, Response};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
    logs_service_server::{LogsService, LogsServiceServer},
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
    metrics_service_server::{MetricsService, MetricsServiceServer},
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use tokio::sync::Notify;
use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::codegen::Service;

use super::deal::{Verdict, deal};
use super::shared::Shared;
use crate::export::Export;
use crate::{Protocol, Signal, Silence};

/// Answers a request; the error is a stream that is reset.
pub(super) async fn answer(
    shared: Arc<Shared>,
    close: Arc<Notify>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Reset> {
    let fate = Arc::new(Fate { close, is_read: AtomicBool::new(false), is_reset: AtomicBool::new(false) });
    request.extensions_mut().insert(Arc::clone(&fate));
    let exporter = Exporter { shared: Arc::clone(&shared) };
    let largest = shared.largest();
    let gzip = CompressionEncoding::Gzip;
    let (signal, Ok(answer)) = match request.uri().path() {
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => {
            let service = LogsServiceServer::new(exporter);
            let service = service.accept_compressed(gzip).max_decoding_message_size(largest);
            (Signal::Logs, call(service, request).await)
        }
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => {
            let service = TraceServiceServer::new(exporter);
            let service = service.accept_compressed(gzip).max_decoding_message_size(largest);
            (Signal::Traces, call(service, request).await)
        }
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" => {
            let service = MetricsServiceServer::new(exporter);
            let service = service.accept_compressed(gzip).max_decoding_message_size(largest);
            (Signal::Metrics, call(service, request).await)
        }
        _ => return Ok(Status::unimplemented("this is no method of OTLP").into_http()),
    };
    if fate.is_reset.load(Ordering::Relaxed) {
        return Err(Reset);
    }
    if !fate.is_read.load(Ordering::Relaxed) {
        shared.count_unreadable(signal);
    }
    Ok(answer)
}

async fn call<S>(mut service: S, request: Request<Incoming>) -> Result<Response<Body>, Infallible>
where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
{
    service.call(request).await
}

/// That a stream is to be reset.
#[derive(Debug)]
pub(super) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stream is reset by plan")
    }
}

impl std::error::Error for Reset {}

/// What becomes of a request's stream and of its connection. It goes into the service with the request.
struct Fate {
    close: Arc<Notify>,
    /// Whether the message could be read.
    is_read: AtomicBool,
    is_reset: AtomicBool,
}

/// The three services.
struct Exporter {
    shared: Arc<Shared>,
}

impl Exporter {
    async fn answer<M: Export>(
        &self,
        request: tonic::Request<M>,
    ) -> Result<tonic::Response<M::Response>, Status> {
        let (metadata, mut extensions, message) = request.into_parts();
        let fate = extensions.remove::<Arc<Fate>>();
        if let Some(fate) = &fate {
            fate.is_read.store(true, Ordering::Relaxed);
        }
        let headers = metadata.into_headers();
        let silence = match deal(&self.shared, Protocol::Grpc, &headers, message).await {
            Verdict::Answer(answer) => return Ok(tonic::Response::new(answer)),
            Verdict::Refuse(refusal) => return Err(refusal.to_grpc()),
            Verdict::Silence(silence) => silence,
        };
        match (silence, fate) {
            (Silence::Reset, Some(fate)) => {
                fate.is_reset.store(true, Ordering::Relaxed);
                return Err(Status::internal("the stream is reset"));
            }
            (Silence::Close, Some(fate)) => fate.close.notify_one(),
            _ => {}
        }
        pending().await
    }
}

#[tonic::async_trait]
impl LogsService for Exporter {
    async fn export(
        &self,
        request: tonic::Request<ExportLogsServiceRequest>,
    ) -> Result<tonic::Response<ExportLogsServiceResponse>, Status> {
        self.answer(request).await
    }
}

#[tonic::async_trait]
impl TraceService for Exporter {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, Status> {
        self.answer(request).await
    }
}

#[tonic::async_trait]
impl MetricsService for Exporter {
    async fn export(
        &self,
        request: tonic::Request<ExportMetricsServiceRequest>,
    ) -> Result<tonic::Response<ExportMetricsServiceResponse>, Status> {
        self.answer(request).await
    }
}
