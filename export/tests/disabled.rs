//! `OTEL_SDK_DISABLED=true`: nothing but the propagators. These are of the whole process, so that this stands alone.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../runtime/tests/pay/mod.rs"]
mod pay;
mod written;

use std::collections::HashMap;
use std::time::Duration;

use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use opentelemetry_sdk::Resource;
use pay::{Attempt, CONTRACT, Method};
use slo::Event;
use slo_export::{Otlp, Pipeline, Prometheus};
use written::{Does, Written};

#[test]
fn a_program_with_its_telemetry_switched_off_passes_on_what_others_trace() {
    let written = Written::new(Does::Writes);
    let pipeline = Pipeline::builder(&CONTRACT, Resource::builder_empty().build())
        // Nor does anything go to what the program adds.
        .metrics(|_| unreachable!("metrics are switched off"))
        .traces(|_| unreachable!("traces are switched off"))
        .logs(|_| unreachable!("logs are switched off"))
        .json_lines(written.clone())
        .otlp(Otlp::http().endpoint("no endpoint"))
        .prometheus(Prometheus::at("no address"))
        .environment(|name| (name == "OTEL_SDK_DISABLED").then(|| "true".to_owned()))
        .start()
        .unwrap();
    assert_eq!(pipeline.prometheus_address(), None);
    Attempt::by(Method::Card, 7, "/pay").record(Duration::ZERO);

    let from = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let received = HashMap::from([("traceparent".to_owned(), from.to_owned())]);
    let mut sent = HashMap::new();
    global::get_text_map_propagator(|propagator| {
        let _attached = propagator.extract(&received).attach();
        global::tracer("by hand").in_span("a", |_| propagator.inject(&mut sent));
        assert!(Context::current().span().span_context().is_remote());
    });
    // The same trace.
    assert_eq!(sent["traceparent"][..36], from[..36], "{sent:?}");

    let flushed = pipeline.flush_blocking();
    let report = pipeline.shutdown_blocking(Duration::from_secs(60));
    for report in [flushed, report] {
        assert!(report.is_whole() && report.is_in_time, "{report}");
        assert!(report.counts.signals().iter().all(|(_, signal)| signal.exporters.is_empty()), "{report}");
    }
    assert_eq!(written.text(), "");
}
