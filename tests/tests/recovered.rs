//! What a variant writes comes back by the inverse from what the real exporters' encodings hold: OTLP, encoded to protobuf
//! and decoded again, and Prometheus's text; for every variant of every meaning and view of the examples.

use crate::generated::{grpc_service, http_server, kafka_consumer, payments};
use std::collections::BTreeSet;
use std::path::Path;

use slo::__private::v8::tables::Signal;
use slo::Meaning;
use slo::decode::{Decoded, Projection, PrometheusLabels, TranslationStrategy};
use slo::value::Value;

use crate::probe::{Probe, Shown, arbitrary};

/// Each face of the examples, with what is asked of it.
macro_rules! faces {
    ($($test:ident: $face:ty;)*) => {
        /// The full names of all faces that are asked.
        fn asked() -> BTreeSet<&'static str> {
            BTreeSet::from([$(<$face as Projection>::TABLE.name,)*])
        }

        $(#[test] fn $test() { comes_back::<$face>(); })*
    };
}

faces! {
    payment_outcome: payments::fin_pay::PaymentOutcome;
    payment_request_outcome: payments::fin_pay_service::RequestOutcome;
    deduction_outcome: payments::fin_pay_service::DeductionOutcome;
    request_outcome: http_server::shop_catalog::RequestOutcome;
    status_class: http_server::shop_catalog::StatusClass;
    broker_error: kafka_consumer::shop_billing::BrokerError;
    poll_outcome: kafka_consumer::shop_billing::PollOutcome;
    batch_outcome: kafka_consumer::shop_billing::BatchOutcome;
    message_outcome: kafka_consumer::shop_billing::MessageOutcome;
    rpc_outcome: grpc_service::shop_inventory_api::RpcOutcome;
    server_side: grpc_service::shop_inventory_api::ServerSide;
    client_side: grpc_service::shop_inventory_api::ClientSide;
    availability: grpc_service::shop_inventory_api::Availability;
    reservation: grpc_service::shop_inventory_server::Reservation;
}

/// Every variant, with payloads made up from a fixed seed.
fn comes_back<F: Projection + 'static>() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for (number, variant) in (0_u16..).zip(F::TABLE.variants) {
        for _ in 0..16 {
            let payload: Vec<Option<Value<'static>>> =
                variant.payload.iter().map(|slot| Some(arbitrary(slot, &mut runner))).collect();
            let meaning = F::Of::from_parts(number, &payload)
                .unwrap_or_else(|| panic!("`{}` can't hold {payload:?}", variant.name));
            let shown = Shown::of(Probe::<F>::of(meaning));
            let ask = |signal, recovered: Decoded<F::Of>| {
                if let slo::__private::v8::tables::Shown::Unsaid = variant.shown(signal) {
                    return;
                }
                is_same::<F>(signal, number, &payload, &recovered);
            };
            ask(Signal::Metric, F::from_metric(&shown.labels));
            ask(Signal::Log, F::from_log(&shown.fields));
            ask(Signal::Span, F::from_span(&shown.attributes));
            let strategy = TranslationStrategy::UnderscoreEscapingWithSuffixes;
            ask(Signal::Metric, F::from_metric(&PrometheusLabels::new(&shown.prometheus, strategy)));
        }
    }
}

/// Whether what came back is the variant, or the class that the contract merges it into, with what the signal shows of its
/// payload.
fn is_same<F: Projection>(
    signal: Signal,
    number: u16,
    payload: &[Option<Value<'static>>],
    back: &Decoded<F::Of>,
) {
    let variant = &F::TABLE.variants[usize::from(number)];
    let merged =
        F::TABLE.lossy.iter().any(|lossy| lossy.signal == signal && lossy.variants.contains(&number));
    match back {
        Decoded::Variant(seen) if seen.name == variant.name => {
            for (slot, value) in variant.payload.iter().zip(payload) {
                let own = seen.payload(slot.key.name);
                assert!(own.is_none() || own == value.as_ref(), "`{}`: {value:?}, {back:?}", slot.key.name);
            }
            let written = variant.pairs(signal).iter().filter_map(|pair| match pair.value {
                slo::__private::v8::tables::PairValue::Payload(number)
                | slo::__private::v8::tables::PairValue::Text(number) => Some(number),
                slo::__private::v8::tables::PairValue::Constant(_) => None,
            });
            for number in written {
                let slot = &variant.payload[usize::from(number)];
                assert!(seen.payload(slot.key.name).is_some(), "`{}` is lost: {back:?}", slot.key.name);
            }
        }
        Decoded::Merged(names) if merged && names.contains(&variant.name) => {}
        other => panic!("`{}` of `{}` on {signal:?}: {other:?}", variant.name, F::TABLE.name),
    }
}

#[test]
fn every_meaning_and_view_of_the_examples_is_asked() {
    let mut declared = BTreeSet::new();
    for example in ["payments", "http-server", "kafka-consumer", "grpc-service"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example).join("slo");
        let compilation = slo_compiler::compile(&slo_compiler::load::load(&root).unwrap());
        declared
            .extend(compilation.contract.unwrap().meanings.iter().map(slo_compiler::ir::Meaning::full_name));
    }
    assert_eq!(asked().into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), declared);
}

#[test]
fn what_no_variant_says_is_said_to_be_so() {
    use payments::fin_pay::PaymentOutcome;
    let record = |pairs: &[(&'static str, &'static str)]| -> Vec<(&'static str, Value<'static>)> {
        pairs.iter().map(|(key, value)| (*key, Value::String((*value).into()))).collect()
    };
    assert_eq!(PaymentOutcome::from_metric(&record(&[("status", "perhaps")])), Decoded::Unknown);
    assert_eq!(PaymentOutcome::from_metric(&record(&[])), Decoded::Absent);
    assert_eq!(PaymentOutcome::from_metric(&record(&[("otel.metric.overflow", "true")])), Decoded::Overflow);
    assert_eq!(
        PaymentOutcome::from_log(&record(&[("result", "paid"), ("reject_reason", "risk_blocked")])),
        Decoded::Ambiguous(vec!["Succeeded", "Rejected"])
    );
}

/// What the SDK hands to its processors and exporters, and what goes over the wire, is decoded as it is.
#[test]
fn records_of_the_sdk_and_of_otlp_are_decoded() {
    use std::time::Duration;

    use opentelemetry_proto::tonic::logs::v1::LogRecord;
    use opentelemetry_proto::tonic::trace::v1::Span;
    use payments::fin_pay::{PaymentAttempt, PaymentMethod, PaymentOutcome};
    use slo::Event;

    let recorder = slo::testing::Recorder::new(&payments::CONTRACT);
    recorder.in_scope(|| {
        let (outcome, method) = (PaymentOutcome::Timeout, PaymentMethod::Card);
        PaymentAttempt { outcome, method, amount: 7, route: "/pay".into() }.record(Duration::from_secs(2));
    });
    let (logs, spans, points) = (recorder.logs(), recorder.spans(), recorder.points());
    let timeout = Some(PaymentOutcome::Timeout);
    assert_eq!(PaymentOutcome::from_log(&logs[0].0).known(), timeout);
    assert_eq!(PaymentOutcome::from_span(&spans[0]).known(), timeout);
    for point in &points {
        assert_eq!(PaymentOutcome::from_metric(&point.attributes).known(), timeout, "{}", point.metric);
    }
    assert_eq!(PaymentOutcome::from_span(&Span::from(spans[0].clone())).known(), timeout);
    let attributes =
        logs[0].0.attributes_iter().map(|(key, value)| opentelemetry_proto::tonic::common::v1::KeyValue {
            key: key.to_string(),
            value: Some(opentelemetry_proto::tonic::common::v1::AnyValue::from(value.clone())),
            ..Default::default()
        });
    let record = LogRecord { attributes: attributes.collect(), ..LogRecord::default() };
    assert_eq!(PaymentOutcome::from_log(&record).known(), timeout);
}
