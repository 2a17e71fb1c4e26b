//! OTLP over gRPC.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use slo_receiver::{Code, Count, Done, Plan, Protocol, Reaction, Receiver, Refusal, Signal, Silence};
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use super::messages::{logs, metrics, spans};
use super::{IMPATIENCE, PATIENCE};

/// A connection whose requests wait so long.
async fn channel(receiver: &Receiver, patience: Duration) -> Channel {
    let endpoint = Endpoint::from_shared(receiver.grpc_endpoint()).unwrap();
    endpoint.timeout(patience).connect().await.unwrap()
}

/// Sends ten log records over a connection, and gives how many were rejected, if any.
async fn send_ten(channel: &Channel) -> Result<Option<i64>, Status> {
    let answer = LogsServiceClient::new(channel.clone()).export(logs(0..10)).await?;
    let ExportLogsServiceResponse { partial_success } = answer.into_inner();
    Ok(partial_success.map(|partial| partial.rejected_log_records))
}

const fn count(requests: u64, records: u64) -> Count {
    Count { requests, records }
}

/// What was done with log records, once all is over.
fn done(receiver: &Receiver) -> Done {
    assert!(receiver.settle(PATIENCE));
    receiver.done(Signal::Logs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn three_signals_are_taken() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    LogsServiceClient::new(channel.clone()).export(logs(0..1)).await.unwrap();
    TraceServiceClient::new(channel.clone()).export(spans(0..2)).await.unwrap();
    let packed = MetricsServiceClient::new(channel).send_compressed(CompressionEncoding::Gzip);
    { packed }.export(metrics(0..3)).await.unwrap();
    for (signal, records) in Signal::ALL.into_iter().zip([1, 2, 3]) {
        let done = receiver.done(signal);
        assert_eq!((done.received, done.taken), (count(1, records), count(1, records)), "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_refusal_says_whether_to_come_again() {
    let receiver = Receiver::start(Plan::script([
        Reaction::Refuse(Refusal::invalid()),
        Reaction::Refuse(Refusal::unavailable()),
        Reaction::Refuse(Refusal::too_many()),
        Reaction::Refuse(Refusal::too_many().retry_after(Duration::from_millis(1_500))),
    ]))
    .unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    let mut heard = Vec::new();
    for _ in 0..4 {
        let status = send_ten(&channel).await.unwrap_err();
        assert_eq!(status.message(), "refused by plan");
        heard.push((status.code(), !status.details().is_empty()));
    }
    let expected = [
        (Code::InvalidArgument, false),
        (Code::Unavailable, false),
        (Code::ResourceExhausted, false),
        (Code::ResourceExhausted, true),
    ];
    assert_eq!(heard, expected);
    assert_eq!(send_ten(&channel).await.unwrap(), None);
    let done = done(&receiver);
    assert_eq!((done.refused, done.taken), (count(4, 40), count(1, 10)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_partial_success_says_how_many_were_rejected() {
    let receiver = Receiver::start(Plan::script([Reaction::RejectLast(3)])).unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    assert_eq!(send_ten(&channel).await.unwrap(), Some(3));
    let answer = TraceServiceClient::new(channel.clone()).export(spans(0..2)).await.unwrap();
    assert_eq!(answer.into_inner().partial_success.unwrap().rejected_spans, 2);
    let answer = MetricsServiceClient::new(channel).export(metrics(0..5)).await.unwrap();
    assert_eq!(answer.into_inner().partial_success.unwrap().rejected_data_points, 3);
    let done = done(&receiver);
    assert_eq!((done.taken, done.rejected), (count(1, 7), count(1, 3)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stream_is_reset_and_its_connection_goes_on() {
    let receiver = Receiver::start(Plan::script([
        Reaction::TakeUnanswered(Silence::Reset),
        Reaction::DropUnanswered(Silence::Reset),
    ]))
    .unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    for _ in 0..2 {
        let status = send_ten(&channel).await.unwrap_err();
        // The client has no status of the receiver's: it is the client's own, which tonic gives another code by its features,
        // and says that the stream was reset.
        assert!(matches!(status.code(), Code::Unknown | Code::Internal), "{status:?}");
        assert!(format!("{status:?}").contains("INTERNAL_ERROR, Remote"), "{status:?}");
    }
    assert_eq!(send_ten(&channel).await.unwrap(), None);
    let done = done(&receiver);
    assert_eq!((done.unanswered_taken, done.unanswered_dropped), (count(1, 10), count(1, 10)));
    assert_eq!((done.taken, done.unreadable), (count(1, 10), 0));
    assert_eq!(receiver.digest().unwrap().logs.records(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connection_is_closed_with_all_that_is_on_it() {
    let receiver = Receiver::start(Plan::by(|arrival| match arrival.number {
        0 => Reaction::TakeLate(Duration::from_secs(3_600)),
        1 => Reaction::DropUnanswered(Silence::Close),
        _ => Reaction::Take,
    }))
    .unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    let first = tokio::spawn({
        let channel = channel.clone();
        async move { send_ten(&channel).await }
    });
    while receiver.done(Signal::Logs).received.requests == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    send_ten(&channel).await.unwrap_err();
    first.await.unwrap().unwrap_err();
    assert_eq!(send_ten(&channel).await.unwrap(), None, "another connection is made");
    let done = done(&receiver);
    assert_eq!((done.unanswered_taken, done.unanswered_dropped), (count(1, 10), count(1, 10)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nobody_ever_answers_or_too_late() {
    let receiver = Receiver::start(Plan::script([
        Reaction::TakeUnanswered(Silence::Forever),
        Reaction::DropUnanswered(Silence::Forever),
        Reaction::TakeLate(Duration::from_secs(3_600)),
    ]))
    .unwrap();
    let channel = channel(&receiver, IMPATIENCE).await;
    for _ in 0..3 {
        let status = send_ten(&channel).await.unwrap_err();
        assert!(matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded), "{status:?}");
    }
    let done = done(&receiver);
    assert_eq!((done.unanswered_taken, done.unanswered_dropped), (count(2, 20), count(1, 10)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_plan_sees_metadata() {
    let receiver = Receiver::start(Plan::by(|arrival| match (arrival.protocol, arrival.header("x-team")) {
        (Protocol::Grpc, Some("pay")) => Reaction::Take,
        _ => Reaction::Refuse(Refusal::invalid()),
    }))
    .unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    send_ten(&channel).await.unwrap_err();
    let mut request = Request::new(logs(0..1));
    request.metadata_mut().insert("x-team", "pay".parse().unwrap());
    LogsServiceClient::new(channel).export(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_too_large_is_refused() {
    let receiver = Receiver::builder().largest_request(1_000).start().unwrap();
    let channel = channel(&receiver, PATIENCE).await;
    let plain = LogsServiceClient::new(channel.clone()).export(logs(0..1_000)).await.unwrap_err();
    assert_eq!(plain.code(), Code::OutOfRange);
    let packed = LogsServiceClient::new(channel.clone()).send_compressed(CompressionEncoding::Gzip);
    let packed = { packed }.export(logs(0..1_000)).await.unwrap_err();
    assert_eq!(packed.code(), Code::OutOfRange);
    assert_eq!(send_ten(&channel).await.unwrap(), None);
    let done = done(&receiver);
    assert_eq!((done.unreadable, done.taken), (2, count(1, 10)));
}
