//! After the first event of a call site, the layer costs nothing that an allocator sees.

// Only an allocator sees allocations, and `GlobalAlloc` is an unsafe trait.
#![allow(clippy::unwrap_used, unsafe_code)]

mod facts;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use facts::CONTRACT;
use tracing::Dispatch;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

struct Counting;

thread_local! {
    /// How many allocations this thread has made.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: both functions pass their arguments on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MADE.set(MADE.get() + 1);
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps `dealloc`'s contract, and `pointer` came from `System.alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = MADE.get();
    work();
    MADE.get() - before
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
