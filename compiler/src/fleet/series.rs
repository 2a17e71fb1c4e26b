//! The series that members write to Prometheus: their names, their labels, and the values of those, as a server has them.

use std::collections::{BTreeMap, BTreeSet};

use slo_model::names::prometheus_bound;

use super::server::{Meeting, meetings};
use super::{Fleet, FleetInput, FleetMember};
use crate::index::{Index, IndexLabel, IndexMetric};
use crate::ir::{Buckets, ContainerKind, Contract};
use crate::manifest::ServerKind;
use slo_model::names::{MetricKind, PrometheusNaming};

/// The series in which resources stand.
const TARGET_INFO: &str = "target_info";

/// The values that a label may have: all of them, or none where they are no closed set.
pub type LabelValues = Option<BTreeSet<String>>;

/// A series that members write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The metrics that it belongs to, by their names in contracts.
    pub metrics: BTreeSet<String>,
    /// The members that write it.
    pub members: BTreeSet<String>,
    /// Its own labels; none where they aren't known.
    pub labels: Option<BTreeMap<String, LabelValues>>,
}

/// All series that members write, with what a server adds to each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllSeries {
    /// The series, by their names.
    pub by_name: BTreeMap<String, Series>,
    /// The labels that each series may have beside its own: promoted attributes of resources, and those that `target_labels` of
    /// `slo.toml` names.
    pub of_all: BTreeSet<String>,
}

impl AllSeries {
    /// The series that members of a fleet write to the Prometheus servers in which they meet.
    #[must_use]
    pub fn of(fleet: &Fleet, input: &FleetInput) -> AllSeries {
        let mut all = AllSeries::default();
        let members = fleet.members.iter();
        let paths: Vec<_> = members
            .map(|member| (member.path.as_str(), member.index.as_ref().map(|index| &index.head)))
            .collect();
        let meetings = meetings(&input.servers, &paths, &mut Vec::new());
        for meeting in meetings.iter().filter(|meeting| meeting.kind == ServerKind::Prometheus) {
            all.of_all.extend(meeting.said.iter().flat_map(|server| server.target_labels.iter().cloned()));
            for number in &meeting.members {
                let Some(member) = fleet.members.get(*number) else { continue };
                let Some(index) = &member.index else { continue };
                all.member(meeting, member, index);
            }
        }
        all
    }

    fn member(&mut self, meeting: &Meeting<'_>, member: &FleetMember, index: &Index) {
        let contract = member.checked.as_ref().map(|checked| checked.contract());
        let manifest = member.manifest.as_ref();
        self.of_all.extend(manifest.iter().flat_map(|manifest| manifest.target_labels.iter().cloned()));
        for metric in &index.metrics {
            let naming = meeting.naming(&index.head, metric);
            self.add(metric, naming, &member.name);
            if let Some(manifest) = manifest {
                self.promote(&manifest.prometheus.promote_resource_attributes, naming);
            }
            if naming.way.has_resource() {
                self.resources(contract, naming, &member.name);
            }
        }
    }

    fn promote(&mut self, keys: &[String], naming: PrometheusNaming) {
        if naming.way.promotes() {
            self.of_all.extend(keys.iter().filter_map(|key| naming.label(key)));
        }
    }

    fn add(&mut self, metric: &IndexMetric, naming: PrometheusNaming, member: &str) {
        let kind = metric.prometheus_kind();
        let labels = labels(&metric.labels, naming);
        for name in naming.series(&metric.name, &metric.unit, kind).unwrap_or_default() {
            let mut own = labels.clone();
            if kind == MetricKind::Histogram && name.ends_with("_bucket") {
                own.insert("le".to_owned(), bounds(metric));
            }
            self.join(name, Some(own), Some(&metric.name), member);
        }
    }

    /// What `target_info` has: the attributes of all resources; unknown where a contract isn't.
    fn resources(&mut self, contract: Option<&Contract>, naming: PrometheusNaming, member: &str) {
        if self.by_name.get(TARGET_INFO).is_some_and(|series| series.members.contains(member)) {
            return;
        }
        let labels = contract.map(|contract| {
            let resources = contract.containers.iter().filter(|one| one.kind == ContainerKind::Resource);
            let keys = resources.flat_map(|one| &one.writers).filter_map(|one| naming.label(&one.key));
            keys.map(|label| (label, None)).collect()
        });
        self.join(TARGET_INFO.to_owned(), labels, None, member);
    }

    fn join(
        &mut self,
        name: String,
        labels: Option<BTreeMap<String, LabelValues>>,
        metric: Option<&String>,
        member: &str,
    ) {
        let empty = || Series { labels: Some(BTreeMap::new()), ..Series::default() };
        let series = self.by_name.entry(name).or_insert_with(empty);
        series.members.insert(member.to_owned());
        series.metrics.extend(metric.cloned());
        series.labels = match (series.labels.take(), labels) {
            (Some(mut all), Some(labels)) => {
                labels.into_iter().for_each(|(label, values)| join_label(&mut all, label, values));
                Some(all)
            }
            _ => None,
        };
    }
}

/// What two writers of a label may write is what either may.
fn join_label(all: &mut BTreeMap<String, LabelValues>, label: String, values: LabelValues) {
    match all.get_mut(&label) {
        Some(known) => {
            *known = match (known.take(), values) {
                (Some(one), Some(other)) => Some(one.into_iter().chain(other).collect()),
                _ => None,
            };
        }
        None => {
            all.insert(label, values);
        }
    }
}

/// Labels as the server has them; of two keys that become one the server joins the values.
fn labels(labels: &[IndexLabel], naming: PrometheusNaming) -> BTreeMap<String, LabelValues> {
    let mut own: BTreeMap<String, LabelValues> = BTreeMap::new();
    for label in labels {
        let Some(name) = naming.label(&label.key) else { continue };
        let values = label.values.as_ref().map(|values| values.iter().cloned().collect());
        own.entry(name).and_modify(|known| *known = None).or_insert(values);
    }
    own
}

/// The values of `le`, in the forms of both ways.
fn bounds(metric: &IndexMetric) -> LabelValues {
    let Some(Buckets::Explicit(bounds)) = &metric.buckets else { return None };
    let forms = bounds.iter().map(|bound| prometheus_bound(*bound));
    Some(forms.flat_map(|(one, other)| [one, other]).chain(["+Inf".to_owned()]).collect())
}
