//! The outcome of everything, as metrics of the runtime's own.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, Meter};

use crate::counts::{Counts, DropReason, ExporterCounts};
use crate::pipeline::flow::Flow;
use slo::__export::OmissionReason;

use crate::records::limits::AttributeLimits;

/// The key under which these metrics say the signal: `log`, `span` or `metric`.
const SIGNAL: &str = "slo.signal";
/// The key under which they say the exporter.
const EXPORTER: &str = "slo.exporter";
/// The key under which they say why.
const CAUSE: &str = "slo.cause";

/// Has the provider of this meter collect what became of everything.
pub(crate) fn observe(meter: &Meter, flow: &Arc<Flow>) {
    let counter = |name: &'static str, description: &'static str, give: fn(&Counts, &Give<'_>)| {
        // The provider is held by what is held by the flow's threads.
        let flow: Weak<Flow> = Arc::downgrade(flow);
        // The provider keeps it.
        let _ = meter
            .u64_observable_counter(name)
            .with_unit("{record}")
            .with_description(description)
            .with_callback(move |observer| {
                if let Some(flow) = flow.upgrade() {
                    give(&flow.counts(), &Give { observer, skips_zero: true });
                }
            })
            .build();
    };
    counter(
        "slo.export.recorded",
        "Log records, spans and measurements of events, and records made by hand.",
        |counts, give| {
            for (name, signal) in counts.signals() {
                give.number(signal.recorded, &[(SIGNAL, name)]);
            }
        },
    );
    counter("slo.export.omitted", "Records that events do not have, as they should.", |counts, give| {
        for (name, signal) in counts.signals() {
            for why in OmissionReason::ALL {
                give.number(signal.omitted(why), &[(SIGNAL, name), (CAUSE, why.name())]);
            }
        }
    });
    counter("slo.export.delivered", "Records that the receiver has.", |counts, give| {
        give.each_exporter(counts, |exporter| exporter.delivered);
    });
    counter("slo.export.dropped", "Records that were dropped.", |counts, give| {
        for (name, signal) in counts.signals() {
            for exporter in &signal.exporters {
                for why in DropReason::ALL {
                    let keys = [(SIGNAL, name), (EXPORTER, exporter.exporter), (CAUSE, why.name())];
                    give.number(exporter.dropped(why), &keys);
                }
            }
        }
    });
    let flow = Arc::downgrade(flow);
    let of_gauge = move |give: &Give<'_>, number: fn(&ExporterCounts) -> u64| {
        if let Some(flow) = flow.upgrade() {
            give.each_exporter(&flow.counts(), number);
        }
    };
    let gauge = |name: &'static str, description: &'static str, number: fn(&ExporterCounts) -> u64| {
        let of_gauge = of_gauge.clone();
        let _ = meter
            .u64_observable_gauge(name)
            .with_unit("{record}")
            .with_description(description)
            .with_callback(move |observer| of_gauge(&Give { observer, skips_zero: false }, number))
            .build();
    };
    gauge("slo.export.unconfirmed", "Records that were sent and not answered in time.", |exporter| {
        exporter.unconfirmed
    });
    gauge("slo.export.pending", "Records that wait, or are being sent.", |exporter| exporter.pending);
}

/// Has the provider of this meter collect how often attributes were limited.
pub(crate) fn observe_limits(meter: &Meter, limits: Arc<AttributeLimits>) {
    let of_dropped = Arc::clone(&limits);
    // The provider keeps both.
    let _ = meter
        .u64_observable_counter("slo.export.attributes.truncated")
        .with_unit("{attribute}")
        .with_description("Values of attributes beyond the contract that were cut to the limit.")
        .with_callback(move |observer| {
            for (signal, count) in ["log", "span"].into_iter().zip(&limits.truncated) {
                observer.observe(count.load(Ordering::Relaxed), &[KeyValue::new(SIGNAL, signal)]);
            }
        })
        .build();
    let _ = meter
        .u64_observable_counter("slo.export.attributes.dropped")
        .with_unit("{attribute}")
        .with_description("Attributes of log records beyond the contract that were left out by the limit.")
        .with_callback(move |observer| {
            observer.observe(of_dropped.dropped.load(Ordering::Relaxed), &[KeyValue::new(SIGNAL, "log")]);
        })
        .build();
}

/// Gives points.
struct Give<'o> {
    observer: &'o dyn AsyncInstrument<u64>,
    /// Whether what never happened has no point.
    skips_zero: bool,
}

impl Give<'_> {
    fn number(&self, number: u64, keys: &[(&'static str, &'static str)]) {
        if number > 0 || !self.skips_zero {
            let keys: Vec<KeyValue> = keys.iter().map(|(key, value)| KeyValue::new(*key, *value)).collect();
            self.observer.observe(number, &keys);
        }
    }

    fn each_exporter(&self, counts: &Counts, number: fn(&ExporterCounts) -> u64) {
        for (name, signal) in counts.signals() {
            for exporter in &signal.exporters {
                self.number(number(exporter), &[(SIGNAL, name), (EXPORTER, exporter.exporter)]);
            }
        }
    }
}
