//! Metrics: those of events, those that stand for themselves, and those that are declared for others to record.

use slo_grammar::{Expression, Level, ListItem, Place, Placed};

use super::Lowering;
use super::attribute::deprecation;
use super::domain::stability;
use super::event::Fields;
use super::literal::literal;
use super::options::{Context, Options, count_of, text_of, word_of, wrong_kind};
use super::signal::{one_of_these, place_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Bound, Buckets, Deprecation, Domain, FieldValue, Instrument, InstrumentKind, Literal, Metric,
    MetricLabel, NumberType, Scalar, SignalWriter, Type, WriterValue,
};
use crate::resolve::{Binding, MetricRef};
use crate::text::list;

/// The kinds of instrument, as the language calls them.
fn kinds() -> Vec<&'static str> {
    InstrumentKind::ALL.iter().map(|kind| kind.name()).collect()
}

impl<'t> Lowering<'_, 't> {
    /// A metric that an event counts in.
    pub(super) fn event_metric(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        event: &Fields<'_>,
    ) -> Instrument {
        let options = Options::read(&metric.options, Context::EventMetric, self.diagnostics);
        let mut made = self.instrument(tree, metric, &options);
        made.scope.clone_from(&event.scope);
        made.when = self.when(&options, event);
        made.buckets = self.buckets(metric, &options, made.kind);
        self.measured(metric, &options, event, &mut made);
        made.writers = self.listed(tree, metric.list.as_deref().unwrap_or_default(), event);
        made
    }

    /// A metric at top level: an instrument if it is observed or runs while an event does, else a declaration.
    pub(super) fn top_level_metric(&mut self, tree: usize, metric: &'t slo_grammar::Metric) {
        let options = Options::read(&metric.options, Context::Metric, self.diagnostics);
        let name = &metric.name.value;
        let (observed, during) = (options.has("observed"), options.value("while"));
        if let (Some(observed), Some(during)) = (options.get("observed"), options.get("while")) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::TwoSources,
                    during.place,
                    format!("`{name}` is observed, and runs while an event does"),
                )
                .about(name)
                .and(observed.place, "the first source")
                .help("keep one of the two"),
            );
        }
        if !observed && during.is_none() {
            if !options.may_have_meant(&["observed", "while"]) {
                self.declared_metric(tree, metric, &options);
            }
            return;
        }
        let mut made = self.instrument(tree, metric, &options);
        made.observed = observed;
        self.no_level(metric);
        match during.filter(|_| !observed) {
            Some(during) => self.while_event(tree, metric, &options, during, &mut made),
            None => self.observed(tree, metric, &options, &mut made),
        }
        self.contract.instruments.push(made);
    }

    /// What every instrument has. Its numbers, labels and records are for the caller to fill in.
    fn instrument(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'t>,
    ) -> Instrument {
        let name = &metric.name.value;
        let convention = self.convention(tree, &metric.name);
        let said = self.one_of(name, options, InstrumentKind::ALL, |kind| kind.name());
        let declared = convention.as_ref().and_then(|metric| InstrumentKind::from_name(&metric.kind));
        if said.is_none() && declared.is_none() && !options.may_have_meant(&kinds()) {
            let diagnostic = Diagnostic::new(
                Code::OptionValue,
                metric.name.place,
                format!("the metric `{name}` has no kind"),
            )
            .about(name);
            let elsewhere = self.resolved.vocabularies.metric_elsewhere(name);
            self.diagnostics.push(match elsewhere.filter(|_| convention.is_none()) {
                Some(package) => diagnostic
                    .here("declared by a package that this file doesn't use")
                    .help(format!("add `use {package}`, or say its kind")),
                None => diagnostic.help(one_of_these(&kinds())),
            });
        }
        let unit = options.value("unit").and_then(|value| text_of("unit", value, self.diagnostics));
        let kind_node =
            said.and_then(|kind| place_of(options, kind.name())).map(|place| self.contract.places.add(place));
        let unit_node = unit.as_ref().map(|unit| self.contract.places.add(unit.place));
        let declared_unit = convention.as_ref().map(|metric| metric.unit.clone());
        let bound = |lowering: &mut Self, option: &str| {
            let value = options.value(option)?;
            let points = count_of(option, value, lowering.diagnostics)?;
            Some(Bound { node: lowering.contract.places.add(value.place), points })
        };
        let (points, limit) = (bound(self, "points"), bound(self, "limit"));
        if let (Some(points), Some(limit)) = (place_of(options, "points"), place_of(options, "limit")) {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, limit, format!("`{name}` says both `points` and `limit`"))
                    .about(name)
                    .and(points, "the first one")
                    .help("`points` is proved by the compiler, `limit` is kept by the program: keep one"),
            );
        }
        Instrument {
            node: self.contract.places.add(metric.name.place),
            package: self.package_name(tree).to_owned(),
            name: name.clone(),
            docs: metric.docs.clone(),
            scope: None,
            kind: said.or(declared),
            kind_node,
            unit: unit.map(|unit| unit.value).or(declared_unit).unwrap_or_default(),
            unit_node,
            number: None,
            value: None,
            value_node: None,
            buckets: None,
            points,
            limit,
            observed: false,
            during: None,
            until: self.until(options),
            when: None,
            writers: Vec::new(),
            convention,
        }
    }

    /// The field that a metric of an event measures, and the type of its numbers.
    fn measured(
        &mut self,
        metric: &slo_grammar::Metric,
        options: &Options<'_>,
        event: &Fields<'_>,
        made: &mut Instrument,
    ) {
        let Some(value) = options.value("value") else {
            match made.kind {
                Some(InstrumentKind::Counter | InstrumentKind::UpDown) => made.number = Some(NumberType::Int),
                Some(kind) if !options.may_have_meant(&["value"]) => self.diagnostics.push(
                    Diagnostic::new(
                        Code::Measure,
                        metric.name.place,
                        format!("the {} `{}` has no value", kind.name(), made.name),
                    )
                    .about(&made.name)
                    .help("say which field it measures: `value=FIELD`"),
                ),
                _ => {}
            }
            return;
        };
        let Some(word) = word_of("value", value, self.diagnostics) else { return };
        let Some(field) = event.field(&word.value) else {
            self.diagnostics.push(super::condition::unknown_field(&word, event));
            return;
        };
        made.value = Some(word.value.clone());
        made.value_node = Some(self.contract.places.add(word.place));
        let number = match &field.value {
            None => return,
            Some(FieldValue::Plain(domain)) => match &domain.value {
                Type::Scalar(Scalar::Int) => Some(NumberType::Int),
                Type::Scalar(Scalar::Double) | Type::Duration(_) => Some(NumberType::Double),
                _ => None,
            },
            Some(FieldValue::Meaning { .. } | FieldValue::Contexts) => None,
        };
        if number.is_none() {
            let diagnostic = Diagnostic::new(
                Code::Measure,
                word.place,
                format!("`{}` is no number that a metric could measure", word.value),
            )
            .about(&made.name)
            .and(self.contract.places.place(field.node), "the field")
            .help("a metric measures an `int`, a `double` or a `duration(…)`");
            self.diagnostics.push(diagnostic);
        }
        made.number = number;
    }

    /// A histogram's buckets. Whether they rise is for the checks to see.
    fn buckets(
        &mut self,
        metric: &slo_grammar::Metric,
        options: &Options<'_>,
        kind: Option<InstrumentKind>,
    ) -> Option<Buckets> {
        let name = &metric.name.value;
        let (exponential, buckets) = (options.get("exponential"), options.get("buckets"));
        let kind = kind?;
        if kind != InstrumentKind::Histogram {
            for option in [exponential, buckets].into_iter().flatten() {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Buckets,
                        option.place,
                        format!(
                            "`{name}` is {}, which has no buckets",
                            crate::text::with_article(kind.name())
                        ),
                    )
                    .about(name)
                    .help("take it out, or make it a `histogram`"),
                );
            }
            return None;
        }
        if let (Some(exponential), Some(buckets)) = (exponential, buckets) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Buckets,
                    buckets.place,
                    format!("`{name}` has buckets, and is `exponential`"),
                )
                .about(name)
                .and(exponential.place, "its buckets follow the values")
                .help("keep one of the two"),
            );
        }
        if exponential.is_some() {
            return Some(Buckets::Exponential);
        }
        let Some(value) = buckets.and_then(|option| option.value.as_ref()) else {
            if !options.may_have_meant(&["buckets", "exponential"]) {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Buckets,
                        metric.name.place,
                        format!("the histogram `{name}` has no buckets"),
                    )
                    .about(name)
                    .help("write their upper bounds, `buckets=[0.005, 0.05, 0.5, 5]`, or `exponential`"),
                );
            }
            return None;
        };
        let Expression::List(bounds) = &value.value else {
            self.diagnostics.push(
                wrong_kind("buckets", value.place, "a list of upper bounds")
                    .help("such as `[0.005, 0.05, 0.5, 5]`"),
            );
            return None;
        };
        let domain = Domain::of(Type::Scalar(Scalar::Double));
        let mut made: Vec<f64> = Vec::new();
        for bound in bounds {
            match literal("buckets", bound, &domain) {
                Ok(Literal::Double(number)) => {
                    if let Some(last) = made.last().filter(|last| **last >= number) {
                        self.diagnostics.push(
                            Diagnostic::new(
                                Code::Buckets,
                                bound.place,
                                match *last == number {
                                    true => format!("the bound `{number}` stands twice"),
                                    false => format!("the bound `{number}` comes after `{last}`"),
                                },
                            )
                            .about(name)
                            .help("bounds rise from one to the next"),
                        );
                        return None;
                    }
                    made.push(number);
                }
                Ok(_) => return None,
                Err(error) => {
                    self.diagnostics.push(*error);
                    return None;
                }
            }
        }
        Some(Buckets::Explicit(made))
    }

    /// `metric NAME: gauge, observed { KEY, … }`
    fn observed(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'_>,
        made: &mut Instrument,
    ) {
        made.scope = self.scope_of(tree, metric);
        made.number = match options.value("value") {
            None => Some(NumberType::Double),
            Some(value) => {
                let word = word_of("value", value, self.diagnostics);
                let number = word.as_ref().and_then(|word| NumberType::from_name(&word.value));
                if word.is_some() && number.is_none() {
                    let help = "a callback gives the value: say the type of its numbers";
                    self.diagnostics
                        .push(wrong_kind("value", value.place, "`int` or `double` here").help(help));
                }
                number
            }
        };
        if made.kind == Some(InstrumentKind::Histogram) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Measure,
                    metric.name.place,
                    format!("the histogram `{}` can't be observed", made.name),
                )
                .about(&made.name)
                .help("observe a `gauge`, a `counter` or an `updown`, or measure it by an event"),
            );
        }
        for item in metric.list.iter().flatten() {
            made.writers.extend(self.observed_item(tree, item));
        }
    }

    fn observed_item(&mut self, tree: usize, item: &'t ListItem) -> Option<SignalWriter> {
        let node = self.contract.places.add(item.key.place);
        if let Some(via) = &item.via {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, via.place, "an observed metric has keys, and no meanings")
                    .about(&item.key.value)
                    .help("take `via` out"),
            );
        }
        if let Some(value) = &item.value {
            return Some(self.constant_item(tree, &item.key, value, None));
        }
        let bound = self.bound(tree, &item.key)?;
        let mut writer = SignalWriter {
            node,
            key: bound.key,
            declaration: Some(self.contract.places.add(bound.place)),
            value: Some(WriterValue::Observed),
            domain: bound.domain,
            shown_as: None,
            optional: false,
            hidden: bound.sensitive,
            sensitive: bound.sensitive,
        };
        if let Some(other) = &item.shown_as {
            self.show_as(tree, other, &mut writer);
        }
        Some(writer)
    }

    /// `metric NAME: updown, while=EVENT { FIELD, … }`
    fn while_event(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'_>,
        during: &Placed<Expression>,
        made: &mut Instrument,
    ) {
        made.number = Some(NumberType::Int);
        if let Some(kind) = made.kind.filter(|kind| *kind != InstrumentKind::UpDown) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Measure,
                    metric.name.place,
                    format!(
                        "`{}` is {}, and what runs is counted up and down",
                        made.name,
                        crate::text::with_article(kind.name())
                    ),
                )
                .about(&made.name)
                .help("make it an `updown`"),
            );
        }
        if let Some(value) = options.get("value") {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, value.place, format!("`{}` counts by one", made.name))
                    .about(&made.name)
                    .help("take `value` out"),
            );
        }
        if !matches!(during.value, Expression::Key(_)) {
            self.diagnostics.push(wrong_kind("while", during.place, "the name of an event"));
        }
        let Some(Binding::Named(_, item)) = self.resolved.bindings.get(&during.place).copied() else {
            return;
        };
        let place = item.name().place;
        let found = self.contract.events.iter().find(|event| self.contract.places.place(event.node) == place);
        let Some(event) = found.cloned() else { return };
        made.during = Some(event.full_name());
        made.scope = match &metric.scope {
            Some(_) => self.scope_of(tree, metric),
            None => event.scope.clone(),
        };
        let event = Fields::of(&event);
        made.writers = self.listed(tree, metric.list.as_deref().unwrap_or_default(), &event);
        for writer in &made.writers {
            let Some(field) = writer.value.as_ref().and_then(WriterValue::field) else { continue };
            let Some(field) = event.field(field) else { continue };
            let meaning = matches!(field.value, Some(FieldValue::Meaning { .. }));
            if meaning || field.optional || field.unset.is_some() {
                let why =
                    if meaning { "is known when the event ends" } else { "may be set while the event runs" };
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Misplaced,
                        self.contract.places.place(writer.node),
                        format!("`{}` {why}, and `{}` counts from its beginning", field.name, made.name),
                    )
                    .about(&field.name)
                    .and(self.contract.places.place(field.node), "the field")
                    .help("take it out of the list: what is counted up must be counted down under the same labels"),
                );
            }
        }
    }

    /// The scope that a metric names, or the only one of its package.
    fn scope_of(&mut self, tree: usize, metric: &slo_grammar::Metric) -> Option<String> {
        if let Some(scope) = &metric.scope {
            return match self.resolved.bindings.get(&scope.place).copied() {
                Some(Binding::Named(tree, item)) => {
                    Some(format!("{}.{}", self.package_name(tree), item.name().value))
                }
                _ => None,
            };
        }
        let package = self.package_name(tree);
        let scopes: Vec<&str> = self.resolved.vocabularies.scopes_of(package);
        match scopes.as_slice() {
            [one] => Some(format!("{package}.{one}")),
            several => {
                let name = &metric.name.value;
                let help = match several {
                    [] => format!("declare one, `scope NAME {{}}`, and write `metric {name} in NAME: …`"),
                    several => {
                        format!("write `metric {name} in NAME: …`; the scopes here are {}", list(several))
                    }
                };
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::NoSource,
                        metric.name.place,
                        format!("the metric `{name}` does not say its scope"),
                    )
                    .about(name)
                    .help(help),
                );
                None
            }
        }
    }

    fn no_level(&mut self, metric: &slo_grammar::Metric) {
        for item in metric.list.iter().flatten() {
            let Some(level) = &item.level else { continue };
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    level.place,
                    "a requirement level is for a metric that others record",
                )
                .about(&item.key.value)
                .help("take it out"),
            );
        }
    }

    /// What a vocabulary, or the contract itself, declares of the metric of this name.
    fn convention(&mut self, tree: usize, name: &Placed<String>) -> Option<Metric> {
        let found = self.resolved.vocabularies.metric(tree, &name.value);
        let own_place = name.place;
        let found: Vec<MetricRef<'t>> = found
            .into_iter()
            .filter(|metric| match metric {
                MetricRef::Text(declared) => {
                    let stands_for_itself = ["observed", "while"]
                        .iter()
                        .any(|word| declared.metric.options.iter().any(|option| option.name.value == *word));
                    declared.metric.name.place != own_place && !stands_for_itself
                }
                MetricRef::Table(..) => true,
            })
            .collect();
        for metric in &found {
            let package = self.resolved.vocabularies.package_of_metric(*metric);
            self.resolved.vocabularies.mark(tree, package);
        }
        let [one] = found.as_slice() else {
            if found.len() > 1 {
                let packages: Vec<&str> = found
                    .iter()
                    .map(|metric| self.resolved.vocabularies.package_of_metric(*metric))
                    .collect();
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::AmbiguousName,
                        name.place,
                        format!("the metric `{}` is declared by {}", name.value, list(&packages)),
                    )
                    .about(&name.value)
                    .help("use one of the packages only"),
                );
            }
            return None;
        };
        match one {
            MetricRef::Text(declared) => {
                // Its own mistakes are reported where it is declared.
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
        }
    }

    /// A metric that is declared for others to record.
    fn declared_metric(&mut self, tree: usize, metric: &'t slo_grammar::Metric, options: &Options<'t>) {
        for option in ["value", "points", "limit", "until"].into_iter().filter_map(|name| options.get(name)) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    option.place,
                    format!("nothing records `{}` here", metric.name.value),
                )
                .about(&metric.name.value)
                .help(format!(
                    "say `{}` where an event records it, or make it `observed` or `while=EVENT`",
                    option.name.value
                )),
            );
        }
        if let Some(scope) = &metric.scope {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    scope.place,
                    format!("`{}` is declared for others, each in its own scope", metric.name.value),
                )
                .about(&metric.name.value)
                .help("take `in` and the scope out, or make it `observed` or `while=EVENT`"),
            );
        }
        let made = self.metric(tree, metric, options);
        self.contract.metrics.extend(made);
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
            if said.is_empty() && options.may_have_meant(&known) {
                return None;
            }
            let has =
                if said.is_empty() { "no kind".to_owned() } else { format!("the kinds {}", list(&said)) };
            self.diagnostics.push(
                Diagnostic::new(
                    Code::OptionValue,
                    metric.name.place,
                    format!("the metric `{}` has {has}", metric.name.value),
                )
                .about(&metric.name.value)
                .help("say one of `counter`, `updown`, `gauge` and `histogram`"),
            );
            return None;
        };
        let unit = options.value("unit").and_then(|value| text_of("unit", value, self.diagnostics));
        let node = self.contract.places.add(metric.name.place);
        let labels: Vec<MetricLabel> =
            metric.list.iter().flatten().filter_map(|item| self.declared_label(item)).collect();
        let stability = stability(options.value("stability"), self.diagnostics);
        let deprecated = deprecation(options, self.diagnostics);
        Some(Metric {
            node,
            package: self.package_name(tree).to_owned(),
            name: metric.name.value.clone(),
            docs: metric.docs.clone(),
            kind: (*kind).to_owned(),
            unit: unit.map(|unit| unit.value).unwrap_or_default(),
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
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    place,
                    format!("{what} is for who records the metric to say"),
                )
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
        if !["required", "recommended", "opt_in", "if"].contains(&level) {
            let place = item.level.as_ref().map_or(item.key.place, |level| level.place);
            self.diagnostics.push(
                Diagnostic::new(Code::OptionValue, place, format!("there is no requirement level `{level}`"))
                    .about(&item.key.value)
                    .help("the levels are `required`, `recommended`, `opt_in` and `if \"…\"`"),
            );
            return None;
        }
        Some(MetricLabel {
            key: item.key.value.clone(),
            level: level.to_owned(),
            condition: condition.to_owned(),
        })
    }
}
