//! Metrics that are declared for others to record: the contract's own, and those of vocabularies.

use super::Lowering;
use super::attribute::deprecation;
use super::domain::stability;
use super::instrument::kinds;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::hash::HashMap;
use crate::ir::{ListedKey, Metric};
use crate::options::{Context, Options, text_of};
use crate::resolve::{MetricRef, before_built_in, stands_for_itself};
use crate::text::list;

impl<'t> Lowering<'_, 't> {
    /// What a vocabulary, or the contract itself, declares of the metric of this name.
    pub(super) fn convention(
        &mut self,
        tree: usize,
        name: &slo_grammar::Name,
    ) -> Result<Option<Metric>, Reported> {
        let found = self.resolved.vocabularies.metric(tree, &name.value);
        let own_place = name.place;
        let found: Vec<MetricRef<'t>> = found
            .into_iter()
            .filter(|metric| match metric {
                MetricRef::Text(declared) => {
                    declared.metric.name.place != own_place && !stands_for_itself(declared.metric)
                }
                MetricRef::Table(..) => true,
            })
            .collect();
        let found = before_built_in(found, |metric| matches!(metric, MetricRef::Text(_)));
        let [one] = found.as_slice() else {
            if found.is_empty() {
                return Ok(None);
            }
            let packages: Vec<&str> =
                found.iter().map(|metric| self.resolved.vocabularies.package_of_metric(*metric)).collect();
            let message = format!("the metric `{}` is declared by {}", name.value, list(&packages));
            let mut diagnostic = Diagnostic::new(Code::AmbiguousName, name.place, message)
                .about(&name.value)
                .help("use one of the packages only");
            for metric in &found {
                if let MetricRef::Text(declared) = metric {
                    diagnostic = diagnostic.and(declared.metric.name.place, "declared here");
                }
            }
            return Err(diagnostic.report(self.diagnostics));
        };
        Ok(match one {
            MetricRef::Text(declared) => {
                // Its own mistakes are found where it is declared.
                let before = self.diagnostics.len();
                let options = Options::read(&declared.metric.options, Context::Metric, self.diagnostics);
                let made = self.metric(declared.tree, declared.metric, &options);
                self.diagnostics.truncate(before);
                made
            }
            MetricRef::Table(table, metric) => {
                let place = self.table_place(table, metric.place);
                Some(Metric::of_table(metric, self.contract.places.add(place)))
            }
        })
    }

    /// A metric that is declared for others to record.
    pub(super) fn declared_metric(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'t>,
    ) {
        let found = self.diagnostics.len();
        let misplaced: Vec<&slo_grammar::Opt> =
            ["value", "points", "limit", "until"].into_iter().filter_map(|name| options.get(name)).collect();
        if let Some((first, others)) = misplaced.split_first() {
            let names: Vec<&str> = misplaced.iter().map(|option| option.name.value.as_str()).collect();
            let mut diagnostic = Diagnostic::new(
                Code::Misplaced,
                first.place,
                format!("nothing records `{}` here, of which this says {}", metric.name.value, list(&names)),
            )
            .about(&metric.name.value)
            .help("say it where an event records the metric, or make it `observed` or `while=EVENT`");
            for other in others {
                diagnostic = diagnostic.and(other.place, "and this");
            }
            self.diagnostics.push(diagnostic);
        }
        if let Some(scope) = &metric.scope {
            let message = format!("`{}` is declared for others, each in its own scope", metric.name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, scope.place, message)
                    .about(&metric.name.value)
                    .help("take `in` and the scope out, or make it `observed` or `while=EVENT`"),
            );
        }
        let misplaced = self.diagnostics.len() > found;
        let made = self.metric(tree, metric, options);
        // What says that it is recorded was meant to be: that nothing records it would say nothing new.
        self.contract.metrics.extend(made.filter(|_| !misplaced));
    }

    fn metric(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'t>,
    ) -> Option<Metric> {
        let known = kinds();
        let said: Vec<&str> = known.iter().copied().filter(|kind| options.has(kind)).collect();
        let [kind] = said.as_slice() else {
            if said.is_empty() && options.may_have_meant(&known).is_some() {
                return None;
            }
            let has =
                if said.is_empty() { "no kind".to_owned() } else { format!("the kinds {}", list(&said)) };
            let message = format!("the metric `{}` has {has}", metric.name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::OptionValue, metric.name.place, message)
                    .about(&metric.name.value)
                    .help("say one of `counter`, `updowncounter`, `gauge` and `histogram`"),
            );
            return None;
        };
        let unit = options.value("unit").and_then(|value| text_of("unit", value, self.diagnostics).ok());
        let node = self.contract.places.add(metric.name.place);
        let mut labels: Vec<ListedKey> = Vec::new();
        let mut seen = HashMap::default();
        for item in metric.list.iter().flatten() {
            let listed = self.listed_key(item, false, "metric");
            let once = |key: &ListedKey| !self.key_twice(item, &key.key, &metric.name.value, &mut seen);
            labels.extend(listed.filter(once));
        }
        let entities = self.entities(&metric.name.value, options);
        let stability = stability(options.value("stability"), self.diagnostics);
        let deprecated = deprecation(options, self.diagnostics);
        Some(Metric {
            node,
            package: self.package_name(tree).to_owned(),
            name: metric.name.value.as_str().to_owned(),
            docs: metric.docs.text(),
            kind: (*kind).to_owned(),
            unit: unit.map(|unit| unit.value.into()).unwrap_or_default(),
            stability,
            deprecated,
            labels,
            entities,
        })
    }
}
