//! Batches that are larger than a receiver takes.

use std::time::UNIX_EPOCH;

use opentelemetry::logs::{AnyValue, LogRecord};
use opentelemetry::trace::{
    Event, Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use proptest::prelude::*;

use super::given::*;
use crate::otlp::encoding::Encoding;
use crate::otlp::request::{Request, SentResource};
use crate::otlp::size;

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::I64),
        any::<f64>().prop_map(Value::F64),
        any::<bool>().prop_map(Value::Bool),
        ".{0,20}".prop_map(|text| Value::String(text.into())),
        proptest::collection::vec(any::<i64>(), 0..9).prop_map(|values| Value::Array(Array::I64(values))),
        proptest::collection::vec(any::<bool>(), 0..9).prop_map(|values| Value::Array(Array::Bool(values))),
        proptest::collection::vec(".{0,9}", 0..9)
            .prop_map(|texts| { Value::Array(Array::String(texts.into_iter().map(Into::into).collect())) }),
    ]
}

fn attributes() -> impl Strategy<Value = Vec<KeyValue>> {
    proptest::collection::vec(("[a-z.]{0,12}", values()), 0..6)
        .prop_map(|pairs| pairs.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect())
}

prop_compose! {
    fn spans()(
        name in ".{0,30}",
        own in attributes(),
        of_event in attributes(),
        of_link in attributes(),
        of_scope in attributes(),
    ) -> SpanData {
        let state = TraceState::from_key_value([("vendor", "anything")]).unwrap();
        let context = SpanContext::new(
            TraceId::from(u128::MAX), SpanId::from(u64::MAX), TraceFlags::SAMPLED, true, state);
        let mut events = SpanEvents::default();
        events.events.push(Event::new("exception", UNIX_EPOCH, of_event, 3));
        let mut links = SpanLinks::default();
        links.links.push(Link::new(context.clone(), of_link, 7));
        SpanData {
            span_context: context,
            parent_span_id: SpanId::from(u64::MAX),
            parent_span_is_remote: true,
            span_kind: SpanKind::Consumer,
            name: name.into(),
            start_time: UNIX_EPOCH,
            end_time: UNIX_EPOCH,
            attributes: own,
            dropped_attributes_count: u32::MAX,
            events,
            links,
            status: Status::error("declined"),
            instrumentation_scope: InstrumentationScope::builder("checkout")
                .with_version("1").with_schema_url(SCHEMA).with_attributes(of_scope).build(),
        }
    }
}

/// What the resource takes.
fn envelope() -> usize {
    Request::traces(Vec::new(), &SentResource::from(&resource()), Encoding::Protobuf).message.len() + 512
}

proptest! {
    #[test]
    fn no_span_is_larger_than_it_is_taken_for(spans in proptest::collection::vec(spans(), 1..5)) {
        let taken_for: usize = spans.iter().map(size::span).sum();
        for encoding in Encoding::ALL.iter().copied() {
            let request = Request::traces(spans.clone(), &SentResource::from(&resource()), encoding);
            prop_assert!(request.message.len() <= (taken_for + envelope()) * encoding.growth());
        }
    }

    #[test]
    fn no_log_record_is_larger_than_it_is_taken_for(
        pairs in proptest::collection::vec(("[a-z.]{0,12}", ".{0,30}", any::<i64>()), 0..9),
    ) {
        let mut records = records(&["one"]);
        for (key, text, number) in pairs {
            let nested = [AnyValue::from(text), AnyValue::Int(number)];
            let map = [("inner".into(), AnyValue::ListAny(Box::new(nested.into())))];
            records[0].0.add_attribute(key, AnyValue::Map(Box::new(map.into_iter().collect())));
        }
        let items = items(records);
        let taken_for: usize = items.iter().map(size::log).sum();
        for encoding in Encoding::ALL.iter().copied() {
            let request = Request::logs(&items, &SentResource::from(&resource()), encoding);
            prop_assert!(request.message.len() <= (taken_for + envelope()) * encoding.growth());
        }
    }
}

#[cfg(feature = "otlp-http")]
mod metrics {
    use std::sync::Arc;
    use std::time::Duration;

    use opentelemetry::metrics::MeterProvider;
    use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
    use slo::__export::Accounting;
    use slo_model::event::Signal;

    use super::*;
    use crate::delivery::answer::Answer;
    use crate::metrics::collector::Collector;
    use crate::metrics::worker::MetricsSink;
    use crate::otlp::tests::http_server::{Does, Server, answer};
    use crate::otlp::{Otlp, OtlpSink};

    /// What comes of a collection of 200 points in parts, where the receiver does this, sent twice.
    fn sent(script: Vec<Does>) -> [Answer; 2] {
        let server = Server::that(script);
        let otlp = Otlp::http().endpoint(server.url()).request_bytes(8 * 1024);
        let settings = otlp.settings(&[Signal::Metric], &|_| None).unwrap().remove(0);
        let accounting = Arc::new(Accounting::default());
        let collector = Collector::new(Temporality::Cumulative, &accounting, None, false);
        let provider = SdkMeterProvider::builder().with_reader(collector.reader()).build();
        let counter = provider.meter("pay").u64_counter("attempts").build();
        for order in 0..200 {
            counter.add(1, &[KeyValue::new("order", order)]);
        }
        let mut sink = OtlpSink::new(settings.sender().unwrap(), &settings, &resource());
        MetricsSink::prepare(&mut sink, collector.collect().unwrap(), None);
        [(); 2].map(|()| MetricsSink::send(&mut sink, Duration::from_secs(60)))
    }

    #[test]
    fn what_was_taken_is_not_sent_again_with_what_was_not() {
        let ok = || answer("200 OK", "content-type: application/x-protobuf\r\n", b"");
        let busy = || answer("503 Service Unavailable", "", b"");
        let [first, second] = sent(vec![ok(), busy(), ok(), ok(), ok(), ok()]);
        // The receiver has a part of it.
        assert!(matches!(first, Answer::Unanswered { .. }), "{first:?}");
        assert_eq!(second, taken());
        let [first, _] = sent(vec![busy(), busy()]);
        assert!(matches!(first, Answer::Refused { .. }), "{first:?}");
    }
}
