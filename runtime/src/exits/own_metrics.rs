//! What became of everything, as metrics of the runtime's own.

use std::sync::{Arc, Weak};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, Meter};

use super::counts::{Counts, ExitCounts, Loss};
use super::flow::Flow;
use crate::emit::Omission;

/// The key under which these metrics say the signal: `log`, `span` or `metric`.
const SIGNAL: &str = "slo.signal";
/// The key under which they say the exit.
const EXIT: &str = "slo.exit";
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
        "slo.exits.acknowledged",
        "Records of facts that were stated, and made by hand.",
        |counts, give| {
            for (name, signal) in counts.signals() {
                give.number(signal.acknowledged, &[(SIGNAL, name)]);
            }
        },
    );
    counter("slo.exits.left_out", "Records that facts do not have, as they should.", |counts, give| {
        for (name, signal) in counts.signals() {
            for why in Omission::ALL {
                give.number(signal.left_out(why), &[(SIGNAL, name), (CAUSE, why.name())]);
            }
        }
    });
    counter("slo.exits.confirmed", "Records that the receiver has.", |counts, give| {
        give.each_exit(counts, |exit| exit.confirmed);
    });
    counter("slo.exits.lost", "Records that were lost.", |counts, give| {
        for (name, signal) in counts.signals() {
            for exit in &signal.exits {
                for why in Loss::ALL {
                    let keys = [(SIGNAL, name), (EXIT, exit.exit.name()), (CAUSE, why.name())];
                    give.number(exit.lost(why), &keys);
                }
            }
        }
    });
    let flow = Arc::downgrade(flow);
    let of_gauge = move |give: &Give<'_>, number: fn(&ExitCounts) -> u64| {
        if let Some(flow) = flow.upgrade() {
            give.each_exit(&flow.counts(), number);
        }
    };
    let gauge = |name: &'static str, description: &'static str, number: fn(&ExitCounts) -> u64| {
        let of_gauge = of_gauge.clone();
        let _ = meter
            .u64_observable_gauge(name)
            .with_unit("{record}")
            .with_description(description)
            .with_callback(move |observer| of_gauge(&Give { observer, skips_zero: false }, number))
            .build();
    };
    gauge("slo.exits.unconfirmed", "Records that were sent and not answered in time.", |exit| {
        exit.unconfirmed
    });
    gauge("slo.exits.pending", "Records that wait, or are being sent.", |exit| exit.pending);
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

    fn each_exit(&self, counts: &Counts, number: fn(&ExitCounts) -> u64) {
        for (name, signal) in counts.signals() {
            for exit in &signal.exits {
                self.number(number(exit), &[(SIGNAL, name), (EXIT, exit.exit.name())]);
            }
        }
    }
}
