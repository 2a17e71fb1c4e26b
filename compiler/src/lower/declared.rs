//! Metrics that are declared for others to record: the contract's own, and those of vocabularies.

use slo_grammar::{Level, ListItem, Place};

use super::Lowering;
use super::attribute::deprecation;
use super::domain::stability;
use super::instrument::kinds;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::{Deprecation, Metric, MetricLabel};
use crate::options::{Context, Options, text_of};
use crate::resolve::{MetricRef, stands_for_itself};
use crate::text::list;

/// The words of requirement levels; `if "…"` is one more.
pub(super) const LEVELS: [&str; 3] = ["required", "recommended", "opt_in"];

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
                let labels = metric.labels.iter().map(|(key, level, condition)| MetricLabel {
                    key: (*key).to_owned(),
                    level: (*level).to_owned(),
                    condition: (*condition).to_owned(),
                });
                Some(Metric {
                    node: self.contract.places.add(place),
                    package: metric.package.to_owned(),
                    name: metric.name.to_owned(),
                    docs: metric.docs.to_owned(),
                    kind: metric.kind.to_owned(),
                    unit: metric.unit.to_owned(),
                    stability: metric.stability.map(str::to_owned),
                    deprecated: metric.deprecated.map(Deprecation::from),
                    labels: labels.collect(),
                })
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
        let labels: Vec<MetricLabel> =
            metric.list.iter().flatten().filter_map(|item| self.declared_label(item)).collect();
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
        })
    }

    fn declared_label(&mut self, item: &ListItem) -> Option<MetricLabel> {
        let misplaced: Option<(Place, &str)> = match (&item.value, &item.via, &item.shown_as) {
            (Some(value), ..) => Some((value.place, "a constant")),
            (None, Some(via), _) => Some((via.place, "`via`")),
            (None, None, Some(other)) => Some((other.place, "`as`")),
            _ => None,
        };
        if let Some((place, what)) = misplaced {
            let message = format!("{what} is for who records the metric to say");
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, place, message)
                    .about(&item.key.value)
                    .help("a declared metric lists the keys of its labels"),
            );
            return None;
        }
        let (level, condition) = match item.level.as_ref().map(|level| &level.value) {
            None => ("recommended", ""),
            Some(Level::If(condition)) => ("if", condition.as_str()),
            Some(Level::Word(word)) => (word.as_str(), ""),
        };
        if level != "if" && !LEVELS.contains(&level) {
            let place = item.level.as_ref().map_or(item.key.place, |level| level.place);
            self.diagnostics.push(
                Diagnostic::new(Code::OptionValue, place, format!("there is no requirement level `{level}`"))
                    .about(&item.key.value)
                    .help("the levels are `required`, `recommended`, `opt_in` and `if \"…\"`"),
            );
            return None;
        }
        Some(MetricLabel {
            key: item.key.value.as_str().to_owned(),
            level: level.to_owned(),
            condition: condition.to_owned(),
        })
    }
}
