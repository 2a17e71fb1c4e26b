//! What the team agreed on for dashboards, searches and traces.

use opentelemetry::logs::Severity;

use crate::emission::Outcome;

pub(super) const BUCKETS: [f64; 4] = [0.005, 0.05, 0.5, 5.0];
pub(super) const LOG: &str = "payment.attempt";
pub(super) const BODY: &str = "payment attempt";

/// An outcome as metrics show it.
pub(super) const fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "ok",
        Outcome::Timeout => "timeout",
        Outcome::Rejected => "rejected",
    }
}

/// An outcome as log records show it.
pub(super) const fn in_log(outcome: Outcome) -> (Severity, &'static str, &'static str) {
    match outcome {
        Outcome::Succeeded => (Severity::Info, "result", "paid"),
        Outcome::Timeout => (Severity::Warn, "error_type", "network_timeout"),
        Outcome::Rejected => (Severity::Warn, "reject_reason", "risk_blocked"),
    }
}

/// An outcome as spans show it.
pub(super) const fn in_span(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Succeeded => ("payment.result", "paid"),
        Outcome::Timeout => ("payment.error.type", "timeout"),
        Outcome::Rejected => ("payment.risk.action", "blocked"),
    }
}
