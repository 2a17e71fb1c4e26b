//! What a variant writes comes back by the inverse from what the real exporters' encodings hold: OTLP, encoded to protobuf
//! and decoded again, and Prometheus's text; for every variant of every meaning and view of the examples.

use crate::generated::{grpc_service, http_server, kafka_consumer, payments};
use std::collections::BTreeSet;
use std::path::Path;

use slo::tables::Signal;
use slo::{Face, Meaning, PrometheusLabels, Recovered, TranslationStrategy, Value};

use crate::probe::{Probe, Shown, arbitrary};

/// Each face of the examples, with what is asked of it.
macro_rules! faces {
    ($($test:ident: $face:ty;)*) => {
        /// The full names of all faces that are asked.
        fn asked() -> BTreeSet<&'static str> {
            BTreeSet::from([$(<$face as Face>::TABLE.name,)*])
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
fn comes_back<F: Face + 'static>() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for (number, variant) in (0_u16..).zip(F::TABLE.variants) {
        for _ in 0..16 {
            let payload: Vec<Option<Value<'static>>> =
                variant.payload.iter().map(|slot| Some(arbitrary(slot, &mut runner))).collect();
            let meaning = F::Of::from_parts(number, &payload)
                .unwrap_or_else(|| panic!("`{}` can't hold {payload:?}", variant.name));
            let shown = Shown::of(Probe::<F>::of(meaning));
            let ask = |signal, recovered: Recovered<F::Of>| {
                if let slo::tables::Shown::Unsaid = variant.shown(signal) {
                    return;
                }
                is_same::<F>(signal, number, &payload, &recovered);
            };
            ask(Signal::Metric, F::from_labels(&shown.labels));
            ask(Signal::Log, F::from_fields(&shown.fields));
            ask(Signal::Span, F::from_attributes(&shown.attributes));
            let strategy = TranslationStrategy::UnderscoreEscapingWithSuffixes;
            ask(Signal::Metric, F::from_labels(&PrometheusLabels::new(&shown.prometheus, strategy)));
        }
    }
}

/// Whether what came back is the variant, or the class that the contract merges it into, with what the signal shows of its
/// payload.
fn is_same<F: Face>(
    signal: Signal,
    number: u16,
    payload: &[Option<Value<'static>>],
    back: &Recovered<F::Of>,
) {
    let variant = &F::TABLE.variants[usize::from(number)];
    let merged =
        F::TABLE.lossy.iter().any(|lossy| lossy.signal == signal && lossy.variants.contains(&number));
    match back {
        Recovered::Variant(seen) if seen.name == variant.name => {
            for (slot, value) in variant.payload.iter().zip(payload) {
                let own = seen.payload(slot.key.name);
                assert!(own.is_none() || own == value.as_ref(), "`{}`: {value:?}, {back:?}", slot.key.name);
            }
            let written = variant.pairs(signal).iter().filter_map(|pair| match pair.value {
                slo::tables::PairValue::Payload(number) | slo::tables::PairValue::Text(number) => {
                    Some(number)
                }
                slo::tables::PairValue::Constant(_) => None,
            });
            for number in written {
                let slot = &variant.payload[usize::from(number)];
                assert!(seen.payload(slot.key.name).is_some(), "`{}` is lost: {back:?}", slot.key.name);
            }
        }
        Recovered::Merged(names) if merged && names.contains(&variant.name) => {}
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
    assert_eq!(PaymentOutcome::from_labels(&record(&[("status", "perhaps")])), Recovered::Unknown);
    assert_eq!(PaymentOutcome::from_labels(&record(&[])), Recovered::Absent);
    assert_eq!(
        PaymentOutcome::from_labels(&record(&[("otel.metric.overflow", "true")])),
        Recovered::Overflow
    );
    assert_eq!(
        PaymentOutcome::from_fields(&record(&[("result", "paid"), ("reject_reason", "risk_blocked")])),
        Recovered::Ambiguous(vec!["Succeeded", "Rejected"])
    );
}
