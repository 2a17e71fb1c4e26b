//! After the first event of a call site, the layer costs nothing that an allocator sees.
#![allow(clippy::unwrap_used)]

mod counting;
mod events;

use events::CONTRACT;
use tracing::Dispatch;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

fn allocations(work: impl FnOnce()) -> usize {
    counting::allocations(work).1
}

/// A layer that wants every event, so that they are raised whether ours wants them or not.
struct Everything;

impl<S: tracing::Subscriber> Layer<S> for Everything {}

#[test]
fn after_its_first_event_a_call_site_allocates_nothing() {
    let layer = slo::tracing::layer_telling(&CONTRACT, |_| {});
    let dispatch = Dispatch::new(registry().with(layer).with(Everything));
    let log = |status: Option<i64>| {
        tracing::info!(http_route = "/pay", http.status = status, order.id = "1", colour = 3);
    };
    tracing::dispatcher::with_default(&dispatch, || {
        assert!(allocations(|| log(None)) > 0, "the first event is looked at");
        assert_eq!(allocations(|| log(None)), 0, "a field is still without a value");
        log(Some(200));
        assert_eq!(allocations(|| (0..1_000).for_each(|_| log(Some(7)))), 0);
    });
}
