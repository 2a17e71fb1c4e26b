//! Each construct of the examples, as a program states it and as it comes out of the SDK.

use crate::generated::{grpc_service, http_server, kafka_consumer};
use std::time::Duration;

use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
};
use slo::testing::Recorder;
use slo::{Event, Moment, Observed, ProblemKind, Running};

use http_server::shop_catalog::{HttpRequestMethod, Request, RequestLater, RequestOutcome};
use kafka_consumer::shop_billing::{
    Batch, BatchLater, BatchOutcome, InvoiceIssued, InvoiceIssuedLater, KafkaConsumerLag, Message,
    MessageLater, MessageOutcome, MessageOutcomeReason,
};

fn request(method: HttpRequestMethod) -> Request {
    Request { method, scheme: "https".into(), path: "/items/7".into(), later: RequestLater::default() }
}

/// `while=`, `unset=`, views, `when=`, `limit=`, holes of what is known later, and folding of an open enum, in one event.
#[test]
fn a_request_from_its_begin_to_its_end() {
    let recorder = Recorder::new(&http_server::CONTRACT);
    recorder.in_scope(|| {
        let mut request = request(HttpRequestMethod::Unlisted("BREW".into())).begin();
        assert_eq!(
            recorder.recorded().metrics,
            [r#"http.server.active_requests{http.request.method="_OTHER", url.scheme="https"} 1"#]
        );
        request.route = Some("/items/{id}".into());
        request.outcome = Some(RequestOutcome::Failed { code: 503 });
        request.experiments = Some(vec!["new-cart".into()]);
        recorder.clock().advance(Duration::from_millis(20));
    });
    insta::assert_snapshot!(recorder.recorded());
}

#[test]
fn what_nobody_set_is_abandoned() {
    let recorder = Recorder::new(&http_server::CONTRACT);
    recorder.in_scope(|| drop(request(HttpRequestMethod::Get).begin()));
    let said = recorder.recorded();
    assert!(said.spans[0].starts_with(r#""GET" server error"#), "{said}");
    assert!(said.spans[0].contains(r#"error.type="client_disconnected""#), "{said}");
    assert!(said.spans[0].contains(r#"shop.cache="bypass""#), "{said}");
}

#[test]
fn a_day_that_is_past_is_told_once() {
    let recorder = Recorder::new(&http_server::CONTRACT);
    // 2027-07-01T00:00:00Z, the day after the old dashboards go.
    recorder.clock().set(std::time::UNIX_EPOCH + Duration::from_secs(1_814_400_000));
    recorder.in_scope(|| {
        drop(request(HttpRequestMethod::Get).begin());
        drop(request(HttpRequestMethod::Get).begin());
    });
    let told: Vec<String> = recorder.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "`shop.requests` of `shop.catalog.Request` was to go on 2027-06-30",
            "`shop.catalog.StatusClass` of `shop.catalog.Request` was to go on 2027-06-30",
        ]
    );
}

fn context(number: u8) -> SpanContext {
    let (trace, span) = (TraceId::from(u128::from(number)), SpanId::from(u64::from(number)));
    SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::default())
}

/// `links=`: as many as there are messages, past the SDK's own limit of 128.
#[test]
fn a_batch_links_to_all_that_it_was_made_of() {
    let recorder = Recorder::new(&kafka_consumer::CONTRACT);
    recorder.in_scope(|| {
        Batch {
            topic: "orders".into(),
            consumers: "billing".into(),
            partition: "3".into(),
            batch: (1..=200).map(context).collect(),
            count: 200,
            later: BatchLater {
                outcome: Some(BatchOutcome::Processed),
                billed: Some(180),
                skipped: Some(20),
            },
        }
        .record(Duration::from_millis(50));
    });
    let spans = recorder.spans();
    assert_eq!((spans[0].links.len(), spans[0].links.dropped_count), (200, 0));
    let said = recorder.recorded();
    let orders: Vec<&String> =
        said.metrics.iter().filter(|line| line.starts_with("billing.orders")).collect();
    assert_eq!(
        orders,
        [
            r#"billing.orders{billing.result="billed", messaging.destination.name="orders"} 180"#,
            r#"billing.orders{billing.result="skipped", messaging.destination.name="orders"} 20"#,
        ]
    );
    assert_eq!(said.logs[0].split(" {").next().unwrap(), r#"billing.batch INFO "200 messages of orders""#);
}

fn message(outcome: MessageOutcome, tombstone: Option<bool>) -> Message {
    Message { outcome, topic: "orders".into(), offset: 41, retries: 0, later: MessageLater { tombstone } }
}

/// `span current`: onto the span that is running, and onto none where none is; then a debug build says so.
#[test]
fn a_message_writes_onto_the_span_of_its_batch() {
    let recorder = Recorder::new(&kafka_consumer::CONTRACT);
    let skipped = MessageOutcome::Skipped { reason: MessageOutcomeReason::NoAmount };
    recorder.in_scope(|| {
        let tracer = recorder.tracer_provider().tracer("billing");
        let span = opentelemetry::trace::Tracer::start(&tracer, "process orders");
        let _running = opentelemetry::Context::current_with_span(span).attach();
        message(skipped.clone(), Some(true)).record(Moment::Now);
        message(MessageOutcome::Billed, None).record(Moment::Now);
    });
    assert!(recorder.problems().is_empty());
    // The batch's span is timed by the system's clock.
    let said = recorder.recorded().to_string();
    let (said, _) = said.split_once(" from ").unwrap();
    insta::assert_snapshot!(said);

    recorder.in_scope(|| message(skipped, None).record(Moment::Now));
    let told: Vec<ProblemKind> = recorder.problems().iter().map(|problem| problem.kind).collect();
    assert_eq!(told, [ProblemKind::WithoutSpan]);
}

fn invoice(tax: i64) -> InvoiceIssued {
    InvoiceIssued {
        order: "order-1".into(),
        amount: 4_200,
        tax,
        placed: 1_767_225_600_000,
        customer: "c-17".into(),
        later: InvoiceIssuedLater::default(),
    }
}

/// `invalid=drop` and `exponential`.
#[test]
fn an_invoice_that_does_not_fit_goes_out_nowhere() {
    let recorder = Recorder::new(&kafka_consumer::CONTRACT);
    recorder.in_scope(|| invoice(40_000_000).record(Moment::Now));
    recorder.assert_nothing_recorded();
    assert_eq!(recorder.own("slo.events.dropped").len(), 1);
    let told: Vec<ProblemKind> = recorder.problems().iter().map(|problem| problem.kind).collect();
    assert!(told.contains(&ProblemKind::Dropped) && told.contains(&ProblemKind::Invalid), "{told:?}");

    recorder.in_scope(|| invoice(840).record(Moment::Now));
    let said = recorder.recorded();
    assert_eq!(said.metrics, ["billing.invoice.amount{} count 1 sum 4200"]);
    assert_eq!(said.logs.len(), 1);
}

/// `observed`: a panic leaves out what was not given yet, and what was collected before goes on.
#[test]
fn an_observed_metric_survives_a_panic_in_its_callback() {
    let recorder = Recorder::new(&kafka_consumer::CONTRACT);
    recorder.in_scope(|| {
        KafkaConsumerLag::observe(|points| {
            let lag = |partition: &'static str, value| KafkaConsumerLag {
                messaging_consumer_group_name: "billing".into(),
                partition: partition.into(),
                value,
            };
            points.add(&lag("0", 12));
            points.add(&lag("1", 7));
            std::panic::resume_unwind(Box::new("the broker is away"));
        });
    });
    for _ in 0..2 {
        let said = recorder.recorded();
        assert_eq!(said.metrics.len(), 2, "{said}");
        assert!(
            said.metrics[0].ends_with(" 12")
                && said.metrics[0].contains(r#"messaging.destination.name="orders""#)
        );
    }
    let told: Vec<String> = recorder.problems().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["the callback of `kafka.consumer.lag` panicked: the broker is away"]);
}

/// Where the provider was not told of a contract's metrics, that is told once for each that needs it.
#[test]
fn a_missing_view_is_told() {
    use opentelemetry_sdk::metrics::SdkMeterProvider;
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = std::sync::Arc::clone(&told);
    let telemetry = slo::Telemetry::builder()
        .metrics(SdkMeterProvider::builder().build())
        .on_problem(move |problem| {
            if problem.kind == ProblemKind::WithoutView {
                keep.lock().unwrap().push(problem.to_string());
            }
        })
        .build();
    telemetry.in_scope(|| {
        invoice(1).record(Moment::Now);
        invoice(1).record(Moment::Now);
    });
    assert_eq!(
        *told.lock().unwrap(),
        [
            "the SDK was not told of `billing.invoice.amount`'s exponential buckets; add `slo::view(&CONTRACT)` to the meter provider, before other views"
        ]
    );
}

/// Two meanings, one record: the graver severity holds, and the graver status; a view counts beside the meaning.
#[test]
fn two_meanings_of_a_call() {
    use grpc_service::shop_inventory_api::RpcOutcome;
    use grpc_service::shop_inventory_server::{Reservation, Served, ServedCaller, ServedLater};
    let recorder = Recorder::new(&grpc_service::CONTRACT);
    recorder.in_scope(|| {
        Served {
            outcome: RpcOutcome::Completed,
            method: "shop.inventory.v3.Inventory/Reserve".into(),
            caller: ServedCaller::Checkout,
            later: ServedLater {
                reservation: Some(Reservation::Partly { missing: 3 }),
                ..ServedLater::default()
            },
        }
        .record(Duration::from_millis(10));
    });
    let said = recorder.recorded().to_string();
    insta::assert_snapshot!(said);
}
