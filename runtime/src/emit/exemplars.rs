//! Measurements under sampled spans, kept for each point (metrics SDK specification, "Exemplar"): the SDK for Rust keeps
//! none (0.33).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::SystemTime;

use opentelemetry::trace::{SpanContext, SpanId, TraceId};
use opentelemetry::{InstrumentationScope, KeyValue};
use slo_model::event::{Buckets, Metric};

use super::instrument::Number;

/// A measurement that was made under a sampled span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exemplar {
    /// What was measured; 1 where a counter counts by one.
    pub value: f64,
    /// When the event ended.
    pub time: SystemTime,
    /// The trace of the span.
    pub trace_id: TraceId,
    /// The span that it was made under.
    pub span_id: SpanId,
}

/// The last exemplar of each bucket of a point, or of the point where it has no buckets: what the specification calls the
/// aligned histogram bucket reservoir.
#[derive(Debug)]
pub(crate) struct Reservoir {
    bounds: &'static [f64],
    slots: Box<[Mutex<Option<Exemplar>>]>,
}

/// So many slots has a histogram whose buckets follow the values: values of another size have another slot.
const EXPONENTIAL: usize = 16;

/// The span under which something is measured, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Under<'s> {
    pub(crate) span: &'s SpanContext,
    pub(crate) time: SystemTime,
}

impl<'s> Under<'s> {
    /// Under a span that is sampled; none where it is not.
    pub(crate) fn of(span: Option<&'s SpanContext>, time: SystemTime) -> Option<Under<'s>> {
        span.filter(|span| span.is_valid() && span.is_sampled()).map(|span| Under { span, time })
    }
}

impl Reservoir {
    pub(crate) fn new(metric: &Metric<'static>) -> Reservoir {
        let (bounds, slots): (&[f64], usize) = match metric.buckets {
            Buckets::None => (&[], 1),
            Buckets::Explicit(bounds) => (bounds, bounds.len() + 1),
            Buckets::Exponential => (&[], EXPONENTIAL),
        };
        Reservoir { bounds, slots: (0..slots).map(|_| Mutex::new(None)).collect() }
    }

    /// Keeps a measurement. Where another thread is at the same slot, that one's is kept.
    pub(crate) fn offer(&self, number: Number, under: &Under<'_>) {
        let value = number.double();
        let at = match self.bounds {
            [] if self.slots.len() == 1 => 0,
            // By the size of the number: its exponent.
            [] => (value.to_bits() >> 52) as usize % self.slots.len(),
            bounds => bounds.partition_point(|bound| *bound < value),
        };
        let Some(slot) = self.slots.get(at) else { return };
        let mut slot = match slot.try_lock() {
            Ok(slot) => slot,
            Err(TryLockError::Poisoned(slot)) => slot.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        *slot = Some(Exemplar {
            value,
            time: under.time,
            trace_id: under.span.trace_id(),
            span_id: under.span.span_id(),
        });
    }

    fn each(&self) -> impl Iterator<Item = (usize, Exemplar)> {
        let kept = |slot: &Mutex<Option<Exemplar>>| *slot.lock().unwrap_or_else(PoisonError::into_inner);
        self.slots.iter().enumerate().filter_map(move |(number, slot)| Some((number, kept(slot)?)))
    }
}

/// The reservoirs of all points.
#[derive(Debug, Default)]
pub struct Exemplars(Mutex<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    scope: String,
    metric: &'static str,
    /// Sorted by key.
    attributes: Box<[KeyValue]>,
    reservoir: Arc<Reservoir>,
}

impl Exemplars {
    /// The reservoir for a new point.
    pub(crate) fn add(
        &self,
        scope: &str,
        metric: &Metric<'static>,
        attributes: &[KeyValue],
    ) -> Arc<Reservoir> {
        let reservoir = Arc::new(Reservoir::new(metric));
        let mut attributes: Box<[KeyValue]> = attributes.into();
        attributes.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        let (scope, metric) = (scope.to_owned(), metric.name);
        let kept = Kept { scope, metric, attributes, reservoir: Arc::clone(&reservoir) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        reservoir
    }

    /// A copy of what is kept now, to find it by the attributes of points.
    pub fn kept(&self) -> KeptExemplars {
        let mut kept = KeptExemplars::default();
        for point in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let metrics = kept.0.entry(point.scope.clone()).or_default();
            let exemplars =
                metrics.entry(point.metric).or_default().entry(point.attributes.clone()).or_default();
            // Several events may write one point: the last exemplar of a bucket counts.
            for (slot, exemplar) in point.reservoir.each() {
                match exemplars.iter_mut().find(|(other, _)| *other == slot) {
                    Some((_, other)) if other.time >= exemplar.time => {}
                    Some((_, other)) => *other = exemplar,
                    None => exemplars.push((slot, exemplar)),
                }
            }
        }
        kept
    }
}

/// The exemplars at one moment: by scope, metric and attributes, sorted by key.
#[derive(Debug, Default)]
pub struct KeptExemplars(HashMap<String, HashMap<&'static str, OfPoints>>);

type OfPoints = HashMap<Box<[KeyValue]>, Vec<(usize, Exemplar)>>;

impl KeptExemplars {
    /// Those that the other does not have.
    pub fn without(&self, other: &KeptExemplars) -> KeptExemplars {
        let mut kept = KeptExemplars::default();
        for (scope, metrics) in &self.0 {
            for (metric, points) in metrics {
                let before = other.0.get(scope).and_then(|metrics| metrics.get(metric));
                for (attributes, exemplars) in points {
                    let before = before.and_then(|points| points.get(attributes));
                    let is_new = |exemplar: &&(usize, Exemplar)| {
                        before.is_none_or(|before| !before.contains(exemplar))
                    };
                    let new: Vec<(usize, Exemplar)> = exemplars.iter().filter(is_new).copied().collect();
                    kept.0
                        .entry(scope.clone())
                        .or_default()
                        .entry(metric)
                        .or_default()
                        .insert(attributes.clone(), new);
                }
            }
        }
        kept
    }

    /// Those of the point with these attributes, sorted by key: at most one for each of its buckets.
    pub fn of(&self, scope: &InstrumentationScope, metric: &str, attributes: &[&KeyValue]) -> Vec<Exemplar> {
        let found = self.0.get(scope.name()).and_then(|metrics| metrics.get(metric)).and_then(|points| {
            let attributes: Box<[KeyValue]> = attributes.iter().copied().cloned().collect();
            points.get(&attributes)
        });
        found.into_iter().flatten().map(|(_, exemplar)| *exemplar).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use opentelemetry::trace::{TraceFlags, TraceState};
    use slo_model::event::{InstrumentKind, NumberType};

    use super::*;

    const METRIC: Metric<'static> = Metric {
        scope: None,
        name: "payment.duration",
        description: "",
        unit: "s",
        kind: InstrumentKind::Histogram,
        number: NumberType::Double,
        value: Some(0),
        buckets: Buckets::Explicit(&[0.1, 1.0]),
        points: 1,
        limit: None,
        until: None,
        when: &[],
        labels: &[],
    };

    fn offer(reservoir: &Reservoir, value: f64, at: u64) {
        let trace = TraceId::from(u128::from(at));
        let span =
            SpanContext::new(trace, SpanId::from(at), TraceFlags::SAMPLED, false, TraceState::default());
        let time = UNIX_EPOCH + Duration::from_secs(at);
        reservoir.offer(Number::Double(value), &Under { span: &span, time });
    }

    #[test]
    fn each_bucket_keeps_its_last_exemplar_whatever_event_wrote_it() {
        let exemplars = Exemplars::default();
        let labels = [KeyValue::new("b", 1), KeyValue::new("a", 2)];
        let (one, other) = (exemplars.add("pay", &METRIC, &labels), exemplars.add("pay", &METRIC, &labels));
        for (value, at) in [(0.1, 1), (0.05, 2), (0.5, 3)] {
            offer(&one, value, at);
        }
        offer(&other, 0.7, 4);
        offer(&other, 7.0, 5);
        let scope = InstrumentationScope::builder("pay").build();
        let mut found: Vec<(f64, SpanId)> = exemplars
            .kept()
            .of(&scope, "payment.duration", &[&labels[1], &labels[0]])
            .iter()
            .map(|exemplar| (exemplar.value, exemplar.span_id))
            .collect();
        found.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert_eq!(found, [(0.05, SpanId::from(2)), (0.7, SpanId::from(4)), (7.0, SpanId::from(5))]);
        assert!(exemplars.kept().of(&scope, "payment.duration", &[]).is_empty());
        let before = exemplars.kept();
        offer(&one, 0.6, 6);
        let new = exemplars.kept().without(&before).of(&scope, "payment.duration", &[&labels[1], &labels[0]]);
        assert_eq!(new.iter().map(|exemplar| exemplar.value).collect::<Vec<_>>(), [0.6]);
    }
}
