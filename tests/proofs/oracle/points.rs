//! Proof 5: a metric has no more points than it may have.

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;

use super::variants::Likeness;
use super::{Happening, Oracle, Shown, Verdict};
use crate::proofs::model::{
    Block, CONVENTION, CONVENTION_LABELS, Domain, Event, Face, Field, Metric, PairValue, Scalar, Signal,
    domain_of,
};
use crate::proofs::records::{Map, Record, Shape, Value, Writer, label_values};

impl Oracle<'_> {
    pub(super) fn bounded(
        &self,
        happening: &Happening<'_>,
        metric: &Metric,
        shown: &Shown<'_>,
        verdict: &mut Verdict,
    ) {
        let passing = happening.passing(shown.when);
        // What shows one field is one value, under however many names and faces.
        let shows = |writer: &Writer, field: usize| writer.field() == Some(field);
        let first = |at: usize, writer: &Writer| {
            writer.field().is_none_or(|field| !shown.writers[..at].iter().any(|one| shows(one, field)))
        };
        let count = |writer: &Writer| match writer {
            Writer::Constant { .. } => Count::exactly(Some(1)),
            Writer::Field { field, key } => {
                let count = self.field_values(happening.event, writer, *field, &passing);
                let scalar = happening.event.fields[*field].domain().map(Domain::scalar);
                let listed = metric.name == CONVENTION && CONVENTION_LABELS.contains(&key.as_str());
                match count {
                    None if listed && matches!(scalar, Some(Scalar::Text | Scalar::Int)) => Count::Unlimited,
                    count => Count::exactly(count),
                }
            }
            Writer::Meaning { field, .. } => {
                let writers: Vec<&Writer> =
                    shown.writers.iter().filter(|writer| shows(writer, *field)).collect();
                self.image(happening.event, &writers, *field, &passing)
            }
        };
        // Each name needs a bound, and the first alone multiplies.
        let writers = shown.writers.iter().enumerate();
        let counts = writers.map(|(at, writer)| match count(writer) {
            Count::Between(..) if !first(at, writer) => Count::exactly(Some(1)),
            count => count,
        });
        let counts: Vec<Count> = counts.collect();
        let mut found = Verdict::default();
        points(&counts, metric.points, metric.limit, &mut found);
        let fields = shown.writers.iter().filter_map(Writer::field);
        let hidden = fields.map(|field| &happening.event.fields[field]).any(Field::sensitive);
        if hidden || self.gives_twice(happening.event, metric) {
            // How many tuples a label makes that can't stay, or that two writers write, need not be said.
            for code in [Code::PointsExceeded, Code::NeedsBound] {
                let either = found.found.remove(&code);
                found.open.extend(either.then_some(code));
            }
        }
        verdict.found.extend(found.found);
        verdict.open.extend(found.open);
    }

    /// How many values a field has as a label, its absence among them.
    fn field_values(&self, event: &Event, writer: &Writer, field: usize, passing: &[&Record]) -> Option<u64> {
        let listed: BTreeSet<Map> =
            passing.iter().map(|record| self.world.written(event, writer, Signal::Metric, record)).collect();
        let domain = event.fields[field].domain()?;
        if event.fields[field].constant.is_some() || !domain.members().is_empty() {
            return u64::try_from(listed.len()).ok();
        }
        let absent = u64::from(passing.iter().any(|record| record[field] == Value::Absent));
        Some(label_values(domain)? + absent)
    }

    /// The variants of a meaning with all that several faces show of them on a metric.
    fn together(&self, faces: &[Face]) -> Vec<Shape> {
        let mut shapes = self.world.shapes(faces[0]).to_vec();
        for other in &faces[1..] {
            for (shape, other) in shapes.iter_mut().zip(self.world.shapes(*other)) {
                let both = match (shape.on(Signal::Metric), other.on(Signal::Metric)) {
                    (Block::Pairs(ours), Block::Pairs(theirs)) => {
                        Block::Pairs([ours.clone(), theirs.clone()].concat())
                    }
                    (Block::Pairs(_), _) => continue,
                    (_, theirs) => theirs.clone(),
                };
                shape.shown[Signal::Metric as usize] = both;
            }
        }
        shapes
    }

    /// How many tuples of labels a meaning has, by one face or by several at once.
    fn image(&self, event: &Event, writers: &[&Writer], field: usize, passing: &[&Record]) -> Count {
        let faces: Vec<Face> = writers
            .iter()
            .filter_map(|writer| match writer {
                Writer::Meaning { face, .. } => Some(*face),
                _ => None,
            })
            .collect();
        let shapes = self.together(&faces);
        let numbers: BTreeSet<usize> = passing
            .iter()
            .filter_map(|record| match record[field] {
                Value::Variant { variant, .. } => Some(variant),
                _ => None,
            })
            .collect();
        // Payloads without a bound of their own, by the bound of the key that they are written to.
        let mut folded: Vec<u64> = Vec::new();
        let mut limitless = BTreeSet::new();
        for number in &numbers {
            let shape = &shapes[*number];
            let mut tuples = 1_u64;
            for payload in shape.carried(Signal::Metric) {
                let own = label_values(shape.payload[payload].domain);
                let keys = shape.pairs(Signal::Metric).iter().filter(|pair| match pair.value {
                    PairValue::Payload(number) | PairValue::PayloadText(number) => number == payload,
                    PairValue::Constant(_) => false,
                });
                let by_key = keys.map(|pair| label_values(domain_of(pair.key)));
                if own.is_none() {
                    limitless.insert(*number);
                }
                match own.or(by_key.min().flatten()) {
                    Some(values) => tuples = tuples.saturating_mul(values),
                    None => return Count::Unbounded,
                }
            }
            if limitless.contains(number) {
                folded.push(tuples);
            }
        }
        let unsaid = |number: &usize| matches!(shapes[*number].on(Signal::Metric), Block::Unsaid);
        let counted = |record: &&&Record| match &record[field] {
            Value::Variant { variant, .. } => !limitless.contains(variant) && !unsaid(variant),
            _ => true,
        };
        let variant = |record: &Record| match record[field] {
            Value::Variant { variant, .. } => Some(variant),
            _ => None,
        };
        let written = |record: &&Record| -> Map {
            let maps = writers.iter().map(|writer| self.world.written(event, writer, Signal::Metric, record));
            maps.flatten().collect()
        };
        let counted = passing.iter().filter(counted);
        let listed: BTreeSet<(Option<usize>, Map)> =
            counted.map(|record| (variant(record), written(record))).collect();
        let differing = listed.iter().map(|(_, tuple)| tuple).collect::<BTreeSet<_>>().len() as u64;
        let pairs = numbers.iter().flat_map(|one| numbers.range(one + 1..).map(|other| (*one, *other)));
        let alike: Vec<(usize, usize)> = pairs
            .filter(|(one, other)| {
                self.likeness(&shapes[*one], &shapes[*other], Signal::Metric) != Likeness::Apart
            })
            .collect();
        // Variants that are alike and shouldn't be may count for themselves.
        let meant = alike
            .iter()
            .all(|(one, other)| faces.iter().all(|face| self.merged(*face, Signal::Metric, *one, *other)));
        let listed = if meant { differing } else { listed.len() as u64 };
        // What is absent or doesn't say how it shows may count for itself, whatever else shows nothing.
        let blank = |number: &usize| shapes[*number].pairs(Signal::Metric).is_empty();
        let absent = passing.iter().any(|record| record[field] == Value::Absent);
        let blurred = absent && numbers.iter().any(blank) || numbers.iter().any(unsaid);
        let most = listed + folded.iter().sum::<u64>() + u64::from(blurred);
        // Where variants are merged, what folds may be merged as well.
        let least = if alike.is_empty() {
            most - u64::from(blurred)
        } else {
            folded.into_iter().fold(differing, u64::max)
        };
        Count::Between(least, most)
    }
}

/// How many tuples a writer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// At least, and at most.
    Between(u64, u64),
    /// As many as the world has, which is allowed here.
    Unlimited,
    /// As many as the world has.
    Unbounded,
}

impl Count {
    pub(super) fn exactly(count: Option<u64>) -> Count {
        count.map_or(Count::Unbounded, |count| Count::Between(count, count))
    }
}

/// Whether a metric has as many points as it may have.
pub(super) fn points(counts: &[Count], points: Option<u64>, limit: Option<u64>, verdict: &mut Verdict) {
    const MOST: u64 = 2_000;
    verdict.find_if(counts.contains(&Count::Unlimited), Code::ConventionUnbounded);
    let (mut least, mut most) = (1_u64, 1_u64);
    for count in counts {
        let (low, high) = match count {
            Count::Between(low, high) => (*low, *high),
            Count::Unlimited => (u64::MAX, u64::MAX),
            // There is nothing to count: that is the finding.
            Count::Unbounded => return verdict.find(Code::Unbounded),
        };
        (least, most) = (least.saturating_mul(low), most.saturating_mul(high));
    }
    if let Some(points) = points {
        verdict.find_if(least > points, Code::PointsExceeded);
        verdict.leave_open_if(most > points, Code::PointsExceeded);
    } else if limit.is_none() {
        verdict.find_if(least > MOST, Code::NeedsBound);
        verdict.leave_open_if(most > MOST, Code::NeedsBound);
    }
}
