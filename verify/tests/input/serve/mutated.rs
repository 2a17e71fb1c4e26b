//! Requests that somebody or something changed.

use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use prost::Message;

use super::clients::{Served, post, settings};
use crate::input::files::{gzip, zstd};
use crate::input::mutated::{Change, change, changed};
use crate::input::protobuf::{span, traces};

/// A server that is still there after each request.
static SERVED: LazyLock<Mutex<Served>> = LazyLock::new(|| Mutex::new(Served::start(&settings())));

const JSON: &[u8] = br#"{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":{"intValue":"1"}}]},"scopeSpans":[{"spans":[{"name":"a","kind":2,"traceId":"0102030405060708090a0b0c0d0e0f10"},{"name":"b"}]}]}]}"#;

fn check(is_json: bool, packing: &str, changes: &[Change], before: bool) -> Result<(), TestCaseError> {
    let (kind, body) = match is_json {
        true => ("application/json", JSON.to_vec()),
        false => ("application/x-protobuf", traces(vec![span("a"), span("b")]).encode_to_vec()),
    };
    let pack = |bytes: Vec<u8>| match packing {
        "gzip" => gzip(&bytes),
        "zstd" => zstd(&bytes),
        _ => bytes,
    };
    let body = if before { pack(changed(body, changes)) } else { changed(pack(body), changes) };
    let mut served = SERVED.lock().unwrap();
    let (records, refusals) = (served.kept.records.len(), count(&served));
    let answer =
        post(&served.url("/v1/traces"), &[("content-type", kind), ("content-encoding", packing)], &body);
    prop_assert!(matches!(answer.status, 200 | 400 | 413), "{answer:?}");
    served.take();
    let (taken, refused) = (served.kept.records.len() - records, count(&served) - refusals);
    match answer.status {
        200 if changes.is_empty() => prop_assert_eq!((taken, refused), (2, 0)),
        // A partial success is told.
        200 => prop_assert_eq!(refused > 0, answer.body.len() > 2),
        _ => prop_assert!(taken == 0 && refused > 0),
    }
    Ok(())
}

fn count(served: &Served) -> u64 {
    served.kept.refusals.iter().map(|refusal| refusal.count).sum()
}

impl Served {
    /// Takes what was handed over before the last answer.
    fn take(&mut self) {
        while self.inbox.wait(&mut self.kept, Duration::ZERO) == slo_verify::input::queue::Waited::Taken {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_answered_and_what_is_not_taken_is_counted(
        is_json in any::<bool>(),
        packing in prop::sample::select(vec!["identity", "gzip", "zstd"]),
        before in any::<bool>(),
        changes in prop::collection::vec(change(), 0..6),
    ) {
        check(is_json, packing, &changes, before)?;
    }
}
