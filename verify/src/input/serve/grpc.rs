//! OTLP over gRPC. Messages go through as bytes: what is wrong with a record of one is no matter of gRPC's.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::{Request, Response};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use tonic::body::Body;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, UnaryService};
use tonic::{Code, Status};

use super::Shared;
use super::body::{Bounded, Fault, rest};
use super::refused;
use super::take::{Form, take};
use crate::input::limits::LARGEST_REQUEST;
use crate::input::otlp::Signal;
use crate::input::refusal::{Problem, Wrong};

/// Whether a request is one of gRPC with messages of protobuf. gRPC-Web and messages of JSON are neither this nor OTLP.
pub(super) fn is_grpc(headers: &HeaderMap) -> bool {
    let content = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = content.and_then(|content| content.split(';').next());
    matches!(kind.map(str::trim), Some("application/grpc" | "application/grpc+proto"))
}

/// Answers a request.
pub(super) async fn answer(shared: &Arc<Shared>, request: Request<Incoming>) -> Response<Body> {
    let fault = Fault::default();
    let signal = match request.uri().path() {
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => Signal::Traces,
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => Signal::Logs,
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" => Signal::Metrics,
        other => {
            return refuse(
                shared,
                Problem::new(Wrong::UnknownType, format!("`{other}` is no method of OTLP")),
            );
        }
    };
    let (head, body) = request.into_parts();
    let body = Bounded::new(body, shared, true, &fault);
    let exporter = Exporter { shared: Arc::clone(shared), signal, fault: Arc::clone(&fault) };
    let mut grpc = Grpc::new(Raw)
        .accept_compressed(CompressionEncoding::Gzip)
        .accept_compressed(CompressionEncoding::Zstd)
        .max_decoding_message_size(LARGEST_REQUEST);
    let answer = grpc.unary(exporter, Request::from_parts(head, body)).await;
    // What isn't taken here was refused by tonic: it can't be unpacked, or it isn't framed as it has to be.
    let problem = fault.get().cloned().or_else(|| {
        let status = Status::from_header_map(answer.headers())?;
        let wrong = match status.code() {
            Code::Ok => return None,
            Code::OutOfRange => Wrong::TooLarge,
            Code::ResourceExhausted => Wrong::Bomb,
            Code::Unimplemented => Wrong::UnknownType,
            _ => Wrong::Malformed,
        };
        Some(Problem::new(wrong, status.message()))
    });
    match problem {
        None => answer,
        Some(problem) => refuse(shared, problem),
    }
}

fn refuse(shared: &Shared, problem: Problem) -> Response<Body> {
    let status = refused::grpc(&problem);
    shared.refuse(problem);
    status.into_http()
}

/// Takes what is exported.
struct Exporter {
    shared: Arc<Shared>,
    signal: Signal,
    fault: Fault,
}

impl UnaryService<Bytes> for Exporter {
    type Response = ExportTraceServiceResponse;
    type Future = Pin<Box<dyn Future<Output = Result<tonic::Response<Self::Response>, Status>> + Send>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let taken = take(&self.shared, self.signal, Form::Protobuf, request.into_inner());
        let answer = taken.map(|taken| tonic::Response::new(taken.response())).map_err(|problem| {
            let status = refused::grpc(&problem);
            _ = self.fault.set(problem);
            status
        });
        Box::pin(std::future::ready(answer))
    }
}

/// Messages as bytes, and answers as messages.
struct Raw;

impl Codec for Raw {
    type Encode = ExportTraceServiceResponse;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = ExportTraceServiceResponse;
    type Error = Status;

    fn encode(
        &mut self,
        message: ExportTraceServiceResponse,
        buffer: &mut EncodeBuf<'_>,
    ) -> Result<(), Status> {
        message.encode(buffer).map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(rest(buffer)))
    }
}
