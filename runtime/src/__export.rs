//! What the crate `slo-export` is built on, beside the public API. It has no promise of its own: `slo-export` asks for
//! exactly this version of `slo`.

use std::sync::Arc;

use crate::emit::Shared;
pub use crate::emit::{
    Accounting, Collected, EXPONENTIAL, EventCounts, Exemplar, Exemplars, KeptExemplars, OWN_SCOPE,
    OmissionReason, SharedReader, own_scope,
};
pub use crate::injected::entries::{Entries, read as read_entries};
pub use crate::shown::Shown;
use crate::{Problem, ProblemKind, Telemetry, TelemetryBuilder};

/// Has the telemetry count its events, and keep exemplars where there is something to keep them in.
pub fn count(
    telemetry: TelemetryBuilder,
    accounting: Arc<Accounting>,
    exemplars: Option<Arc<Exemplars>>,
) -> TelemetryBuilder {
    telemetry.accounting(accounting).exemplars(exemplars)
}

/// What tells the program of problems.
#[derive(Clone)]
pub struct Teller(Arc<Shared>);

impl Teller {
    /// Tells as this telemetry does.
    #[must_use]
    pub fn of(telemetry: &Telemetry) -> Teller {
        Teller(Arc::clone(telemetry.shared()))
    }

    /// Tells of a problem.
    pub fn tell(&self, kind: ProblemKind, of: &'static str, what: &'static str, why: String) {
        self.0.tell(&Problem { kind, of, what, why });
    }
}
