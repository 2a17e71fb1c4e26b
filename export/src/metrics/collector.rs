//! Collecting metrics, and how many measurements a collection holds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use slo::__export::{Accounting, Collected, Exemplars, KeptExemplars, SharedReader};

use crate::delivery::panicked;

/// Collects metrics, one collection at a time. Exporters of cumulative metrics share one; each of another temporality has
/// its own, because what one has collected no other would see.
#[derive(Debug)]
pub(crate) struct Collector {
    reader: SharedReader,
    temporality: Temporality,
    accounting: Arc<Accounting>,
    exemplars: Option<Arc<Exemplars>>,
    /// Whether recording pauses while it collects.
    is_exact: bool,
    /// The exemplars of the last collection. Who collects holds it.
    before: Mutex<KeptExemplars>,
}

/// A collection.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) metrics: ResourceMetrics,
    pub(crate) exemplars: KeptExemplars,
    /// How many measurements of events it holds, with those of all collections before it.
    pub(crate) holds: Collected,
}

impl Collector {
    pub(crate) fn new(
        temporality: Temporality,
        accounting: &Arc<Accounting>,
        exemplars: Option<&Arc<Exemplars>>,
        is_exact: bool,
    ) -> Collector {
        Collector {
            reader: SharedReader::new(temporality),
            temporality,
            accounting: Arc::clone(accounting),
            exemplars: exemplars.cloned(),
            is_exact,
            before: Mutex::default(),
        }
    }

    /// What the meter provider is given.
    pub(crate) fn reader(&self) -> SharedReader {
        self.reader.clone()
    }

    pub(crate) const fn is_cumulative(&self) -> bool {
        matches!(self.temporality, Temporality::Cumulative)
    }

    /// Collects all metrics. What panics in the SDK is an error, and leaves it unable to collect; callbacks are kept from
    /// that by what they are registered with.
    pub(crate) fn collect(&self) -> Result<Collection, String> {
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let mut metrics = ResourceMetrics::default();
        let collect = || catch_unwind(AssertUnwindSafe(|| self.reader.collect(&mut metrics)));
        let (collected, holds) = if self.is_exact {
            self.accounting.collect_paused(collect)
        } else {
            self.accounting.collect(collect)
        };
        match collected {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(format!("metrics can't be collected: {error}")),
            Err(panic) => return Err(panicked(panic.as_ref())),
        }
        let mut exemplars = self.exemplars.as_ref().map(|exemplars| exemplars.kept()).unwrap_or_default();
        if !self.is_cumulative() {
            // Those of an interval: what the collection before had is not in it (metrics SDK specification, "ExemplarReservoir").
            let kept = exemplars.without(&before);
            *before = std::mem::replace(&mut exemplars, kept);
        }
        Ok(Collection { metrics, exemplars, holds })
    }
}
