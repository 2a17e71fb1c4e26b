//! Over gRPC, with tonic's server.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender as To, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{LogsService, LogsServiceServer};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use prost::Message;
use tokio::runtime::{Builder, Runtime};
use tonic::metadata::MetadataMap;
use tonic::transport::server::{Server as TonicServer, TcpIncoming};
use tonic::{Code, Request as TonicRequest, Response, Status};

use super::given::*;
use crate::Otlp;
use crate::otlp::http_status::LONGEST_PAUSE;

/// What the server does with a request.
#[derive(Debug)]
enum Does {
    Takes(ExportLogsServiceResponse),
    Ends(Status),
    Hangs,
}

#[derive(Debug)]
struct Service {
    script: Mutex<VecDeque<Does>>,
    received: Mutex<To<(MetadataMap, ExportLogsServiceRequest)>>,
}

#[tonic::async_trait]
impl LogsService for Service {
    async fn export(
        &self,
        request: TonicRequest<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let (metadata, _, message) = request.into_parts();
        // Whoever asked may be gone.
        let _ = self.received.lock().unwrap().send((metadata, message));
        let does = self.script.lock().unwrap().pop_front();
        match does.unwrap_or_else(|| Does::Takes(ExportLogsServiceResponse::default())) {
            Does::Takes(response) => Ok(Response::new(response)),
            Does::Ends(status) => Err(status),
            Does::Hangs => std::future::pending().await,
        }
    }
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    received: Receiver<(MetadataMap, ExportLogsServiceRequest)>,
    runtime: Option<Runtime>,
}

impl Server {
    fn that(script: impl IntoIterator<Item = Does>) -> Server {
        Server::at("127.0.0.1:0".parse().unwrap(), script)
    }

    /// Takes whatever comes.
    #[cfg(feature = "tls")]
    pub(super) fn over(of_tonic: TonicServer) -> Server {
        Server::serve("127.0.0.1:0".parse().unwrap(), [], of_tonic)
    }

    fn at(address: SocketAddr, script: impl IntoIterator<Item = Does>) -> Server {
        Server::serve(address, script, TonicServer::builder())
    }

    fn serve(address: SocketAddr, script: impl IntoIterator<Item = Does>, of_tonic: TonicServer) -> Server {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (to, received) = channel();
        let service = Service { script: Mutex::new(script.into_iter().collect()), received: Mutex::new(to) };
        let service = LogsServiceServer::new(service);
        #[cfg(feature = "gzip")]
        let service = service.accept_compressed(tonic::codec::CompressionEncoding::Gzip);
        let entered = runtime.enter();
        let incoming = TcpIncoming::bind(address).unwrap();
        let address = incoming.local_addr().unwrap();
        drop(entered);
        runtime.spawn(async move { of_tonic.serve_with_incoming(service, incoming).await });
        Server { address, received, runtime: Some(runtime) }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn received(&self) -> (MetadataMap, ExportLogsServiceRequest) {
        self.received.recv_timeout(LONG).unwrap()
    }

    /// Closes all connections at once.
    fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(LONG);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Not `kill`: a test may drop it among futures.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn rejected(rejected: i64, message: &str) -> Does {
    let partial =
        ExportLogsPartialSuccess { rejected_log_records: rejected, error_message: message.to_owned() };
    Does::Takes(ExportLogsServiceResponse { partial_success: Some(partial) })
}

/// `google.rpc.Status` with one detail.
fn details(type_url: &str, value: &[u8]) -> Vec<u8> {
    #[derive(Clone, PartialEq, Message)]
    struct Any {
        #[prost(string, tag = "1")]
        type_url: String,
        #[prost(bytes = "vec", tag = "2")]
        value: Vec<u8>,
    }
    #[derive(Clone, PartialEq, Message)]
    struct Details {
        #[prost(int32, tag = "1")]
        code: i32,
        #[prost(message, repeated, tag = "3")]
        details: Vec<Any>,
    }
    let any = Any { type_url: type_url.to_owned(), value: value.to_vec() };
    Details { code: 14, details: vec![any] }.encode_to_vec()
}

/// `google.rpc.Status` with a `RetryInfo` of so long.
fn retry_after(seconds: i64, nanos: i32) -> Vec<u8> {
    #[derive(Clone, PartialEq, Message)]
    struct Delay {
        #[prost(int64, tag = "1")]
        seconds: i64,
        #[prost(int32, tag = "2")]
        nanos: i32,
    }
    #[derive(Clone, PartialEq, Message)]
    struct RetryInfo {
        #[prost(message, optional, tag = "1")]
        retry_delay: Option<Delay>,
    }
    let info = RetryInfo { retry_delay: Some(Delay { seconds, nanos }) };
    details("type.googleapis.com/google.rpc.RetryInfo", &info.encode_to_vec())
}

#[test]
fn a_server_has_what_was_sent() {
    let server = Server::that([]);
    let otlp = Otlp::grpc().endpoint(server.url()).header("x-team", "payments");
    let mut sender = sender(&otlp);
    assert_eq!(sender.send(&logs(&["one", "two"]), LONG), taken());

    let (metadata, message) = server.received();
    assert_eq!(metadata.get("x-team").unwrap(), "payments");
    let agent = metadata.get("user-agent").unwrap().to_str().unwrap();
    assert!(agent.starts_with(concat!("slo-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"))), "{agent}");
    assert_eq!(metadata.get("grpc-timeout").unwrap(), "61000m");
    assert_eq!(message.resource_logs[0].scope_logs[0].log_records.len(), 2);

    // Longer than what is handed over at once, and than HTTP/2 lets out at once.
    let long = "x".repeat(1024 * 1024);
    assert_eq!(sender.send(&logs(&[&long]), LONG), taken());
    let (_, message) = server.received();
    assert!(message.encoded_len() > long.len());
}

#[cfg(feature = "gzip")]
#[test]
fn a_request_is_compressed_where_that_is_asked_for() {
    let server = Server::that([]);
    let otlp = Otlp::grpc().endpoint(server.url()).compression(crate::OtlpCompression::Gzip);
    assert_eq!(sender(&otlp).send(&logs(&["one"]), LONG), taken());
    let (metadata, message) = server.received();
    assert_eq!(metadata.get("grpc-encoding").unwrap(), "gzip");
    assert_eq!(message.resource_logs.len(), 1);
}

#[test]
fn what_the_receiver_rejects_is_counted() {
    let server = Server::that([rejected(1, "too old"), rejected(99, ""), rejected(-5, "")]);
    let mut sender = sender(&Otlp::grpc().endpoint(server.url()));
    let request = logs(&["one", "two"]);
    let why = taken_but(sender.send(&request, LONG), 1);
    assert_eq!(why, format!("`{}/`: too old", server.url()));
    assert_eq!(taken_but(sender.send(&request, LONG), 2), "");
    assert_eq!(taken_but(sender.send(&request, LONG), 0), "");
}

#[test]
fn a_code_says_whether_it_may_be_sent_again() {
    let again = [Code::Unavailable, Code::Aborted, Code::OutOfRange, Code::DataLoss];
    let open = [Code::Cancelled, Code::DeadlineExceeded];
    let never = [
        Code::Unknown,
        Code::InvalidArgument,
        Code::NotFound,
        Code::AlreadyExists,
        Code::PermissionDenied,
        Code::ResourceExhausted,
        Code::FailedPrecondition,
        Code::Unimplemented,
        Code::Internal,
        Code::Unauthenticated,
    ];
    let ends = |code: &Code| Does::Ends(Status::new(*code, "so it is\n"));
    let server = Server::that(again.iter().chain(&open).chain(&never).map(ends));
    let mut sender = sender(&Otlp::grpc().endpoint(server.url()));
    let request = logs(&["one"]);
    for code in again {
        let why = refused_for_now(sender.send(&request, LONG), None);
        assert_eq!(why, format!("`{}/`: answered {code:?}: so it is\\n", server.url()));
    }
    for _ in open {
        unanswered(sender.send(&request, LONG));
    }
    for _ in never {
        refused(sender.send(&request, LONG));
    }
}

#[test]
fn a_receiver_that_is_busy_says_when_to_come_again() {
    let busy = |code, details: Vec<u8>| Does::Ends(Status::with_details(code, "", details.into()));
    let server = Server::that([
        busy(Code::Unavailable, retry_after(7, 500_000_000)),
        busy(Code::ResourceExhausted, retry_after(3, 0)),
        busy(Code::ResourceExhausted, retry_after(0, 0)),
        busy(Code::ResourceExhausted, details("type.googleapis.com/google.rpc.BadRequest", b"")),
        busy(Code::Unavailable, retry_after(i64::MAX, -1)),
        busy(Code::Unavailable, b"no protobuf".to_vec()),
    ]);
    let mut sender = sender(&Otlp::grpc().endpoint(server.url()));
    let request = logs(&["one"]);
    refused_for_now(sender.send(&request, LONG), Some(Duration::from_millis(7500)));
    refused_for_now(sender.send(&request, LONG), Some(Duration::from_secs(3)));
    refused_for_now(sender.send(&request, LONG), None);
    refused(sender.send(&request, LONG));
    refused_for_now(sender.send(&request, LONG), Some(LONGEST_PAUSE));
    refused_for_now(sender.send(&request, LONG), None);
}

#[test]
fn a_receiver_may_come_later_than_the_program() {
    let address = SocketAddr::from(([127, 0, 0, 1], closed_port()));
    let mut sender = sender(&Otlp::grpc().endpoint(format!("http://{address}")));
    let request = logs(&["one"]);
    let [first, second] = [(); 2].map(|()| refused_for_now(sender.send(&request, LONG), None));
    assert!(first.contains("not sent: ") && first.contains("Connection refused"), "{first}");
    assert_eq!(first, second, "the same is told in the same words");

    let _server = Server::at(address, []);
    assert_eq!(sender.send(&request, LONG), taken());
}

#[test]
fn a_receiver_may_go_and_come_again() {
    let mut server = Server::that([]);
    let mut sender = sender(&Otlp::grpc().endpoint(server.url()));
    let request = logs(&["one"]);
    assert_eq!(sender.send(&request, LONG), taken());
    server.kill();
    // Whether the connection is known to be closed by now is for the system to say.
    assert_ne!(sender.send(&request, LONG), taken());

    let _server = Server::at(server.address, []);
    assert_eq!(sender.send(&request, LONG), taken());
}

#[test]
fn a_receiver_that_dies_over_a_request_leaves_it_open_who_has_it() {
    let mut server = Server::that([Does::Hangs]);
    let mut sender = sender(&Otlp::grpc().endpoint(server.url()));
    let sending = std::thread::spawn(move || sender.send(&logs(&["one"]), LONG));
    server.received();
    server.kill();
    let why = unanswered(sending.join().unwrap());
    assert!(!why.contains("no answer in time"), "{why}");
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for() {
    let server = Server::that([Does::Hangs]);
    let mut sender = sender(&Otlp::grpc().endpoint(server.url()));
    let request = logs(&["one"]);
    let why = unanswered(sender.send(&request, SHORT));
    assert_eq!(why, format!("`{}/`: no answer in time", server.url()));
    assert_eq!(sender.send(&request, LONG), taken(), "by another connection");
}

#[tokio::test(flavor = "current_thread")]
async fn it_may_be_sent_from_among_futures() {
    let server = Server::that([Does::Hangs]);
    let otlp = Otlp::grpc().endpoint(server.url());
    let mut first = sender(&otlp);
    unanswered(first.send(&logs(&["one"]), SHORT));
    assert_eq!(first.send(&logs(&["one"]), LONG), taken());
    drop(first);
    let mut second = sender(&otlp);
    assert_eq!(second.send(&logs(&["one"]), LONG), taken());
}

#[test]
fn all_signals_share_a_thread_and_may_send_at_once() {
    let server = Server::that([]);
    let otlp = Arc::new(Otlp::grpc().endpoint(server.url()));
    let senders = [(); 4].map(|()| {
        let mut sender = sender(&otlp);
        std::thread::spawn(move || [(); 20].map(|()| sender.send(&logs(&["one"]), LONG)))
    });
    for sender in senders {
        for answer in sender.join().unwrap() {
            assert_eq!(answer, taken());
        }
    }
}
