//! What Prometheus makes of the keys of a resource, a scope or a metric: each becomes a label of its own, on each way on which
//! the points reach the server, and none that is set there anyway.

use crate::hash::{HashMap, HashSet};

use slo_model::names::{PrometheusLoss, PrometheusNaming, PrometheusWay};

use super::collision::{Record, RecordKind, Written, collide};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::SCOPE_FIELDS;
use crate::ir::draft::Contract;

/// The labels of `target_info` that are Prometheus's own. `job` and `instance` are made of `service.name`,
/// `service.namespace` and `service.instance.id`; an attribute of that name is lost without a word.
const TARGET_INFO: [&str; 3] = ["__name__", "instance", "job"];

/// What `job` and `instance` are made of (Prometheus, `keep_identifying_resource_attributes`).
const IDENTIFYING: [&str; 3] = ["service.instance.id", "service.name", "service.namespace"];

/// The labels that say which scope a series comes from.
const SCOPE_LABELS: [&str; 3] = ["otel_scope_name", "otel_scope_schema_url", "otel_scope_version"];

/// The labels of a metric's points that an attribute must not take.
const POINT_LABELS: [&str; 5] = ["__name__", "instance", "job", "le", "quantile"];

/// What a metric's scope becomes, where the server is told to promote it.
const SCOPE_PREFIX: &str = "otel_scope_";

/// A finding with the way that it is about, where `slo.toml` says one.
pub(super) fn on_way(finding: Diagnostic, way: PrometheusWay) -> Diagnostic {
    if way == PrometheusWay::default() {
        return finding;
    }
    let finding = finding.about(way.name());
    let said =
        format!("`slo.toml` says that its points reach the server by `{way}`, under `[prometheus]`: `ways`");
    finding.note(match way.source() {
        Some(source) => format!("{said}; its rules were seen on {source}"),
        None => said,
    })
}

pub(super) fn check(
    contract: &Contract,
    record: &Record<'_>,
    written: &[&Written<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_metric = matches!(record.kind, RecordKind::Signal(_));
    // What is found on one way needn't be said for another.
    let mut reported = HashSet::default();
    for naming in record.namings.iter().filter(|naming| is_metric || naming.way.has_resource()) {
        let labels = Labels { contract, record, naming: *naming };
        for (key, finding) in labels.findings(written) {
            if reported.insert(key) {
                diagnostics.push(on_way(record.under_prometheus(finding), naming.way));
            }
        }
    }
}

/// The labels of a record on one way.
struct Labels<'c> {
    contract: &'c Contract,
    record: &'c Record<'c>,
    naming: PrometheusNaming,
}

impl Labels<'_> {
    /// What is wrong with the labels of the keys, each key once.
    fn findings<'w>(&self, written: &[&'w Written<'_>]) -> Vec<(&'w str, Diagnostic)> {
        let Labels { record, naming, .. } = *self;
        let mut seen: HashMap<String, &Written<'_>> = HashMap::default();
        let promoted = self.promoted();
        let mut findings = Vec::new();
        for one in written.iter().filter(|one| !self.is_left_out(one.key())) {
            let Some(label) = self.label(one.key()) else {
                findings.push((one.key(), self.unnameable(one)));
                continue;
            };
            let finding = self
                .reserved(one, &label)
                .or_else(|| self.of_text(one, &label))
                .or_else(|| promoted.get(&label).map(|key| self.promoted_too(one, &label, key)))
                .or_else(|| self.identifying_too(one, &label, written));
            if let Some(finding) = finding {
                findings.push((one.key(), finding));
            } else if let Some(first) = seen.get(&label) {
                let message = format!(
                    "`{}` and `{}` become one label `{label}` in {} under {naming}",
                    first.key(),
                    one.key(),
                    self.carrier()
                );
                let help = match (record.kind, naming.way.labels_meet()) {
                    (RecordKind::Scope, PrometheusLoss::Joined) => {
                        "choose another key: the server keeps the last one without a word".to_owned()
                    }
                    (_, PrometheusLoss::Joined) => {
                        "choose another key: their values are joined as `a;b`".to_owned()
                    }
                    (_, loss) => format!("choose another key: {}", loss.words()),
                };
                let finding = collide(Code::Collision, one, Some(first), message, &help);
                // All keys that become it, whichever comes first.
                let all = written.iter().filter(|other| self.label(other.key()).as_ref() == Some(&label));
                findings.push((one.key(), finding.about_all(all.map(|other| other.key()))));
            } else {
                seen.insert(label, one);
            }
        }
        findings
    }

    fn is_metric(&self) -> bool {
        matches!(self.record.kind, RecordKind::Signal(_))
    }

    /// What the labels stand in, as messages have it.
    fn carrier(&self) -> String {
        match self.record.kind {
            RecordKind::Resource => "`target_info`".to_owned(),
            RecordKind::Scope => "the scope's labels".to_owned(),
            RecordKind::Signal(_) => format!("the labels of `{}`", self.record.name),
        }
    }

    /// The label that a key becomes, where it becomes one.
    fn label(&self, key: &str) -> Option<String> {
        match self.record.kind {
            RecordKind::Scope => self.naming.label(&format!("{SCOPE_PREFIX}{key}")),
            RecordKind::Resource | RecordKind::Signal(_) => self.naming.label(key),
        }
    }

    /// Whether what says which service it is stands in `target_info` too, besides being `job` and `instance`: every text has it,
    /// but for the Collector's.
    fn keeps_identifying(&self) -> bool {
        match self.naming.way {
            PrometheusWay::Otlp | PrometheusWay::Collector => {
                self.contract.prometheus.keep_identifying_resource_attributes
            }
            _ => true,
        }
    }

    /// Whether a key becomes no label of its own.
    fn is_left_out(&self, key: &str) -> bool {
        match self.record.kind {
            RecordKind::Scope => SCOPE_FIELDS.contains(&key),
            RecordKind::Resource => IDENTIFYING.contains(&key) && !self.keeps_identifying(),
            RecordKind::Signal(_) => false,
        }
    }

    /// The labels of what the server promotes from the resource, with the keys.
    fn promoted(&self) -> HashMap<String, &str> {
        if !self.is_metric() || !self.naming.way.promotes() {
            return HashMap::default();
        }
        let keys = self.contract.prometheus.promote_resource_attributes.iter();
        keys.filter_map(|key| Some((self.naming.label(key)?, key.as_str()))).collect()
    }

    fn unnameable(&self, one: &Written<'_>) -> Diagnostic {
        let naming = self.naming;
        let message = format!("Prometheus has no label for `{}` under {naming}", one.key());
        let (message, help) = match naming.way {
            way if way.uses_strategy() => (
                format!("{message}: nothing is left of it"),
                "choose a key with an ASCII letter or digit, or a translation strategy that keeps UTF-8"
                    .to_owned(),
            ),
            way => (
                message,
                format!(
                    "choose a key that begins with an ASCII letter and has only these, digits and dots: {}",
                    way.label_missing().words()
                ),
            ),
        };
        collide(Code::Unnameable, one, None, message, &help)
    }

    /// A label that the server or the exporter sets itself.
    fn reserved(&self, one: &Written<'_>, label: &str) -> Option<Diagnostic> {
        let way = self.naming.way;
        let loss = self.record.metric.and_then(|kind| way.reserved(label, kind));
        let is_reserved = match self.record.kind {
            RecordKind::Resource => TARGET_INFO.contains(&label),
            RecordKind::Scope => SCOPE_LABELS.contains(&label),
            RecordKind::Signal(_) => {
                let scopes = way.has_resource() && label.starts_with(SCOPE_PREFIX);
                POINT_LABELS.contains(&label) || scopes || loss.is_some()
            }
        };
        if !is_reserved {
            return None;
        }
        let carrier = self.carrier();
        let message = match one.key() == label {
            true => format!("`{label}` is a label that Prometheus keeps for itself in {carrier}"),
            false => format!(
                "`{}` becomes the label `{label}`, which Prometheus keeps for itself in {carrier}",
                one.key()
            ),
        };
        let help = match loss.filter(|_| !way.uses_strategy()) {
            None if self.is_metric() => {
                "show it under another name: the server loses this one or spoils the series without a word"
                    .to_owned()
            }
            Some(loss) if self.is_metric() => format!("show it under another name: {}", loss.words()),
            _ => "choose another key: the server drops this one without a word".to_owned(),
        };
        Some(collide(Code::Reserved, one, None, message, &help))
    }

    /// A label that OpenMetrics text keeps for itself.
    fn of_text(&self, one: &Written<'_>, label: &str) -> Option<Diagnostic> {
        if !self.naming.way.is_open_metrics() || !label.starts_with('_') {
            return None;
        }
        let message = match one.key() == label {
            true => format!("`{label}` begins with `_`, which OpenMetrics text keeps for itself"),
            false => format!(
                "`{}` becomes the label `{label}`, and OpenMetrics text keeps labels for itself that begin with `_`",
                one.key()
            ),
        };
        let help = if self.is_metric() { "show it under another name" } else { "choose another key" };
        Some(collide(Code::Reserved, one, None, message, help))
    }

    /// A label that a promoted attribute of the resource becomes too.
    fn promoted_too(&self, one: &Written<'_>, label: &str, resource_key: &str) -> Diagnostic {
        let message = format!(
            "`{}` becomes the label `{label}`, and so does the promoted resource attribute `{resource_key}`",
            one.key()
        );
        let help = "show it under another name: the server keeps one of the two without a word";
        collide(Code::Collision, one, None, message, help)
            .about(resource_key)
            .note("`slo.toml` promotes it, under `[prometheus]`: `promote_resource_attributes`")
    }

    /// A label of the resource that what says which service it is becomes too, though the contract doesn't write that.
    fn identifying_too(
        &self,
        one: &Written<'_>,
        label: &str,
        written: &[&Written<'_>],
    ) -> Option<Diagnostic> {
        if self.record.kind != RecordKind::Resource || !self.keeps_identifying() {
            return None;
        }
        let key = IDENTIFYING.into_iter().find(|key| {
            *key != one.key() && self.naming.label(key).is_some_and(|identifying| identifying == label)
        })?;
        if written.iter().any(|other| other.key() == key) {
            return None;
        }
        let message = format!(
            "`{}` becomes the label `{label}`, and so does `{key}`, which every service sends",
            one.key()
        );
        let finding = collide(
            Code::Collision,
            one,
            None,
            message,
            "choose another key: their values are joined as `a;b`",
        );
        Some(
            finding
                .about(key)
                .note("`target_info` has it as a label: `slo.toml` says so, under `[prometheus]`"),
        )
    }
}
