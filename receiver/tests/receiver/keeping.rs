//! What is kept.

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use prost::Message;
use slo_receiver::{Context, Error, Keep, Plan, Protocol, Reaction, Receiver, ReceiverBuilder, Signal};

use super::messages::{ORDER, logs, metrics, spans};

/// Sends one request, and gives the status.
fn post(receiver: &Receiver, path: &str, message: &impl Message) -> u16 {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
    let request = ureq::Agent::new_with_config(config).post(format!("{}{path}", receiver.http_endpoint()));
    let request = request.content_type("application/x-protobuf").header("x-team", "pay");
    request.send(&message.encode_to_vec()).unwrap().status().as_u16()
}

fn kept(keep: Keep) -> ReceiverBuilder {
    Receiver::builder().keep(keep)
}

#[test]
fn a_digest_counts_what_came_twice() {
    let plan = Plan::script([Reaction::Take, Reaction::RejectLast(2)]);
    let receiver = kept(Keep::digest_by(ORDER).with_contexts()).plan(plan).start().unwrap();
    assert_eq!(post(&receiver, "/v1/logs", &logs(0..10)), 200);
    // 5 to 9 come again, and 10 and 11 are rejected.
    assert_eq!(post(&receiver, "/v1/logs", &logs(5..12)), 200);
    assert_eq!(post(&receiver, "/v1/traces", &spans(0..3)), 200);
    let digest = receiver.digest().unwrap();
    let (records, distinct) = (digest.logs.records(), digest.logs.distinct());
    assert_eq!((records, distinct, digest.logs.duplicates()), (15, 10, 5));
    assert_eq!([4, 5, 10].map(|order| digest.logs.count(order)), [1, 2, 0]);
    let seen = digest.traces.seen(2).unwrap();
    let (trace_id, span_id) = (TraceId::from(2_u128), SpanId::from(2_u64));
    assert_eq!(seen.context, Some(Context { trace_id, span_id }));
    assert!(seen.latency().is_some());
    assert!(digest.logs.seen(4).unwrap().first.instant <= digest.logs.seen(9).unwrap().first.instant);
    assert_eq!(digest.resources().len(), 1);
}

#[test]
fn a_digest_has_the_last_points() {
    let receiver = Receiver::start(Plan::healthy()).unwrap();
    for _ in 0..2 {
        assert_eq!(post(&receiver, "/v1/metrics", &metrics(1..3)), 200);
    }
    let digest = receiver.digest().unwrap();
    assert_eq!((digest.metrics.points(), digest.metrics.of("paid").count()), (4, 2));
    let series = digest.metrics.find("paid", &[(ORDER, "2")]).unwrap();
    assert_eq!((series.value(), series.points, series.resource), (Some(2.0), 2, 0));
}

#[test]
fn everything_is_kept_where_it_is_asked_for() {
    let receiver = kept(Keep::everything()).start().unwrap();
    post(&receiver, "/v1/logs", &logs(0..2));
    post(&receiver, "/v1/traces", &spans(0..3));
    post(&receiver, "/v1/metrics", &metrics(0..4));
    let everything = receiver.everything().unwrap();
    assert_eq!(everything.logs[0].message, logs(0..2));
    assert_eq!(everything.logs[0].headers["x-team"], "pay");
    assert_eq!(everything.logs[0].protocol, Protocol::Http);
    assert!(everything.logs[0].moment.instant <= everything.traces[0].moment.instant);
    assert_eq!(everything.all_log_records().count(), 2);
    assert_eq!(everything.all_spans().count(), 3);
    assert_eq!(everything.all_metrics().count(), 1);
}

#[test]
fn what_is_not_kept_is_not_given() {
    let receiver = kept(Keep::everything()).start().unwrap();
    let error = receiver.digest().unwrap_err();
    assert_eq!(error.to_string(), "the receiver doesn't keep that; start it with `Keep::digest`");
    let receiver = kept(Keep::digest()).start().unwrap();
    assert!(matches!(receiver.everything().unwrap_err(), Error::KeepsOther { asked: "Keep::everything" }));
}

#[test]
fn what_is_too_much_is_refused_and_said() {
    for keep in [Keep::everything(), Keep::digest_by(ORDER)] {
        let receiver = kept(keep.clone()).keep_at_most(100).start().unwrap();
        assert_eq!(post(&receiver, "/v1/logs", &logs(0..10)), 200);
        assert!(receiver.everything().is_ok() || receiver.digest().is_ok(), "{keep:?}");
        assert_eq!(post(&receiver, "/v1/logs", &logs(0..10)), 413);
        assert!(matches!(receiver.everything().unwrap_err(), Error::Full { limit: 100 }), "{keep:?}");
        assert!(matches!(receiver.digest().unwrap_err(), Error::Full { limit: 100 }), "{keep:?}");
        assert_eq!(receiver.done(Signal::Logs).refused.records, 10);
    }
}

/// A record without anything in it has two bytes on the wire, and a request without anything none.
#[test]
fn what_is_kept_takes_as_much_as_is_counted() {
    let receiver = kept(Keep::everything()).keep_at_most(10_000).start().unwrap();
    let empty = ScopeLogs { log_records: vec![LogRecord::default(); 3_000], ..ScopeLogs::default() };
    let resource = ResourceLogs { scope_logs: vec![empty], ..ResourceLogs::default() };
    let request = ExportLogsServiceRequest { resource_logs: vec![resource] };
    assert!(request.encoded_len() < 6_100);
    assert_eq!(post(&receiver, "/v1/logs", &request), 200);
    assert_eq!(receiver.everything().unwrap().logs[0].message, request);
    let nothing = ExportLogsServiceRequest::default();
    assert!(
        (0..100).any(|_| post(&receiver, "/v1/logs", &nothing) == 413),
        "requests without records are free"
    );
}
