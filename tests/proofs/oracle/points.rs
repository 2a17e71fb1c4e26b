//! Proof 5: a metric has no more points than it may have.

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;

use super::variants::Likeness;
use super::{Happening, Oracle, Shown, Verdict};
use crate::proofs::model::{
    Block, CONVENTION, CONVENTION_LABELS, Domain, Event, Face, Field, Metric, PairValue, SCOPES, Scalar,
    Signal, domain_of,
};
use crate::proofs::records::{Map, Record, Shape, Value, Writer, label_values};

impl Oracle<'_> {
    /// A list of a metric's labels: how many points it has by itself, and those that its records show.
    pub(super) fn list(&self, happening: &Happening<'_>, metric: &Metric) -> List {
        let writers = self.world.writers(happening.event, Some(&metric.items));
        // What is never counted need not be few.
        let never = happening.passing(&metric.when).is_empty();
        let when = if never { &[] } else { metric.when.as_slice() };
        let shown = Shown { signal: Signal::Metric, when, writers: &writers };
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
        let fields = shown.writers.iter().filter_map(Writer::field);
        let hidden = fields.map(|field| &happening.event.fields[field]).any(Field::sensitive);
        // Of a field without a bound one finding says all: its other metrics are named there.
        let earlier = happening.event.metrics.iter().take_while(|other| !std::ptr::eq(*other, metric));
        let listed_before: BTreeSet<usize> = earlier
            .flat_map(|other| self.world.writers(happening.event, Some(&other.items)))
            .filter_map(|writer| writer.field())
            .collect();
        let without_bound = |field: usize| {
            let domain = happening.event.fields[field].domain();
            domain.is_some_and(|domain| label_values(domain).is_none())
        };
        let told = shown.writers.iter().filter_map(Writer::field);
        let told = told.into_iter().any(|field| listed_before.contains(&field) && without_bound(field));
        let moot = never || told;
        let point = |record: &&Record| -> Map {
            let of = |writer| self.world.written(happening.event, writer, Signal::Metric, record);
            shown.writers.iter().flat_map(of).collect()
        };
        List {
            metric: metric.name,
            scope: happening.event.scope,
            unlimited: counts.contains(&Count::Unlimited),
            count: Count::product(&counts),
            points: metric.points,
            limit: metric.limit,
            shown: passing.iter().map(point).collect(),
            // How many tuples a label makes that can't stay, or that two writers write, need not be said.
            moot,
            open: moot || hidden || self.gives_twice(happening.event, metric),
        }
    }

    /// What is recorded under each name has no more points than the lists say.
    pub(super) fn bounded(&self, lists: &[List], verdict: &mut Verdict) {
        const MOST: u64 = 2_000;
        let names: BTreeSet<&str> = lists.iter().map(|list| list.metric).collect();
        for name in names {
            let lists: Vec<&List> = lists.iter().filter(|list| list.metric == name).collect();
            let mut find = |code, found: &dyn Fn(&List) -> bool| {
                let of = |list: &&&List| found(list);
                verdict.find_if(lists.iter().filter(of).any(|list| !list.moot), code);
                verdict.leave_open_if(lists.iter().filter(of).any(|list| list.moot), code);
            };
            // Where it makes the points unlimited, the finding about these says so too.
            let joined = lists.iter().any(|list| list.unlimited && list.limit.is_none());
            if !joined {
                find(Code::ConventionUnbounded, &|list| list.unlimited);
            }
            // There is nothing to count: that is the finding.
            find(Code::Unbounded, &|list| list.count == Count::Unbounded);
            verdict.leave_open_if(joined, Code::ConventionUnbounded);
            let open = lists.iter().any(|list| list.open || list.count == Count::Unbounded);
            let mut judge = |lists: &[&List], most: u64, code| {
                let (low, high) = together(lists);
                verdict.find_if(low > most && !open, code);
                verdict.leave_open_if(high > most, code);
            };
            match lists.iter().filter_map(|list| list.points).min() {
                Some(points) => judge(&lists, points, Code::PointsExceeded),
                None => {
                    for scope in SCOPES {
                        let unsaid = |list: &&&List| list.scope == scope && list.limit.is_none();
                        let unsaid: Vec<&List> = lists.iter().filter(unsaid).copied().collect();
                        judge(&unsaid, MOST, Code::NeedsBound);
                    }
                }
            }
        }
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

    pub(super) fn product(counts: &[Count]) -> Count {
        counts.iter().fold(Count::Between(1, 1), |product, count| match (product, count) {
            (Count::Between(least, most), Count::Between(low, high)) => {
                Count::Between(least.saturating_mul(*low), most.saturating_mul(*high))
            }
            (Count::Unbounded, _) | (_, Count::Unbounded) => Count::Unbounded,
            _ => Count::Unlimited,
        })
    }
}

/// What one list has of a metric's points.
pub(super) struct List {
    pub(super) metric: &'static str,
    pub(super) scope: &'static str,
    /// Whether a label has as many values as the world has, which is allowed here.
    pub(super) unlimited: bool,
    pub(super) count: Count,
    pub(super) points: Option<u64>,
    pub(super) limit: Option<u64>,
    /// The points of the records that were looked at.
    pub(super) shown: BTreeSet<Map>,
    /// Whether it is never counted, or what there is to say of it was said.
    pub(super) moot: bool,
    /// Whether nobody need say how many there are.
    pub(super) open: bool,
}

/// At least, and at most, how many points lists have together.
fn together(lists: &[&List]) -> (u64, u64) {
    let (mut low, mut high) = (0_u64, 0_u64);
    let mut shown: BTreeSet<&Map> = BTreeSet::new();
    for list in lists {
        let (least, most) = match list.count {
            Count::Between(least, most) => (least, most),
            Count::Unlimited | Count::Unbounded => (u64::MAX, u64::MAX),
        };
        let limit = list.limit.unwrap_or(u64::MAX);
        if most <= limit {
            shown.extend(&list.shown);
        }
        low = low.max(least.min(limit));
        high = high.saturating_add(most.min(limit.saturating_add(1)));
    }
    (low.max(shown.len() as u64), high)
}
