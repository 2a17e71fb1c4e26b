//! The runtime's own metrics: what was folded, left out, dropped, and what panicked.

use opentelemetry::metrics::{Counter, Meter};
use opentelemetry::{InstrumentationScope, KeyValue};

/// The counters of the scope `slo`.
#[derive(Debug)]
pub(crate) struct OwnMetrics {
    /// Values that do not fit their fields, by event and field.
    pub(crate) invalid: Counter<u64>,
    /// Values beyond a field's bound, for which labels and names of spans show what stands for the rest.
    pub(crate) folded: Counter<u64>,
    /// Measurements beyond a metric's limit.
    pub(crate) overflowed: Counter<u64>,
    /// Measurements of which a label's value does not fit and nothing stands for it.
    pub(crate) unlabelled: Counter<u64>,
    /// Events that went out on no signal.
    pub(crate) dropped: Counter<u64>,
    /// Events whose end comes before their start.
    pub(crate) backwards: Counter<u64>,
    /// Callbacks that panicked.
    pub(crate) panicked: Counter<u64>,
}

/// The name of the scope that they come from.
pub const OWN_SCOPE: &str = "slo";
/// The key under which these metrics say the event.
pub(crate) const EVENT: &str = "slo.event";
/// The key under which they say the field, or the payload of a field's meaning.
pub(crate) const FIELD: &str = "slo.field";
/// The key under which they say the metric.
pub(crate) const METRIC: &str = "slo.metric";

/// The scope that they come from.
pub fn own_scope() -> InstrumentationScope {
    InstrumentationScope::builder(OWN_SCOPE).with_version(env!("CARGO_PKG_VERSION")).build()
}

impl OwnMetrics {
    pub(crate) fn new(meter: &Meter) -> OwnMetrics {
        let counter = |name: &'static str, unit: &'static str, description: &'static str| {
            meter.u64_counter(name).with_unit(unit).with_description(description).build()
        };
        OwnMetrics {
            invalid: counter("slo.values.invalid", "{value}", "Values that do not fit their fields."),
            folded: counter(
                "slo.values.folded",
                "{value}",
                "Values beyond a field's bound: labels show what stands for the rest.",
            ),
            overflowed: counter(
                "slo.measurements.overflowed",
                "{measurement}",
                "Measurements beyond a metric's limit.",
            ),
            unlabelled: counter(
                "slo.measurements.unlabelled",
                "{measurement}",
                "Measurements left out since a label's value does not fit.",
            ),
            dropped: counter("slo.events.dropped", "{event}", "Events that went out on no signal."),
            backwards: counter(
                "slo.events.backwards",
                "{event}",
                "Events whose end comes before their start.",
            ),
            panicked: counter("slo.callbacks.panicked", "{panic}", "Callbacks that panicked."),
        }
    }
}

/// What says of which event and field something is counted.
pub(crate) fn of_field(event: &'static str, field: &'static str) -> [KeyValue; 2] {
    [KeyValue::new(EVENT, event), KeyValue::new(FIELD, field)]
}

/// What says of which event and metric something is counted.
pub(crate) fn of_metric(event: &'static str, metric: &'static str) -> [KeyValue; 2] {
    [KeyValue::new(EVENT, event), KeyValue::new(METRIC, metric)]
}
