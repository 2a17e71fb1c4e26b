//! Events on spans: onto the span that an event opens, or else onto the one that is running, when the event is recorded.

use std::time::Duration;

use opentelemetry::trace::{TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use slo::decode::{Decoded, Projection as _};
use slo::testing::Recorder;
use slo::{Clock as _, Event, Moment, Period, Running, SloAttributes};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_shop::{
    CheckoutOutcome, Counted, Moved, MovedLater, Parcel, ParcelLater, Stock,
};

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Moved")]
struct Step {
    #[slo("stock")]
    stock: Stock,
    #[slo("place")]
    place: String,
    #[slo("tries")]
    tries: Option<u8>,
}

/// The spans of what is recorded while a span is running.
fn spans(record: impl FnOnce(&Recorder)) -> String {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let tracer = recorder.tracer_provider().tracer("test");
        let outer = tracer.span_builder("outer").with_start_time(recorder.clock().now()).start(&tracer);
        let context = Context::current_with_span(outer);
        let _attached = context.clone().attach();
        record(&recorder);
        context.span().end_with_timestamp(recorder.clock().now());
    });
    recorder.recorded().spans.join("\n")
}

fn short() -> Stock {
    Stock::Short { due: Duration::from_secs(120) }
}

#[test]
fn what_opens_no_span_is_written_onto_the_one_that_is_running() {
    let generated = spans(|_| {
        Moved { stock: short(), place: "Lund".into(), later: MovedLater { tries: Some(2) } }
            .record(Moment::Now);
        Moved { stock: Stock::Held, place: "Ystad".into(), later: MovedLater::default() }.record(Moment::Now);
    });
    insta::assert_snapshot!(generated);
    let derived = spans(|_| {
        Step { stock: short(), place: "Lund".to_owned(), tries: Some(2) }.record(Moment::Now);
        Step { stock: Stock::Held, place: "Ystad".to_owned(), tries: None }.record(Moment::Now);
    });
    assert_eq!(derived, generated);
}

#[test]
fn what_opens_a_span_writes_onto_its_own_at_the_moment_it_is_recorded() {
    let parcel = |weight, outcome| Parcel { weight, later: ParcelLater { outcome } };
    insta::assert_snapshot!(spans(|recorder| {
        let took = Period::until_now(Duration::from_secs(3));
        parcel(7, Some(CheckoutOutcome::Sold)).record(took);
        let running = parcel(8, None).begin();
        recorder.clock().advance(Duration::from_secs(2));
        running.end();
    }));
}

#[test]
fn without_a_span_there_is_nothing_to_write_onto() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        Moved { stock: short(), place: "Lund".into(), later: MovedLater::default() }.record(Moment::Now);
    });
    assert!(recorder.recorded().is_empty());
}

#[test]
fn the_day_on_which_its_view_goes_is_told() {
    let recorder = Recorder::new(&CONTRACT);
    // 2031-01-02T00:00:00Z
    recorder.clock().set(std::time::UNIX_EPOCH + Duration::from_secs(1_925_078_400));
    recorder.in_scope(|| Counted { stock: short() }.record(Moment::Now));
    let told: Vec<String> = recorder.problems().iter().map(ToString::to_string).collect();
    // The other one is that no span is running.
    assert_eq!(told[0], "`acme.shop.StockBefore` of `acme.shop.Counted` was to go on 2031-01-01");
}

#[test]
fn the_meaning_comes_back_from_the_event_alone() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        Parcel { weight: 3, later: ParcelLater { outcome: Some(CheckoutOutcome::Sold) } }.record(Moment::Now);
    });
    let spans = recorder.spans();
    let sold = spans[0].events.iter().find(|event| event.name == "sold").unwrap();
    assert!(matches!(CheckoutOutcome::from_span(sold), Decoded::Variant(found) if found.name == "Sold"));
    let of_weight: &[KeyValue] = &[KeyValue::new("kg", 3)];
    let weighed = spans[0].events.iter().find(|event| event.name == "weighed 3 kg").unwrap();
    assert_eq!(weighed.attributes, of_weight);
}
