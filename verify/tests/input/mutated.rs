//! Bytes that somebody or something changed.

use std::sync::LazyLock;

use proptest::prelude::*;
use prost::Message;

use super::files::{gzip, zstd};
use super::kept::kept;
use super::protobuf::{framed, gauge, logs, span, traces};

/// Inputs of every form.
pub(crate) static INPUTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let requests = [
        traces(vec![span("a"), span("b")]).encode_to_vec(),
        logs(&["hello", "you"]).encode_to_vec(),
        gauge("queue.length", 1.5).encode_to_vec(),
    ];
    let json = br#"{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":{"intValue":"1"}}]},"scopeSpans":[{"spans":[{"name":"a","kind":2,"traceId":"0102030405060708090a0b0c0d0e0f10"}]}]}]}"#;
    let mut inputs = vec![
        json.to_vec(),
        b"{\"time\":\"2024-01-02T03:04:05Z\",\"level\":30,\"msg\":\"hello\",\"a\":{\"b\":[1,null,2.5]}}\nlevel=info msg=\"a \\u00e4\" b".to_vec(),
        b"# HELP a help \\n\n# TYPE a histogram\na_bucket{le=\"0.5\",b=\"\\\"\"} 1 1700000000.5 # {trace_id=\"a\"} 1 2\n{\"a.b\",\"c\"=\"d\"} NaN\n# EOF\n".to_vec(),
        requests.iter().flat_map(|request| framed(request)).collect(),
    ];
    inputs.extend(requests);
    let packed: Vec<_> = inputs.iter().flat_map(|input| [gzip(input), zstd(input)]).collect();
    inputs.extend(packed);
    inputs.push(framed(&zstd(json)));
    inputs
});

/// A change of bytes.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, usize),
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        1 => any::<prop::sample::Index>().prop_map(Change::Cut),
        2 => (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..6)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (any::<prop::sample::Index>(), 1..40_usize).prop_map(|(at, times)| Change::Repeat(at, times)),
    ]
}

pub(crate) fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Set(at, byte) => *at.get_mut(&mut bytes) = *byte,
            Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Change::Insert(at, inserted) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, inserted.iter().copied());
            }
            Change::Repeat(at, times) => {
                let at = at.index(bytes.len());
                let part = bytes[at..bytes.len().min(at + 8)].repeat(*times);
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_changed_panics_and_nothing_is_lost_in_silence(
        at in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 0..6),
    ) {
        let bytes = changed(at.get(&INPUTS).clone(), &changes);
        let kept = kept(&bytes);
        for refusal in &kept.refusals {
            prop_assert!(refusal.detail.chars().count() <= 121 && refusal.count == 1);
        }
        if changes.is_empty() {
            prop_assert!(kept.refusals.is_empty() && !(kept.records.is_empty() && kept.scrapes.is_empty()));
        }
    }
}
