//! A signal of an event may come from another scope than the event, as a meter, a logger and a tracer of other names do.

use slo::testing::Recorder;
use slo::{Event, Moment, SloAttributes};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_shop::Restock;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Restock")]
struct Delivery {
    #[slo("items")]
    items: u8,
}

/// The scopes of what an event becomes: of its metrics, its log record and its span.
fn scopes(record: impl FnOnce()) -> Vec<String> {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(record);
    let metrics = recorder.points().into_iter().map(|point| format!("{} in {}", point.metric, point.scope));
    let mut all: Vec<String> = metrics.collect();
    all.sort();
    let version = |scope: &opentelemetry::InstrumentationScope| {
        let url = scope.schema_url().and_then(|url| url.strip_prefix("https://example.com/schemas/"));
        format!("{} of {}", scope.version().unwrap_or("no version"), url.unwrap_or_default())
    };
    all.extend(
        recorder.logs().iter().map(|(_, scope)| format!("log in {}, {}", scope.name(), version(scope))),
    );
    all.extend(recorder.spans().iter().map(|span| {
        let scope = &span.instrumentation_scope;
        format!("span in {}, {}", scope.name(), version(scope))
    }));
    all
}

#[test]
fn each_signal_has_the_scope_that_it_says_or_the_events() {
    let expected = [
        "acme.restock.items in acme.shop",
        "acme.restocks in acme-ledger",
        "log in acme-ledger, 3.1 of ledger/3.1",
        "span in acme-warehouse, no version of tests/1.2.0",
    ];
    assert_eq!(scopes(|| Restock { items: 3 }.record(Moment::Now)), expected);
    assert_eq!(scopes(|| Delivery { items: 3 }.record(Moment::Now)), expected);
}
