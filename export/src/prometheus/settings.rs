//! Where a Prometheus server scrapes.

use crate::pipeline::variables::Variables;

/// An endpoint that a Prometheus server scrapes: `GET /metrics`.
///
/// ```
/// let endpoint = slo_export::Prometheus::at("0.0.0.0:9464");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "nothing listens before it is given to an exporter"]
pub struct Prometheus {
    address: Option<String>,
}

impl Prometheus {
    /// At this host and port. Port 0 takes one that is free:
    /// [`Pipeline::prometheus_address`](crate::Pipeline::prometheus_address) says which.
    pub fn at(address: impl Into<String>) -> Prometheus {
        Prometheus { address: Some(address.into()) }
    }

    /// At the host and the port that `OTEL_EXPORTER_PROMETHEUS_HOST` and `OTEL_EXPORTER_PROMETHEUS_PORT` say; where they say
    /// nothing, at `localhost:9464`.
    pub fn from_environment() -> Prometheus {
        Prometheus::default()
    }

    pub(crate) fn address(&self, variables: &Variables<'_>) -> String {
        self.address.clone().unwrap_or_else(|| {
            let host = variables.text("OTEL_EXPORTER_PROMETHEUS_HOST");
            let port = variables.text("OTEL_EXPORTER_PROMETHEUS_PORT");
            let host = host.unwrap_or_else(|| "localhost".to_owned());
            format!("{host}:{}", port.unwrap_or_else(|| "9464".to_owned()))
        })
    }
}
