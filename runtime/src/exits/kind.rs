//! Which exit.

use std::fmt;

/// An exit: a way by which telemetry leaves the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ExitKind {
    /// OTLP, over gRPC or HTTP.
    Otlp,
    /// JSON log lines.
    JsonLines,
    /// A Prometheus server that scrapes the program.
    Prometheus,
}

impl ExitKind {
    /// The exit as metrics show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ExitKind::Otlp => "otlp",
            ExitKind::JsonLines => "json_lines",
            ExitKind::Prometheus => "prometheus",
        }
    }
}

impl fmt::Display for ExitKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
