//! A server, and clients of it.

use std::net::SocketAddr;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use slo_verify::input::queue::{Inbox, Waited, bounded};
use slo_verify::input::serve::{Server, Settings};
use tonic::Status;
use tonic::codec::CompressionEncoding;
use tonic::transport::Channel;

use crate::input::kept::Kept;

/// A server at a free port, and what it receives.
pub(crate) struct Served {
    pub(crate) server: Server,
    pub(crate) inbox: Inbox,
    pub(crate) kept: Kept,
}

pub(crate) fn settings() -> Settings {
    Settings::at(SocketAddr::from(([127, 0, 0, 1], 0)))
}

impl Served {
    pub(crate) fn start(settings: &Settings) -> Served {
        let (sender, inbox) = bounded(64);
        Served { server: Server::start(settings, sender).unwrap(), inbox, kept: Kept::default() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    /// Ends the server, and tells all that came.
    pub(crate) fn end(self) -> Kept {
        let Served { server, mut inbox, mut kept } = self;
        drop(server);
        while inbox.wait(&mut kept, Duration::from_secs(10)) != Waited::Over {}
        kept
    }

    /// Waits until so many refusals are there.
    pub(crate) fn refusals(&mut self, count: u64) {
        for _ in 0..1_000 {
            self.inbox.wait(&mut self.kept, Duration::from_millis(10));
            if self.kept.refusals.iter().map(|refusal| refusal.count).sum::<u64>() >= count {
                return;
            }
        }
        panic!("{count} refusals are expected, and these are there: {:?}", self.kept.said());
    }
}

/// What an answer over HTTP says.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Posts over HTTP/1.1.
pub(crate) fn post(url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut request = agent.post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request.send(body).unwrap();
    let header = |name: &str| Some(answer.headers().get(name)?.to_str().unwrap().to_owned());
    Answer {
        status: answer.status().as_u16(),
        content_type: header("content-type").unwrap_or_default(),
        retry_after: header("retry-after"),
        body: answer.body_mut().read_to_vec().unwrap(),
    }
}

/// A client over gRPC, that of OpenTelemetry's own definitions.
pub(crate) struct GrpcClient {
    runtime: tokio::runtime::Runtime,
    channel: Channel,
    pub(crate) packing: Option<CompressionEncoding>,
}

impl GrpcClient {
    pub(crate) fn new(served: &Served) -> GrpcClient {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let channel = Channel::from_shared(served.url("")).unwrap();
        let channel = runtime.block_on(channel.connect()).unwrap();
        GrpcClient { runtime, channel, packing: None }
    }

    pub(crate) fn traces(
        &self,
        request: ExportTraceServiceRequest,
    ) -> Result<ExportTraceServiceResponse, Status> {
        let mut client = TraceServiceClient::new(self.channel.clone());
        if let Some(packing) = self.packing {
            client = client.send_compressed(packing);
        }
        self.runtime.block_on(client.export(request)).map(tonic::Response::into_inner)
    }

    pub(crate) fn logs(
        &self,
        request: ExportLogsServiceRequest,
    ) -> Result<ExportLogsServiceResponse, Status> {
        let mut client = LogsServiceClient::new(self.channel.clone());
        self.runtime.block_on(client.export(request)).map(tonic::Response::into_inner)
    }

    pub(crate) fn metrics(
        &self,
        request: ExportMetricsServiceRequest,
    ) -> Result<ExportMetricsServiceResponse, Status> {
        let mut client = MetricsServiceClient::new(self.channel.clone());
        self.runtime.block_on(client.export(request)).map(tonic::Response::into_inner)
    }

    /// Opens a stream at a method, and sends nothing over it.
    pub(crate) fn nothing(&self, method: &'static str) -> Status {
        let mut client = tonic::client::Grpc::new(self.channel.clone());
        self.runtime.block_on(async {
            client.ready().await.unwrap();
            let path = tonic::codegen::http::uri::PathAndQuery::from_static(method);
            let never = tonic::codegen::tokio_stream::pending::<Vec<u8>>();
            client.client_streaming(tonic::Request::new(never), path, Bytes).await.unwrap_err()
        })
    }

    /// Calls a method with bytes, whatever they are.
    pub(crate) fn bytes(&self, method: &'static str, bytes: Vec<u8>) -> Result<Vec<u8>, Status> {
        let mut client = tonic::client::Grpc::new(self.channel.clone()).max_encoding_message_size(usize::MAX);
        if let Some(packing) = self.packing {
            client = client.send_compressed(packing);
        }
        self.runtime.block_on(async {
            client.ready().await.unwrap();
            let path = tonic::codegen::http::uri::PathAndQuery::from_static(method);
            client.unary(tonic::Request::new(bytes), path, Bytes).await.map(tonic::Response::into_inner)
        })
    }
}

/// Messages as they are.
struct Bytes;

impl tonic::codec::Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Bytes;
    type Decoder = Bytes;

    fn encoder(&mut self) -> Bytes {
        Bytes
    }

    fn decoder(&mut self) -> Bytes {
        Bytes
    }
}

impl tonic::codec::Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut tonic::codec::EncodeBuf<'_>) -> Result<(), Status> {
        prost::bytes::BufMut::put_slice(buffer, &item);
        Ok(())
    }
}

impl tonic::codec::Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut tonic::codec::DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut bytes = vec![0; prost::bytes::Buf::remaining(buffer)];
        prost::bytes::Buf::copy_to_slice(buffer, &mut bytes);
        Ok(Some(bytes))
    }
}
