//! How many points a metric has: the product over the values that it shows, each once, of their distinct tuples of labels.

use crate::hash::{HashMap, HashSet};
use std::borrow::Cow;

use slo_model::names::MetricKind;

use super::distinct::{Distinct, distinct};
use super::image::image;
use super::records::Records;
use crate::ir::{
    Buckets, Contract, Event, FieldId, Instrument, InstrumentKind, Leaf, Meaning, MeaningId, Projection,
    Shown, Signal, SignalWriter, WriterValue,
};

/// A number of points or series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// At most this many; `u64::MAX` where there are more.
    Finite(u64),
    /// More than can be said.
    Unlimited,
}

impl Count {
    /// The product, without overflow.
    #[must_use]
    pub const fn times(self, other: Count) -> Count {
        match (self, other) {
            (Count::Finite(left), Count::Finite(right)) => Count::Finite(left.saturating_mul(right)),
            _ => Count::Unlimited,
        }
    }

    /// The sum, without overflow.
    pub(crate) const fn plus(self, other: Count) -> Count {
        match (self, other) {
            (Count::Finite(left), Count::Finite(right)) => Count::Finite(left.saturating_add(right)),
            _ => Count::Unlimited,
        }
    }

    /// As a sentence says how many points or series there are.
    #[must_use]
    pub(crate) fn of(self, what: &str) -> String {
        match self {
            Count::Finite(u64::MAX) => format!("more {what} than can be counted"),
            Count::Finite(_) => format!("up to {self} {what}"),
            Count::Unlimited => format!("any number of {what}"),
        }
    }

    /// Whether it is more than a number.
    #[must_use]
    pub const fn exceeds(self, most: u64) -> bool {
        match self {
            Count::Finite(count) => count > most,
            Count::Unlimited => true,
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Count::Finite(u64::MAX) => formatter.write_str("more than can be counted"),
            Count::Finite(count) => formatter.write_str(&crate::text::grouped(*count)),
            Count::Unlimited => formatter.write_str("unlimited"),
        }
    }
}

/// What one writer multiplies a metric's points by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// The field, or the key where it is observed.
    pub name: String,
    /// Its distinct tuples.
    pub count: Count,
}

/// The points of a metric, with their factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// What they are the product of; constants are left out.
    pub factors: Vec<Factor>,
    /// The product.
    pub total: Count,
}

impl Points {
    /// The product as people write it: `outcome 3 × method 3 = 9`.
    #[must_use]
    pub fn shown(&self) -> String {
        let factors: Vec<String> =
            self.factors.iter().map(|factor| format!("{} {}", factor.name, factor.count)).collect();
        match factors.as_slice() {
            [] => self.total.to_string(),
            factors => format!("{} = {}", factors.join(" × "), self.total),
        }
    }
}

/// The points of a metric of a contract.
#[must_use]
pub fn points<E: Clone>(contract: &Contract<E>, instrument: &Instrument<E>) -> Points {
    points_in(contract, event_of(contract, instrument), instrument)
}

/// The points of a metric whose writers name the fields of this event.
pub(crate) fn points_in<E: Clone>(
    contract: &Contract<E>,
    event: Option<&Event<E>>,
    instrument: &Instrument<E>,
) -> Points {
    let records = Records::of(instrument.when.as_ref());
    let mut factors = Vec::new();
    let mut seen = HashSet::default();
    for writer in &instrument.writers {
        // A field that is shown twice is one value.
        let field = writer.field();
        if field.is_some_and(|field| !seen.insert(field)) {
            continue;
        }
        let Some(count) = factor(contract, event, &records, instrument, writer) else { continue };
        let name = field.zip(event).map_or(&writer.key, |(field, event)| &event.field(field).name);
        factors.push(Factor { name: name.clone(), count });
    }
    let total = factors.iter().fold(Count::Finite(1), |product, factor| product.times(factor.count));
    Points { factors, total }
}

/// The series of a metric in Prometheus: a classic histogram has one for each bucket, one beyond the last, a sum and a
/// count.
#[must_use]
pub fn series<E>(instrument: &Instrument<E>, points: Count) -> Count {
    match (&instrument.kind, instrument.buckets()) {
        (Leaf::Known(InstrumentKind::Histogram), Some(Buckets::Explicit(bounds))) => {
            points.times(Count::Finite(bounds.len() as u64 + 3))
        }
        _ => points,
    }
}

/// The event whose fields a metric's writers name.
pub(super) fn event_of<'c, E>(contract: &'c Contract<E>, instrument: &Instrument<E>) -> Option<&'c Event<E>> {
    if let Some(id) = instrument.during {
        return Some(contract.event(id));
    }
    contract.events.iter().find(|event| event.metrics.iter().any(|metric| metric.node == instrument.node))
}

/// The distinct tuples of a writer. None for a constant, and for what can't be known.
fn factor<E: Clone>(
    contract: &Contract<E>,
    event: Option<&Event<E>>,
    records: &Records<'_>,
    instrument: &Instrument<E>,
    writer: &SignalWriter<E>,
) -> Option<Count> {
    let absent = |field: FieldId| u64::from(event.is_some_and(|event| records.may_be_absent(event, field)));
    let and_absent = |count: Count, field: FieldId| match count {
        Count::Finite(count) => Count::Finite(count.saturating_add(absent(field)).max(1)),
        Count::Unlimited => Count::Unlimited,
    };
    match writer.value.known()? {
        WriterValue::Constant(_) => None,
        WriterValue::Observed(_) => Some(of_distinct(distinct(writer.domain()?))),
        WriterValue::Field(field) | WriterValue::ToString(field) => {
            let domain = writer.domain()?;
            if event.is_some_and(|event| event.field(*field).constant.is_some()) {
                return None;
            }
            let count = match domain.is_constant() {
                true => Count::Finite(1),
                false => of_distinct(distinct(&records.domain(*field, domain))),
            };
            Some(and_absent(count, *field))
        }
        WriterValue::Meaning { field, face } => {
            let meaning = shown(contract, instrument, *field, *face);
            let remaining: HashMap<&str, bool> = meaning
                .variants
                .iter()
                .map(|variant| (variant.name.as_str(), records.has_variant(*field, variant)))
                .collect();
            let remains = |name: &str| remaining.get(name).copied().unwrap_or(false);
            let image = image(&meaning, &remains);
            let count =
                if image.unbounded.is_empty() { Count::Finite(image.tuples()) } else { Count::Unlimited };
            Some(and_absent(count, *field))
        }
    }
}

/// How a meaning shows on a metric: by one face, or by all those together by which the metric lists it.
pub(super) fn shown<'c, E: Clone>(
    contract: &'c Contract<E>,
    instrument: &Instrument<E>,
    field: FieldId,
    face: MeaningId,
) -> Cow<'c, Meaning<E>> {
    let mut shown = Cow::Borrowed(contract.meaning(face));
    let mut faces = vec![face];
    for writer in &instrument.writers {
        let Leaf::Known(WriterValue::Meaning { field: of, face }) = &writer.value else { continue };
        if *of != field || faces.contains(face) {
            continue;
        }
        faces.push(*face);
        // The faces of one meaning have its variants, in its order.
        for (variant, other) in shown.to_mut().variants.iter_mut().zip(&contract.meaning(*face).variants) {
            match (&mut variant.metric, &other.metric) {
                (Some(Projection { shown: Shown::Pairs(pairs), .. }), _) => {
                    pairs.extend_from_slice(other.pairs(Signal::Metric));
                }
                (own, other) => own.clone_from(other),
            }
        }
    }
    shown
}

fn of_distinct(distinct: Distinct) -> Count {
    match distinct {
        Distinct::Finite(count) => Count::Finite(count),
        Distinct::Unbounded | Distinct::Never => Count::Unlimited,
    }
}

/// The kind of an instrument as Prometheus has it.
#[must_use]
pub fn kind_of<E>(instrument: &Instrument<E>) -> Option<MetricKind> {
    Some(instrument.kind.known()?.prometheus(instrument.buckets()))
}
