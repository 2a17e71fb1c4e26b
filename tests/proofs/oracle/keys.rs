//! Proof 1, in one container: keys stay apart under every target.

use std::collections::BTreeSet;

use slo_compiler::diagnostic::Code;
use slo_model::names::PrometheusWay;

use super::{Happening, Oracle, Verdict};
use crate::proofs::model::{Event, Field, Scalar, Signal, attribute_of, domain_of};
use crate::proofs::records::{Record, Writer, passes_all};

impl Oracle<'_> {
    /// The keys that each writer may write.
    pub(super) fn keys(
        &self,
        event: &Event,
        passing: &[&Record],
        signal: Signal,
        writers: &[Writer],
    ) -> Vec<BTreeSet<String>> {
        let keys = writers.iter().map(|writer| {
            let written = |record: &&Record| self.world.written(event, writer, signal, record);
            passing.iter().flat_map(|record| written(record).into_keys()).collect()
        });
        keys.collect()
    }

    /// Whether what the writers of one container may write, by writer, stays apart under every target.
    pub(super) fn disjoint(&self, keys: &[BTreeSet<String>], signal: Signal, verdict: &mut Verdict) {
        let all: BTreeSet<&str> = keys.iter().flatten().map(String::as_str).collect();
        verdict.find_if(all.len() < keys.iter().map(BTreeSet::len).sum(), Code::KeyTwice);
        match signal {
            Signal::Metric => {
                verdict.find_if(all.contains("otel.metric.overflow"), Code::Reserved);
                if self.contract.prometheus {
                    self.labels(&all, verdict);
                }
            }
            Signal::Log if self.contract.logs => {
                let under = |key: &&str, other: &&str| {
                    other.strip_prefix(*key).is_some_and(|rest| rest.starts_with('.'))
                };
                let nests = all.iter().any(|key| all.iter().any(|other| under(key, other)));
                verdict.find_if(nests, Code::NestedPrefix);
                let of_the_line = |key: &&str| ["body", "scope"].contains(&key.split('.').next().unwrap());
                verdict.find_if(all.iter().any(of_the_line), Code::Reserved);
            }
            Signal::Log | Signal::Span => {}
        }
    }

    /// Whether one store can take all logs: what each may show under which name, and as what.
    pub(super) fn store(&self, happenings: &[Happening<'_>], verdict: &mut Verdict) {
        if !self.contract.logs || self.contract.separate_stores {
            return;
        }
        let mut logs: Vec<BTreeSet<(String, Scalar)>> = Vec::new();
        let all = happenings.iter().flat_map(|one| one.event.logs.iter().map(move |log| (one, log)));
        for (Happening { event, records }, log) in all {
            let writers = self.world.writers(event, log.items.as_ref());
            let passing: Vec<&Record> =
                records.iter().filter(|record| passes_all(event, &log.when, record)).collect();
            let mut shown = BTreeSet::new();
            for (writer, keys) in writers.iter().zip(self.keys(event, &passing, Signal::Log, &writers)) {
                let field = writer.field().map(|field| &event.fields[field]);
                let plain = field.filter(|field| attribute_of(field.key()).is_none());
                shown.extend(keys.into_iter().map(|key| match plain.and_then(Field::domain) {
                    Some(domain) => (key, domain.scalar()),
                    None => (key.clone(), domain_of(&key).scalar()),
                }));
            }
            // What a log that is never written would show is left open, as what two writers of one name show there is.
            let names: BTreeSet<&String> = shown.iter().map(|(key, _)| key).collect();
            verdict.leave_open_if(passing.is_empty(), Code::NestedPrefix);
            verdict.leave_open_if(passing.is_empty() || names.len() < shown.len(), Code::TypeConflict);
            logs.push(shown);
        }
        let below = |key: &String, other: &String| {
            other.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        for (one, other) in logs.iter().enumerate().flat_map(|(number, one)| {
            let others = logs.iter().enumerate().filter(move |(other, _)| *other != number);
            others.map(move |(_, other)| (one, other))
        }) {
            for (key, scalar) in one {
                let differs = other.iter().any(|(name, other)| name == key && other != scalar);
                verdict.find_if(differs && !verdict.open.contains(&Code::TypeConflict), Code::TypeConflict);
                verdict.find_if(other.iter().any(|(name, _)| below(key, name)), Code::NestedPrefix);
            }
        }
    }

    pub(super) fn labels(&self, keys: &BTreeSet<&str>, verdict: &mut Verdict) {
        let naming = self.contract.naming();
        let label = |key: &&str| naming.label(key);
        let promotes = [PrometheusWay::Otlp, PrometheusWay::Slo].contains(&naming.way);
        let promoted = self.contract.promoted.iter().filter(|_| promotes);
        let promoted: BTreeSet<String> = promoted.filter_map(label).collect();
        let is_client = [PrometheusWay::Client, PrometheusWay::ClientOpenMetrics].contains(&naming.way);
        let is_open_metrics = [PrometheusWay::Slo, PrometheusWay::ClientOpenMetrics].contains(&naming.way);
        let refuses = is_client || [PrometheusWay::Go, PrometheusWay::Collector].contains(&naming.way);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for key in keys {
            let Some(label) = label(key) else {
                verdict.find(Code::Unnameable);
                continue;
            };
            let reserved = ["le", "quantile", "job", "instance", "__name__"].contains(&label.as_str())
                || (label.starts_with("otel_scope_") && !is_client)
                || (refuses && label.starts_with("__"))
                || (is_open_metrics && label.starts_with('_'));
            verdict.find_if(reserved, Code::Reserved);
            let taken = promoted.contains(&label) || !seen.insert(label);
            // Of a label that is reserved anyway it need not be said.
            verdict.find_if(taken && !reserved, Code::Collision);
            verdict.leave_open_if(taken && reserved, Code::Collision);
        }
    }
}
