//! What the SDK must be told of a contract: limits of metrics, buckets that follow the values, limits of spans.

use std::cell::Cell;

use opentelemetry_sdk::metrics::{Aggregation, Instrument, Stream};
use opentelemetry_sdk::trace::SpanLimits;
use slo_model::event::{Buckets, Contract, Metric};

use super::own_metrics::own_scope;

/// The SDK's own limit of points (metrics SDK specification, "Cardinality limits": 2,000 by default).
const DEFAULT_POINTS: u32 = 2_000;

/// The most buckets of an exponential histogram, and its finest scale (metrics SDK specification, "Base2 exponential bucket
/// histogram aggregation": the defaults).
pub const EXPONENTIAL: Aggregation =
    Aggregation::Base2ExponentialHistogram { max_size: 160, max_scale: 20, record_min_max: true };

thread_local! {
    /// Whether a contract's view was asked of the instrument that this thread is making.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// The view that a meter provider needs for a contract's metrics: it sets each metric's cardinality limit, and
/// exponential buckets where the contract has them.
///
/// Of two views on one instrument the SDK takes the first in silence: add this one before others.
///
/// ```no_run
/// # mod contracts { pub static CONTRACT: slo::Contract<'static> = slo::Contract::EMPTY; }
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
///
/// let metrics = SdkMeterProvider::builder().with_view(slo::view(&contracts::CONTRACT)).build();
/// ```
pub fn view(
    contract: &'static Contract<'static>,
) -> impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static {
    |instrument| {
        // The runtime's own metrics: their labels are fields and metrics of contracts, as many as there are.
        if instrument.scope() == &own_scope() {
            return None;
        }
        let stream = contract
            .streams
            .iter()
            .find(|stream| stream.scope == instrument.scope().name() && stream.metric == instrument.name())?;
        ASKED.set(true);
        let points = usize::try_from(stream.points).unwrap_or(usize::MAX - 1).clamp(1, usize::MAX - 1);
        let builder = Stream::builder().with_cardinality_limit(points);
        let builder = if stream.exponential { builder.with_aggregation(EXPONENTIAL) } else { builder };
        // Both are within the SDK's bounds.
        builder.build().ok()
    }
}

/// The span limits that a tracer provider needs for a contract's spans.
#[must_use]
pub fn span_limits(contract: &Contract<'_>) -> SpanLimits {
    let own = SpanLimits::default();
    SpanLimits {
        max_attributes_per_span: own.max_attributes_per_span.max(contract.span_attributes),
        max_links_per_span: if contract.span_links { u32::MAX } else { own.max_links_per_span },
        max_attributes_per_event: own.max_attributes_per_event.max(contract.span_event_attributes),
        ..own
    }
}

/// Makes an instrument, and says what the SDK was not told of it though it must be.
pub(crate) fn made<T>(metric: &Metric<'static>, make: impl FnOnce() -> T) -> (T, Option<&'static str>) {
    ASKED.set(false);
    let made = make();
    let untold = match (ASKED.get(), metric.buckets) {
        (true, _) => None,
        (false, Buckets::Exponential) => Some("exponential buckets"),
        (false, _) if metric.points > DEFAULT_POINTS => Some("limit"),
        (false, _) => None,
    };
    (made, untold)
}
