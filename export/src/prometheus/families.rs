//! Which families the metrics make.
//!
//! OpenMetrics asks more of a text than the server does: names that families don't share with each other, even where they
//! only might with their endings, no sum of a histogram with negative bounds, counters that aren't negative. A strict reader
//! throws the whole text away for one of these. So a counter or histogram that OpenMetrics wouldn't let stand there is
//! shown as what it consists of: a family of type `unknown` for each name of its samples. The series are the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;

use super::accept::Format;
use super::left_out::{LeftOuts, Why};
use super::number::{Number, bound};
use crate::metrics::exemplar::Exemplar;

/// Sorted by name.
pub(super) type Labels = Vec<(String, String)>;

/// What a metric is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `target_info`.
    Target,
    Counter,
    Gauge,
    Histogram,
    /// Only in what comes out: samples by themselves.
    Unknown,
}

/// A point of a metric, and of what comes out.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) labels: Labels,
    pub(super) value: Value,
    /// The numbers of its metric and of itself in the order in which they came.
    pub(super) order: (usize, usize),
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Number(Number, Option<Exemplar>),
    Histogram(Buckets),
}

/// The buckets of a histogram with bounds.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    /// Each bound, how many values don't exceed it, and the last of the values that fell into its bucket.
    pub(super) bounds: Vec<(f64, u64, Option<Exemplar>)>,
    pub(super) count: u64,
    pub(super) sum: Number,
    /// The last of the values beyond the bounds.
    pub(super) exemplar: Option<Exemplar>,
}

impl Buckets {
    /// Whether it is what the forms call a histogram.
    fn fits(&self, format: Format) -> bool {
        let rises = self
            .bounds
            .windows(2)
            .all(|pair| matches!(pair, [(low, under, _), (high, over, _)] if low < high && under <= over));
        let fits =
            self.bounds.last().is_none_or(|(bound, count, _)| bound.is_finite() && *count <= self.count);
        let positive = self.bounds.first().is_none_or(|(bound, ..)| *bound >= 0.0) && self.sum.counts();
        rises && fits && (format != Format::OpenMetrics || positive)
    }
}

/// A family of the text.
#[derive(Debug)]
pub(super) struct Family {
    /// The name that its type and help are told of.
    pub(super) name: String,
    /// The name of its samples, which a histogram adds `_bucket`, `_count` and `_sum` to.
    pub(super) sample: String,
    pub(super) kind: Kind,
    pub(super) help: String,
    pub(super) unit: String,
    /// Sorted by labels, which differ.
    pub(super) points: Vec<Point>,
}

/// Metrics of one name and kind, whatever their scope.
#[derive(Debug, Default)]
struct Group {
    help: String,
    unit: String,
    points: Vec<Point>,
}

/// Collects metrics.
#[derive(Debug, Default)]
pub(super) struct Families {
    groups: BTreeMap<(String, Kind), Group>,
    /// The metrics' names as the program has them.
    names: Vec<String>,
}

/// What a family is told of its metric.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Described<'m> {
    pub(super) help: &'m str,
    /// In the words that a name ends with, such as `seconds`.
    pub(super) unit: &'m str,
}

impl Families {
    /// Adds a metric: its name as the program has it, and that of its series.
    pub(super) fn add(
        &mut self,
        name: &str,
        series: String,
        kind: Kind,
        described: Described<'_>,
        points: impl IntoIterator<Item = (Labels, Value)>,
    ) {
        let metric = self.names.len();
        self.names.push(name.to_owned());
        let points = points.into_iter().enumerate();
        let points = points.map(|(index, (labels, value))| Point { labels, value, order: (metric, index) });
        let group = self.groups.entry((series, kind)).or_default();
        group.points.extend(points);
        for (own, given) in [(&mut group.help, described.help), (&mut group.unit, described.unit)] {
            if own.is_empty() {
                given.clone_into(own);
            }
        }
    }

    /// The families that a form of the text has, `target` first and the others by name. Of points that show the same series
    /// the first one stays, as it does in the server.
    pub(super) fn finish(self, format: Format, left_out: &mut LeftOuts) -> Vec<Family> {
        let Families { mut groups, names } = self;
        for group in groups.values_mut() {
            distinct(&mut group.points, &names, left_out);
        }
        groups.retain(|_, group| !group.points.is_empty());
        let whole = whole(&groups, format);
        let mut families = Vec::new();
        let mut parts: BTreeMap<String, Parts> = BTreeMap::new();
        for ((series, kind), group) in groups {
            if whole.contains(&(series.clone(), kind)) {
                families.push(family(series, kind, group, format));
            } else {
                take_apart(series, kind, group, &mut parts);
            }
        }
        for (name, Parts { kinds, help, unit, mut points }) in parts {
            distinct(&mut points, &names, left_out);
            let mut kinds = kinds.into_iter();
            let kind = match (kinds.next(), kinds.next(), format) {
                (Some(Kind::Gauge), None, _) => Kind::Gauge,
                // Here a counter may be called anything.
                (Some(Kind::Counter), None, Format::TextV0 | Format::TextV1) => Kind::Counter,
                _ => Kind::Unknown,
            };
            families.push(Family { sample: name.clone(), name, kind, help, unit, points });
        }
        families.sort_by(|left, right| {
            (left.kind != Kind::Target, &left.name).cmp(&(right.kind != Kind::Target, &right.name))
        });
        families
    }
}

/// Sorts points by labels and keeps the first of those that have the same.
fn distinct(points: &mut Vec<Point>, names: &[String], left_out: &mut LeftOuts) {
    points.sort_by(|left, right| (&left.labels, left.order).cmp(&(&right.labels, right.order)));
    points.dedup_by(|next, first| {
        let same = next.labels == first.labels;
        if same {
            left_out.add(names.get(next.order.0).map_or("", String::as_str), Why::Repeated, 1);
        }
        same
    });
}

/// The groups that may stand as they are; the others are taken apart. A gauge is what it consists of.
fn whole(groups: &BTreeMap<(String, Kind), Group>, format: Format) -> BTreeSet<(String, Kind)> {
    let mut whole: BTreeSet<(String, Kind)> = groups
        .iter()
        .filter(|((series, kind), group)| fits(series, *kind, group, format))
        .map(|(key, _)| key.clone())
        .collect();
    // One that is taken apart may be in another's way then.
    loop {
        let mut claims: HashMap<String, u32> = HashMap::new();
        let mut plain: BTreeSet<String> = BTreeSet::new();
        for (series, kind) in groups.keys() {
            if whole.contains(&(series.clone(), *kind)) {
                for name in claimed(series, *kind) {
                    *claims.entry(name).or_default() += 1;
                }
            } else {
                plain.extend(samples(series, *kind));
            }
        }
        let before = whole.len();
        whole.retain(|(series, kind)| {
            claimed(series, *kind)
                .iter()
                .all(|name| claims.get(name).is_none_or(|count| *count == 1) && !plain.contains(name))
        });
        if whole.len() == before {
            return whole;
        }
    }
}

/// Whether a group is what its type may be in the form.
fn fits(series: &str, kind: Kind, group: &Group, format: Format) -> bool {
    let open_metrics = format == Format::OpenMetrics;
    match kind {
        Kind::Target => true,
        Kind::Gauge | Kind::Unknown => false,
        Kind::Counter => {
            let counts = |point: &Point| matches!(point.value, Value::Number(number, _) if number.counts());
            base(series).is_some() && (!open_metrics || group.points.iter().all(counts))
        }
        Kind::Histogram => group.points.iter().all(|point| {
            let own = point.labels.iter().any(|(label, _)| label == LE);
            !own && matches!(&point.value, Value::Histogram(buckets) if buckets.fits(format))
        }),
    }
}

/// The label of a bucket's bound.
pub(super) const LE: &str = "le";

/// The name of a counter's family.
fn base(series: &str) -> Option<&str> {
    series.strip_suffix("_total").filter(|base| !base.is_empty())
}

/// The names that no other family's samples may have (OpenMetrics 1.0.0, "MetricFamily", "Name" and the types' suffixes).
fn claimed(series: &str, kind: Kind) -> Vec<String> {
    let (base, endings): (_, &[&str]) = match kind {
        Kind::Target => ("target", &["", "_info"]),
        Kind::Counter => (base(series).unwrap_or(series), &["", "_total", "_created"]),
        Kind::Histogram => (series, &["", "_bucket", "_count", "_sum", "_created"]),
        Kind::Gauge | Kind::Unknown => (series, &[""]),
    };
    endings.iter().map(|ending| format!("{base}{ending}")).collect()
}

/// The names of a group's samples.
fn samples(series: &str, kind: Kind) -> Vec<String> {
    match kind {
        Kind::Histogram => ["bucket", "count", "sum"].map(|part| format!("{series}_{part}")).into(),
        _ => vec![series.to_owned()],
    }
}

/// A group as a family.
fn family(series: String, kind: Kind, group: Group, format: Format) -> Family {
    let Group { help, unit, points } = group;
    let name = match (kind, format) {
        (Kind::Counter, Format::OpenMetrics) => base(&series).unwrap_or(&series).to_owned(),
        (Kind::Target, Format::OpenMetrics) => "target".to_owned(),
        _ => series.clone(),
    };
    Family { name, sample: series, kind, help, unit, points }
}

/// Samples of one name, of all groups that were taken apart.
#[derive(Debug, Default)]
struct Parts {
    kinds: BTreeSet<Kind>,
    help: String,
    unit: String,
    points: Vec<Point>,
}

impl Parts {
    fn describe(&mut self, kind: Kind, help: &str, unit: &str) {
        self.kinds.insert(kind);
        for (own, given) in [(&mut self.help, help), (&mut self.unit, unit)] {
            if own.is_empty() {
                given.clone_into(own);
            }
        }
    }
}

fn take_apart(series: String, kind: Kind, group: Group, parts: &mut BTreeMap<String, Parts>) {
    let Group { help, unit, points } = group;
    for name in samples(&series, kind) {
        parts.entry(name).or_default().describe(kind, &help, &unit);
    }
    let mut push = |name: &str, labels: Labels, number: Number, order: (usize, usize)| {
        if let Some(parts) = parts.get_mut(name) {
            parts.points.push(Point { labels, value: Value::Number(number, None), order });
        }
    };
    let [bucket, count, sum] = ["bucket", "count", "sum"].map(|part| format!("{series}_{part}"));
    for mut point in points {
        match mem::replace(&mut point.value, Value::Number(Number::Int(0), None)) {
            Value::Number(number, _) => push(&series, point.labels, number, point.order),
            Value::Histogram(buckets) => {
                push(&count, point.labels.clone(), Number::Uint(buckets.count), point.order);
                push(&sum, point.labels.clone(), buckets.sum, point.order);
                let bounds = buckets.bounds.iter().map(|(own, count, _)| (bound(*own), *count));
                for (own, count) in bounds.chain([(bound(f64::INFINITY), buckets.count)]) {
                    push(&bucket, with_bound(&point.labels, own), Number::Uint(count), point.order);
                }
            }
        }
    }
}

/// The labels of a bucket: its bound takes the place of a label that an attribute became.
fn with_bound(labels: &Labels, bound: String) -> Labels {
    let mut labels: Labels = labels.iter().filter(|(label, _)| label != LE).cloned().collect();
    let at = labels.partition_point(|(label, _)| label.as_str() < LE);
    labels.insert(at, (LE.to_owned(), bound));
    labels
}
