//! Without someone of its own to tell, the layer tells the telemetry that the program installed. It and the subscriber are
//! of the whole process, so that this stands alone.
#![allow(clippy::unwrap_used)]

mod events;

use std::sync::Mutex;

use events::CONTRACT;
use slo::Telemetry;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn log() {
    tracing::info!(http_route = "/pay");
}

#[test]
fn the_installed_telemetry_is_told_and_may_log() {
    tracing::subscriber::set_global_default(registry().with(slo::tracing::layer(&CONTRACT))).unwrap();
    log();

    let tell = |problem: &slo::Problem| {
        TOLD.lock().unwrap().push(problem.what.to_owned());
        // A call site of its own that `tracing` has not seen before, and the one that it is told of.
        tracing::warn!(http_status = 7, "{problem}");
        log();
    };
    Telemetry::builder().on_problem(tell).build().install().unwrap();
    log();
    assert_eq!(*TOLD.lock().unwrap(), ["http_route"]);

    log();
    assert_eq!(TOLD.lock().unwrap().len(), 1);
}
