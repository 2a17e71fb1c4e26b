//! Metrics that are one in a Prometheus server: by their names in the contracts, or by a series that they have there.

use std::collections::BTreeMap;

use super::differ::{Entry, differ, shared};
use super::meet::Meet;
use super::server::Meeting;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::index::{IndexLabel, IndexMetric};
use crate::ir::{Buckets, InstrumentKind, NumberType};
use crate::text::{list, some_of, with_article};

/// A metric as a server has it.
struct Named<'i> {
    metric: &'i IndexMetric,
    /// Its labels by their names there.
    labels: BTreeMap<String, &'i IndexLabel>,
    series: Vec<String>,
}

/// What has to be the same wherever a metric is recorded.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'n> {
    name: &'n str,
    kind: InstrumentKind,
    unit: &'n str,
    number: &'n str,
    buckets: Option<Vec<u64>>,
    labels: Vec<(&'n str, Option<&'n str>, bool)>,
}

impl<'n> Shape<'n> {
    fn of(named: &'n Named<'_>) -> Shape<'n> {
        let metric = named.metric;
        let buckets = match &metric.buckets {
            Some(Buckets::Explicit(bounds)) => Some(bounds.iter().map(|bound| bound.to_bits()).collect()),
            Some(Buckets::Exponential) => Some(Vec::new()),
            None => None,
        };
        let label = |(name, label): (&'n String, &&'n IndexLabel)| {
            (name.as_str(), label.value.as_deref(), label.optional)
        };
        Shape {
            name: &metric.name,
            kind: metric.kind,
            unit: &metric.unit,
            number: metric.number.name(),
            buckets: buckets.filter(|_| metric.kind == InstrumentKind::Histogram),
            labels: named.labels.iter().map(label).collect(),
        }
    }

    fn label(&self, name: &str) -> Option<&(&'n str, Option<&'n str>, bool)> {
        let place = self.labels.binary_search_by_key(&name, |(name, ..)| name).ok()?;
        self.labels.get(place)
    }

    /// The labels in which two differ: by their types, or that one has one which the other hasn't. A label that points may lack is
    /// none that has to be there.
    fn other_labels<'a>(&'a self, other: &'a Shape<'_>) -> Vec<&'a str> {
        let missing = |one: &'a Shape<'_>, other: &'a Shape<'_>| -> Vec<&'a str> {
            let missing =
                one.labels.iter().filter(|(name, _, optional)| !optional && other.label(name).is_none());
            missing.map(|(name, ..)| *name).collect()
        };
        let types = self.labels.iter().filter(|(name, value, _)| {
            let other = other.label(name).and_then(|(_, value, _)| *value);
            matches!((value, other), (Some(value), Some(other)) if *value != other)
        });
        let mut names: Vec<&str> = types.map(|(name, ..)| *name).collect();
        names.extend(missing(self, other));
        names.extend(missing(other, self));
        names.sort_unstable();
        names
    }

    fn contradicts(&self, other: &Shape<'_>) -> bool {
        self.kind != other.kind
            || self.unit != other.unit
            || self.number != other.number
            || self.buckets != other.buckets
            || !self.other_labels(other).is_empty()
    }
}

pub(super) fn find(meet: &Meet<'_>, meeting: &Meeting<'_>, found: &mut Vec<(usize, Diagnostic)>) {
    let named: Vec<(usize, Named<'_>)> = meet
        .here(meeting)
        .flat_map(|(number, member)| {
            let head = &member.index.head;
            let metrics = member.index.metrics.iter();
            metrics.map(move |metric| (number, Named::of(metric, meeting.naming(head, metric))))
        })
        .collect();
    let mut by_name: HashMap<&str, Vec<Entry<'_, Named<'_>>>> = HashMap::default();
    let mut by_series: HashMap<&str, Vec<Entry<'_, Named<'_>>>> = HashMap::default();
    for (member, item) in &named {
        let entry = Entry { member: *member, item };
        by_name.entry(&item.metric.name).or_default().push(entry);
        for series in &item.series {
            by_series.entry(series).or_default().push(entry);
        }
    }
    let contradict = |one: &Shape<'_>, other: &Shape<'_>| one.contradicts(other);
    for (_, entries) in shared(by_name) {
        for (one, other) in differ(&entries, Shape::of, contradict, meet.is_asked) {
            found.push((one.member, differs(meet, meeting, &one, &other, None)));
        }
        values(meet, meeting, &entries, found);
    }
    // Of one name all was said.
    let contradict = |one: &Shape<'_>, other: &Shape<'_>| one.name != other.name && one.contradicts(other);
    for (series, entries) in shared(by_series) {
        let first = entries.first().map(|entry| entry.item.metric.name.as_str());
        if entries.iter().all(|entry| Some(entry.item.metric.name.as_str()) == first) {
            continue;
        }
        for (one, other) in differ(&entries, Shape::of, contradict, meet.is_asked) {
            found.push((one.member, differs(meet, meeting, &one, &other, Some(series))));
        }
    }
}

impl<'i> Named<'i> {
    fn of(metric: &'i IndexMetric, naming: slo_model::names::PrometheusNaming) -> Named<'i> {
        let label =
            |label: &'i IndexLabel| (naming.label(&label.key).unwrap_or_else(|| label.key.clone()), label);
        let series = naming.series(&metric.name, &metric.unit, metric.prometheus_kind()).unwrap_or_default();
        Named { metric, labels: metric.labels.iter().map(label).collect(), series }
    }
}

/// One metric that isn't the same in two members.
fn differs(
    meet: &Meet<'_>,
    meeting: &Meeting<'_>,
    one: &Entry<'_, Named<'_>>,
    other: &Entry<'_, Named<'_>>,
    series: Option<&str>,
) -> Diagnostic {
    let (shape, of_other) = (Shape::of(one.item), Shape::of(other.item));
    let (metric, in_other) = (one.item.metric, other.item.metric);
    let mut differences = Vec::new();
    // What the two say is a part of what the finding is about: another unit is another contradiction.
    let mut said: Vec<&str> = Vec::new();
    if metric.kind != in_other.kind {
        let kinds = [metric.kind, in_other.kind].map(|kind| with_article(kind.name()));
        differences.push(format!("{} and {}", kinds[0], kinds[1]));
        said.extend([metric.kind.name(), in_other.kind.name()]);
    }
    if metric.unit != in_other.unit {
        let units = [metric, in_other].map(unit);
        differences.push(format!("{} and {}", units[0], units[1]));
        said.extend([metric.unit.as_str(), in_other.unit.as_str()]);
    }
    if metric.number != in_other.number {
        differences.push(format!("of {}s and of {}s", metric.number.name(), in_other.number.name()));
        said.extend([metric.number.name(), in_other.number.name()]);
    }
    if shape.buckets != of_other.buckets && metric.kind == in_other.kind {
        differences.push("with other buckets".to_owned());
        said.push("buckets");
    }
    let labels = shape.other_labels(&of_other);
    for label in &labels {
        let [here, there] = [&shape, &of_other].map(|shape| shape.label(label));
        let label = key(one, other, label);
        differences.push(match (here, there) {
            (Some((_, Some(here), _)), Some((_, Some(there), _))) => {
                said.extend([here, there]);
                format!("with a label `{label}` that is {} and {}", with_article(here), with_article(there))
            }
            (Some(_), _) => format!("with the label `{label}` and without it"),
            (None, _) => format!("without the label `{label}` and with it"),
        });
    }
    let names = [one, other].map(|entry| meet.name(entry.member));
    let what = match series {
        None => format!("`{}` in `{}` is not what it is in `{}`", metric.name, names[0], names[1]),
        Some(series) => format!(
            "`{}` in `{}` and `{}` in `{}` have the series `{series}`, and are not one metric",
            metric.name, names[0], in_other.name, names[1]
        ),
    };
    let message = format!("{what}: {}", differences.join("; "));
    let sides = [(one.member, &metric.at, shown(one.item)), (other.member, &in_other.at, shown(other.item))];
    let mut finding = meet
        .contradiction(Code::FleetMetric, meeting, message, sides)
        .about(&metric.name)
        .help("one name is one metric wherever it is recorded: agree on its kind, unit, numbers, buckets and labels, best in a vocabulary that both stand on; or give one of them another name; what a label may lack is said by fields that may be absent");
    if series.is_some() {
        finding = finding.about(&in_other.name);
    }
    finding = labels.iter().fold(finding, |finding, label| finding.about(key(one, other, label)));
    meet.about(finding.about_all(said), [one.member, other.member])
}

/// The key of a label, as the first of two has it that has it.
fn key<'l>(one: &Entry<'l, Named<'l>>, other: &Entry<'l, Named<'l>>, label: &'l str) -> &'l str {
    [one, other].into_iter().find_map(|entry| entry.item.labels.get(label)).map_or(label, |label| &label.key)
}

fn unit(metric: &IndexMetric) -> String {
    match metric.unit.as_str() {
        "" => "without a unit".to_owned(),
        unit => format!("in `{unit}`"),
    }
}

fn shown(named: &Named<'_>) -> String {
    let metric = named.metric;
    let numbers = if metric.number == NumberType::Int { "ints" } else { "doubles" };
    let buckets = match &metric.buckets {
        Some(Buckets::Explicit(bounds)) => {
            let bounds: Vec<String> = bounds.iter().map(f64::to_string).collect();
            format!(", buckets [{}]", bounds.join(", "))
        }
        Some(Buckets::Exponential) => ", exponential buckets".to_owned(),
        None => String::new(),
    };
    let written = metric.labels.iter().filter(|label| label.value.is_some());
    let labels: Vec<&str> = written.map(|label| label.key.as_str()).collect();
    let labels = if labels.is_empty() { String::new() } else { format!(", labels {}", list(&labels)) };
    format!("{} {}, of {numbers}{buckets}{labels}", with_article(metric.kind.name()), unit(metric))
}

/// The values of labels, where all are known.
fn values(
    meet: &Meet<'_>,
    meeting: &Meeting<'_>,
    entries: &[Entry<'_, Named<'_>>],
    found: &mut Vec<(usize, Diagnostic)>,
) {
    let mut by_label: HashMap<&str, Vec<Entry<'_, Named<'_>>>> = HashMap::default();
    for entry in entries {
        for (name, _) in entry.item.labels.iter().filter(|(_, label)| label.values.is_some()) {
            by_label.entry(name).or_default().push(*entry);
        }
    }
    for (name, entries) in shared(by_label) {
        fn shape<'i>(named: &'i Named<'_>, name: &str) -> (Option<&'i str>, &'i [String]) {
            let label = named.labels.get(name);
            let values = label.and_then(|label| label.values.as_deref()).unwrap_or_default();
            (label.and_then(|label| label.value.as_deref()), values)
        }
        // Of two types that was said.
        let contradict = |one: &(Option<&str>, &[String]), other: &(Option<&str>, &[String])| {
            one.0 == other.0 && one.1 != other.1
        };
        for (one, other) in differ(&entries, |named| shape(named, name), contradict, meet.is_asked) {
            let metric = &one.item.metric.name;
            let names = [one, other].map(|entry| meet.name(entry.member));
            let key = key(&one, &other, name);
            let message = format!(
                "the label `{key}` of `{metric}` has other values in `{}` than in `{}`",
                names[0], names[1]
            );
            let says =
                |entry: &Entry<'_, Named<'_>>| format!("`{key}` is {}", some_of(shape(entry.item, name).1));
            let sides = [&one, &other].map(|entry| (entry.member, &entry.item.metric.at, says(entry)));
            let finding = meet
                .contradiction(Code::FleetLabelValues, meeting, message, sides)
                .about(metric)
                .about(key)
                .help("say the same by the same words, best by an attribute of a vocabulary that both stand on; where values beyond these occur, its enum is `open`; where they are two things, give one label another name");
            found.push((one.member, meet.about(finding, [one.member, other.member])));
        }
    }
}
