//! A million events with a million distinct values leave memory where it was.
#![allow(clippy::unwrap_used, unsafe_code)]

mod pay;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};
use std::time::Duration;

use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;
use pay::{Attempt, CONTRACT, Method, Outcome};
use slo::{Event, Running, Telemetry, Text};

struct Counting;

/// The bytes that are in use.
static USED: AtomicIsize = AtomicIsize::new(0);

// SAFETY: both functions pass their arguments on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        USED.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller keeps `dealloc`'s contract, and `pointer` came from `System.alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_million_facts_leave_memory_where_it_was() {
    let telemetry = Telemetry::builder()
        .metrics(
            SdkMeterProvider::builder()
                .with_view(slo::view(&CONTRACT))
                .with_reader(ManualReader::builder().build())
                .build(),
        )
        .traces(SdkTracerProvider::builder().build())
        .logs(SdkLoggerProvider::builder().build())
        .build();
    let state = |number: u32| {
        let attempt = || Attempt {
            route: Text::from(format!("/pay/{number}")),
            ..Attempt::by(Method::Card, i64::from(number % 1_000), "")
        };
        if number.is_multiple_of(2) {
            attempt().with(Outcome::Declined { code: 1 }).record(Duration::ZERO);
        } else {
            drop(attempt().begin());
        }
    };
    telemetry.in_scope(|| {
        (0..10_000).for_each(state);
        let before = USED.load(Ordering::Relaxed);
        (10_000..1_010_000).for_each(state);
        let grown = USED.load(Ordering::Relaxed) - before;
        assert!(grown.abs() < 4_096, "{grown} bytes more are in use");
    });
}
