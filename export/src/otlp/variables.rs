//! The variables of OTLP's exporter (OpenTelemetry specification, "OpenTelemetry Protocol Exporter").

use slo_model::event::Signal;

use crate::pipeline::variables::Lookup;

/// A variable for all signals, and its forms for one.
pub(super) struct Variable {
    all: &'static str,
    logs: &'static str,
    metrics: &'static str,
    traces: &'static str,
}

macro_rules! variable {
    ($name:literal) => {
        Variable {
            all: concat!("OTEL_EXPORTER_OTLP_", $name),
            logs: concat!("OTEL_EXPORTER_OTLP_LOGS_", $name),
            metrics: concat!("OTEL_EXPORTER_OTLP_METRICS_", $name),
            traces: concat!("OTEL_EXPORTER_OTLP_TRACES_", $name),
        }
    };
}

pub(super) const ENDPOINT: Variable = variable!("ENDPOINT");
pub(super) const HEADERS: Variable = variable!("HEADERS");
pub(super) const TIMEOUT: Variable = variable!("TIMEOUT");
pub(super) const COMPRESSION: Variable = variable!("COMPRESSION");
pub(super) const TEMPORALITY: Variable = of_metrics("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE");
pub(super) const HISTOGRAMS: Variable =
    of_metrics("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION");
pub(super) const PROTOCOL: Variable = variable!("PROTOCOL");
pub(super) const INSECURE: Variable = variable!("INSECURE");
#[cfg(feature = "tls")]
pub(super) const CERTIFICATE: Variable = variable!("CERTIFICATE");
#[cfg(feature = "tls")]
pub(super) const CLIENT_CERTIFICATE: Variable = variable!("CLIENT_CERTIFICATE");
#[cfg(feature = "tls")]
pub(super) const CLIENT_KEY: Variable = variable!("CLIENT_KEY");

/// A variable that there is for metrics alone.
const fn of_metrics(name: &'static str) -> Variable {
    Variable { all: name, logs: name, metrics: name, traces: name }
}

/// A text and what said it.
#[derive(Clone)]
pub(super) struct Said {
    /// A variable, or a function of `Otlp`.
    pub(super) setting: &'static str,
    pub(super) text: String,
    /// Whether it was said of one signal alone.
    pub(super) is_own: bool,
}

impl Variable {
    fn of(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::Log => self.logs,
            Signal::Metric => self.metrics,
            Signal::Span => self.traces,
        }
    }

    /// What the variables say: the signal's own before the one for all. Blanks around it are no part of it, and nothing else
    /// is nothing (specification, "Environment Variable Specification", section "Parsing empty value").
    pub(super) fn read(&self, signal: Signal, lookup: Lookup<'_>) -> Option<Said> {
        [(self.of(signal), true), (self.all, false)].into_iter().find_map(|(setting, is_own)| {
            let text = lookup(setting)?;
            let text = text.trim();
            (!text.is_empty()).then(|| Said { setting, text: text.to_owned(), is_own })
        })
    }
}
