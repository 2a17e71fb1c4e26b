//! Requests that are sent on.

use std::net::TcpListener;
use std::time::Duration;

use prost::Message;
use slo_verify::input::Wrong;
use slo_verify::input::serve::Settings;

use super::clients::{GrpcClient, Served, post, settings};
use crate::input::files::gzip;
use crate::input::protobuf::{gauge, logs, span, traces};

#[test]
fn what_is_taken_is_sent_on_whatever_way_it_came() {
    let there = Served::start(&settings());
    let served = Served::start(&Settings { forward: Some(there.url("/")), ..settings() });
    let client = GrpcClient::new(&served);
    client.traces(traces(vec![span("a")])).unwrap();
    client.logs(logs(&["hello"])).unwrap();
    client.metrics(gauge("g", 1.0)).unwrap();
    let json = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"j"}]}]}]}"#;
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    assert_eq!(post(&served.url("/v1/traces"), &headers, &gzip(json)).status, 200);
    let (kept, there) = (served.end(), there.end());
    assert_eq!(kept.records.len(), 4);
    assert_eq!((there.records, there.refusals), (kept.records, kept.refusals));
}

#[test]
fn what_cannot_be_sent_on_is_counted_and_judged_all_the_same() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let served = Served::start(&Settings { forward: Some(url.clone()), ..settings() });
    let client = GrpcClient::new(&served);
    for _ in 0..3 {
        client.traces(traces(vec![span("a")])).unwrap();
    }
    let kept = served.end();
    assert_eq!((kept.records.len(), kept.wrongs()), (3, vec![Wrong::NotForwarded]));
    assert_eq!(kept.refusals[0].count, 3);
    assert!(kept.said()[0].starts_with(&url), "{:?}", kept.said());
}

#[test]
fn a_receiver_that_refuses_is_counted() {
    let there = Served::start(&settings());
    let served = Served::start(&Settings { forward: Some(there.url("/elsewhere")), ..settings() });
    let body = traces(vec![span("a")]).encode_to_vec();
    assert_eq!(
        post(&served.url("/v1/traces"), &[("content-type", "application/x-protobuf")], &body).status,
        200
    );
    let kept = served.end();
    assert_eq!(kept.wrongs(), [Wrong::NotForwarded]);
    assert!(kept.said()[0].ends_with("it answers 404 Not Found"), "{:?}", kept.said());
}

#[test]
fn a_receiver_that_never_answers_holds_nobody_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let forward_time = Duration::from_millis(300);
    let served = Served::start(&Settings { forward: Some(url), forward_time, ..settings() });
    let client = GrpcClient::new(&served);
    let began = std::time::Instant::now();
    for _ in 0..20 {
        client.traces(traces(vec![span("a")])).unwrap();
    }
    let kept = served.end();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(
        (kept.records.len(), kept.wrongs(), kept.refusals[0].count),
        (20, vec![Wrong::NotForwarded], 20)
    );
}
