//! A library installs nothing: its events go to the global providers until the program says where they go. The globals are of
//! the whole process, so that this stands alone.
#![allow(clippy::unwrap_used)]

mod pay;

use std::time::Duration;

use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use pay::{Attempt, CONTRACT, Method};
use slo::testing::Recorder;
use slo::{AlreadyInstalled, Event, Telemetry};

#[test]
fn facts_go_to_the_global_providers_until_something_is_installed() {
    let state = || Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO);
    // Two exits lend their providers: one is the process's global one, the other is installed later.
    let (global, installed) = (Recorder::new(&CONTRACT), Recorder::new(&CONTRACT));
    opentelemetry::global::set_tracer_provider(global.tracer_provider().clone());
    state();
    assert_eq!((global.spans().len(), installed.spans().len()), (1, 0));

    let telemetry = Telemetry::builder()
        .metrics(SdkMeterProvider::builder().with_view(slo::view(&CONTRACT)).build())
        .traces(installed.tracer_provider().clone())
        .logs(SdkLoggerProvider::builder().build())
        .build();
    telemetry.clone().install().unwrap();
    state();
    assert_eq!((global.spans().len(), installed.spans().len()), (1, 1));
    assert_eq!(telemetry.install(), Err(AlreadyInstalled));

    // What a context carries goes before both.
    let own = Recorder::builder(&CONTRACT).build();
    own.in_scope(state);
    assert_eq!((global.spans().len(), installed.spans().len(), own.spans().len()), (1, 1, 1));
}
