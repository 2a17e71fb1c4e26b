//! Recordings: who reads one receives what came, in the order in which it came.

use std::path::Path;

use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use proptest::prelude::*;
use slo_verify::input::file::{self, Files};
use slo_verify::input::{LineForm, Recorder, Refusal, Scrape, Source};
use slo_verify::{Run, Takes};

use super::mutated::{Change, INPUTS, change, changed};
use crate::recorded::LANGUAGES;

/// What came, as text: a value that is no number is no other number.
#[derive(Default)]
struct Came(Vec<String>);

impl Takes for Came {
    fn traces(&mut self, came: &[ResourceSpans]) {
        self.0.push(format!("{came:?}"));
    }

    fn logs(&mut self, came: &[ResourceLogs]) {
        self.0.push(format!("{came:?}"));
    }

    fn metrics(&mut self, came: &[ResourceMetrics]) {
        self.0.push(format!("{came:?}"));
    }

    fn log_lines(&mut self, form: LineForm, came: Vec<ResourceLogs>) {
        self.0.push(format!("{form:?} {came:?}"));
    }

    fn scrape(&mut self, came: &Scrape) {
        self.0.push(format!("{came:?}"));
    }

    fn news(&self) -> u64 {
        0
    }
}

/// What came, what could not be read, and the recording of both.
fn recorded(read: impl FnOnce(&mut Run<'_, Came>)) -> (Vec<String>, Vec<Refusal>, Vec<u8>) {
    let mut recording = Vec::new();
    let mut run = Run::new(Came::default(), Box::new(|| false)).recorded(Some(Recorder::new(&mut recording)));
    read(&mut run);
    let (came, unread) = run.end().unwrap();
    (came.0, unread.refusals, recording)
}

/// A recording is read as what it was made of, and is recorded as itself.
fn is_read_again(came: &[String], refusals: &[Refusal], recording: &[u8]) {
    let source = Source::File("recording".into());
    let (again, refused, copy) = recorded(|run| file::read(recording, &source, run));
    assert_eq!(came, again);
    assert_eq!(refusals, refused);
    assert_eq!(String::from_utf8_lossy(recording), String::from_utf8_lossy(&copy));
}

#[test]
fn what_sdks_sent_is_received_again() {
    for language in LANGUAGES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(language);
        let (came, refusals, recording) = recorded(|run| Files::find(&[folder]).read(run));
        assert!(came.len() > 2, "{language}");
        is_read_again(&came, &refusals, &recording);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_is_received_again(
        at in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 0..6),
    ) {
        let bytes = changed(at.get(&INPUTS).clone(), &changes);
        // What is a recording by chance isn't meant here.
        let source = Source::File("changed".into());
        let (came, refusals, recording) = recorded(|run| file::read(bytes.as_slice(), &source, run));
        is_read_again(&came, &refusals, &recording);
    }

    #[test]
    fn a_recording_that_was_changed_is_read_as_far_as_it_goes(
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let (_, _, recording) = recorded(|run| {
            for input in INPUTS.iter() {
                file::read(input.as_slice(), &Source::StandardInput, run);
            }
        });
        let (came, refusals, _) = recorded(|run| {
            file::read(changed(recording, &changes).as_slice(), &Source::StandardInput, run);
        });
        let is_cut = changes.iter().any(|change| matches!(change, Change::Cut(_)));
        prop_assert!(is_cut || !came.is_empty() || !refusals.is_empty());
    }
}

#[test]
fn a_recording_of_another_format_is_refused() {
    let source = Source::File("later".into());
    let (came, refusals, _) = recorded(|run| file::read(&b"{\"slo.recording\":7}\n{}\n"[..], &source, run));
    assert!(came.is_empty());
    insta::assert_snapshot!(refusals[0], @"later:1 has no known form: this recording has the format 7, and this slo reads 1");
}

#[test]
fn a_request_that_could_not_be_read_again_is_judged_and_told() {
    use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, any_value::Value as Any};
    use prost::Message;

    use super::protobuf::{framed, span, traces};

    let mut deep = span("deep");
    let list = |value| Any::ArrayValue(ArrayValue { values: vec![AnyValue { value: Some(value) }] });
    let value = (0..40).fold(Any::BoolValue(true), |value, _| list(value));
    deep.attributes[0].value = Some(AnyValue { value: Some(value) });
    let request = framed(&traces(vec![deep]).encode_to_vec());
    let (came, refusals, _) =
        recorded(|run| file::read(request.as_slice(), &Source::File("deep".into()), run));
    assert_eq!(came.len(), 1);
    insta::assert_snapshot!(refusals[0], @"a part couldn't be recorded: it is nested too deep as OTLP/JSON");
}
