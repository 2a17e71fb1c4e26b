//! Metrics that something records: those of events, and those that stand for themselves.

use slo_grammar::{Expression, Item, ListItem, Place, Placed};

use super::Lowering;
use super::event::Fields;
use super::list::unknown_writer;
use super::signal::{one_of_these, place_of};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    Bound, ContainerId, FieldValue, Instrument, InstrumentKind, Leaf, NumberType, Signal, SignalWriter,
    WriterValue,
};
use crate::options::{Context, Options, count_of, text_of, without_quotes, word_of, wrong_kind};
use crate::resolve::Named;
use crate::text::list;

/// The kinds of instrument, as the language calls them.
pub(super) fn kinds() -> Vec<&'static str> {
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
        made.scope = self.signal_scope(
            ("metric", &metric.name.value, metric.name.place),
            metric.scope.as_ref(),
            event,
        );
        made.when = self.when(&options, event);
        let kind = made.kind.read().copied();
        made.buckets = kind
            .ok()
            .and_then(|kind| self.buckets(metric, &options, kind, event.external).transpose())
            .map(Leaf::from);
        let said = place_of(&options, "exponential").or_else(|| place_of(&options, "buckets"));
        made.buckets_node =
            said.filter(|_| made.buckets.is_some()).map(|place| self.contract.places.add(place));
        made.number = self.measured(metric, &options, event, kind, &mut made).into();
        made.writers = self.listed(tree, metric.list.as_deref().unwrap_or_default(), event, Signal::Metric);
        made
    }

    /// A metric at top level: an instrument if it is observed or runs while an event does, else a declaration.
    pub(super) fn top_level_metric(&mut self, tree: usize, metric: &'t slo_grammar::Metric) {
        let options = Options::read(&metric.options, Context::Metric, self.diagnostics);
        let name = &metric.name.value;
        let (observed, during) = (options.has("observed"), options.value("while"));
        if let (Some(observed), Some(during)) = (options.get("observed"), options.get("while")) {
            let message = format!("`{name}` is observed, and runs while an event does");
            self.diagnostics.push(
                Diagnostic::new(Code::TwoSources, during.place, message)
                    .about(name)
                    .and(observed.place, "the first source")
                    .help("keep one of the two"),
            );
        }
        if !observed && during.is_none() {
            if options.may_have_meant(&["observed", "while"]).is_none() {
                self.declared_metric(tree, metric, &options);
            }
            return;
        }
        let mut made = self.instrument(tree, metric, &options);
        made.observed = observed;
        match during.filter(|_| !observed) {
            Some(during) => self.while_event(tree, metric, &options, during, &mut made),
            None => {
                self.no_level(metric);
                self.observed(tree, metric, &options, &mut made);
            }
        }
        self.contract.instruments.push(made);
    }

    /// What every instrument has. Its scope, numbers, labels and records are for the caller to fill in.
    fn instrument(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'t>,
    ) -> Instrument {
        let name = &metric.name.value;
        let convention = self.convention(tree, &metric.name);
        let said = self.one_of(name, options, InstrumentKind::ALL, |kind| kind.name());
        let ambiguous = convention.as_ref().err().copied();
        let convention = convention.ok().flatten();
        let declared = convention.as_ref().and_then(|metric| InstrumentKind::from_name(&metric.kind));
        let kind = said.or(declared).ok_or_else(|| {
            ambiguous.or_else(|| options.may_have_meant(&kinds())).unwrap_or_else(|| {
                let message = format!("the metric `{name}` has no kind");
                let diagnostic = Diagnostic::new(Code::OptionValue, metric.name.place, message).about(name);
                let elsewhere = self.resolved.vocabularies.metric_elsewhere(tree, name);
                let diagnostic = match elsewhere.filter(|_| convention.is_none()) {
                    Some(package) => diagnostic
                        .here("declared by a package that this file doesn't use")
                        .help(format!("add `use {package}`, or say its kind")),
                    None => diagnostic.help(one_of_these(&kinds())),
                };
                diagnostic.report(self.diagnostics)
            })
        });
        let unit = options.value("unit").and_then(|value| match &value.value {
            Expression::Key(word) if word == "none" => Some(Placed::new("".into(), value.place)),
            _ => text_of("unit", value, self.diagnostics).ok().filter(|unit| {
                let is_unit = !["", "none"].contains(&unit.value.as_str());
                if !is_unit {
                    self.diagnostics.push(
                        wrong_kind("unit", unit.place, "a unit of UCUM")
                            .about(name)
                            .help("take it out; of a metric that is declared with a unit, `unit=none` says that this one has none"),
                    );
                }
                is_unit
            }),
        });
        let kind_node =
            said.and_then(|kind| place_of(options, kind.name())).map(|place| self.contract.places.add(place));
        let unit_node = unit.as_ref().map(|unit| self.contract.places.add(unit.place));
        let declared_unit = convention.as_ref().map(|metric| metric.unit.clone());
        let bound = |lowering: &mut Self, option: &str| {
            let value = options.value(option)?;
            let points = count_of(option, value, lowering.diagnostics).ok()?;
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
        // Of both, the one that asks for no proof.
        let points = points.filter(|_| limit.is_none());
        Instrument {
            node: self.contract.places.add(metric.name.place),
            package: self.package_name(tree).to_owned(),
            name: name.as_str().to_owned(),
            docs: metric.docs.text(),
            scope: Leaf::Unknown(Reported::elsewhere(Code::NoSource, metric.name.place)),
            kind: kind.into(),
            kind_node,
            unit: unit.map(|unit| unit.value.into()).or(declared_unit).unwrap_or_default(),
            unit_node,
            number: Leaf::Known(NumberType::Int),
            value: None,
            value_node: None,
            buckets: None,
            buckets_node: None,
            points,
            limit,
            observed: false,
            during: None,
            until: super::day::until(options, self.diagnostics),
            when: None,
            writers: Vec::new(),
            convention,
        }
    }

    /// `metric NAME: gauge, observed { KEY, … }`
    fn observed(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'_>,
        made: &mut Instrument,
    ) {
        made.scope = self.scope_of(tree, metric).into();
        made.number = match options.value("value") {
            None => Leaf::Known(NumberType::Double),
            Some(value) => {
                let (expected, help) =
                    ("`int` or `double` here", "a callback gives the value: say the type of its numbers");
                let word = word_of("value", value, expected, help, self.diagnostics);
                let number = word.and_then(|word| {
                    NumberType::from_name(&word.value).ok_or_else(|| {
                        wrong_kind("value", value.place, expected).help(help).report(self.diagnostics)
                    })
                });
                number.into()
            }
        };
        if made.kind == Leaf::Known(InstrumentKind::Histogram) {
            let message = format!("the histogram `{}` can't be observed", made.name);
            self.diagnostics.push(
                Diagnostic::new(Code::Measure, metric.name.place, message)
                    .about(&made.name)
                    .help("observe a `gauge`, a `counter` or an `updowncounter`, or measure it by an event"),
            );
        }
        for item in metric.list.iter().flatten() {
            let writer = self.observed_item(tree, item);
            made.writers.push(writer);
        }
    }

    fn observed_item(&mut self, tree: usize, item: &'t ListItem) -> SignalWriter {
        let node = self.contract.places.add(item.key.place);
        if let Some(via) = &item.via {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, via.place, "an observed metric has keys, and no meanings")
                    .about(&item.key.value)
                    .help("take `via` out"),
            );
        }
        if let Some(value) = &item.value {
            return self.constant_item(tree, &item.key, value, None);
        }
        let bound = match self.bound(tree, &item.key) {
            Ok(bound) => bound,
            Err(reported) => {
                let key = item.key.value.as_str().to_owned();
                return SignalWriter { key, ..unknown_writer(node, reported) };
            }
        };
        let mut writer = SignalWriter {
            node,
            key: bound.key.clone(),
            declaration: Some(self.contract.places.add(bound.place)),
            domain: Some(bound.known().into()),
            value: Leaf::Known(WriterValue::Observed(bound.key)),
            shown_as: None,
            optional: false,
            hidden: bound.sensitive.is_some(),
            sensitive: bound.sensitive.is_some(),
            sensitive_node: bound.sensitive.map(|place| self.contract.places.add(place)),
        };
        if let Some(other) = &item.shown_as {
            self.show_as(tree, other, &mut writer);
        }
        writer
    }

    /// `metric NAME: updowncounter, while=EVENT { FIELD, … }`
    fn while_event(
        &mut self,
        tree: usize,
        metric: &'t slo_grammar::Metric,
        options: &Options<'_>,
        during: &Placed<Expression>,
        made: &mut Instrument,
    ) {
        if let Some(kind) = made.kind.known().filter(|kind| **kind != InstrumentKind::UpDown) {
            let message = format!(
                "`{}` is {}, and what runs is counted up and down",
                made.name,
                crate::text::with_article(kind.name())
            );
            self.diagnostics.push(
                Diagnostic::new(Code::Measure, metric.name.place, message)
                    .about(&made.name)
                    .help("make it an `updowncounter`"),
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
            let diagnostic = wrong_kind("while", during.place, "the name of an event");
            self.diagnostics.push(without_quotes(diagnostic, during, "such as `while=Fetch`"));
        }
        let id = self.resolved.named(during.place).and_then(|(tree, item)| {
            if !self.is_own(tree) {
                return Err(self.foreign_event(&made.name, during.place, tree, item));
            }
            let made = self.events.get(&item.name().place).copied();
            made.ok_or(Reported::elsewhere(Code::OtherKind, during.place))
        });
        let id = match id {
            Ok(id) => id,
            Err(reported) => {
                // Whatever fields are listed, they are unknown with their event.
                for item in metric.list.iter().flatten() {
                    made.writers.push(unknown_writer(self.contract.places.add(item.key.place), reported));
                }
                made.scope = Leaf::Unknown(reported);
                return;
            }
        };
        let event = self.contract.event(id).clone();
        made.during = Some(id);
        made.scope = match &metric.scope {
            None if let Some(scope) = event.scope => scope,
            _ => self.scope_of(tree, metric).into(),
        };
        let event = Fields::of(&event, self.unknown_fields.get(&id).copied());
        made.writers = self.listed(tree, metric.list.as_deref().unwrap_or_default(), &event, Signal::Metric);
        for writer in &made.writers {
            let Some(field) = writer.field() else { continue };
            let field = event.field(field);
            let meaning = matches!(field.value, Leaf::Known(FieldValue::Meaning { .. }));
            if meaning || field.optional || field.unset.is_some() {
                let why =
                    if meaning { "is known when the event ends" } else { "may be set while the event runs" };
                let message =
                    format!("`{}` {why}, and `{}` counts from its beginning", field.name, made.name);
                self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, self.contract.places.place(writer.node), message)
                    .about(&field.name)
                    .and(self.contract.places.place(field.node), "the field")
                    .help("take it out of the list: what is counted up must be counted down under the same labels"),
                );
            }
        }
    }

    /// Reports a metric that counts what another root's programs run.
    fn foreign_event(&mut self, metric: &str, place: Place, tree: usize, event: &Item) -> Reported {
        let (name, package) = (&event.name().value, self.package_name(tree));
        let message = format!("`{metric}` counts while `{name}` runs, which is an event of another root");
        Diagnostic::new(Code::OtherKind, place, message)
            .about(metric)
            .and(event.name().place, "declared here")
            .help(format!("declare the metric where the event is, in `{package}`, or an event of your own"))
            .report(self.diagnostics)
    }

    /// The scope that a metric names, or the only one of its package.
    fn scope_of(&mut self, tree: usize, metric: &slo_grammar::Metric) -> Result<ContainerId, Reported> {
        if let Some(scope) = &metric.scope {
            return self.scope(scope.place);
        }
        let scopes = self.package_of(tree).map(|package| self.resolved.vocabularies.scopes_of(package));
        let scopes = scopes.unwrap_or_default();
        match scopes.as_slice() {
            [Named { tree, item: Item::Scope(block), .. }] => Ok(self.scope_of_block(*tree, block)),
            several => {
                let several: Vec<&str> =
                    several.iter().map(|named| named.item.name().value.as_str()).collect();
                let name = &metric.name.value;
                let help = match several.as_slice() {
                    [] => format!("declare one, `scope NAME {{}}`, and write `metric {name} in NAME: …`"),
                    several => {
                        format!("write `metric {name} in NAME: …`; the scopes here are {}", list(several))
                    }
                };
                let message = format!("the metric `{name}` does not say its scope");
                let diagnostic = Diagnostic::new(Code::NoSource, metric.name.place, message);
                Err(diagnostic.about(name).help(help).report(self.diagnostics))
            }
        }
    }

    fn no_level(&mut self, metric: &slo_grammar::Metric) {
        for item in metric.list.iter().flatten() {
            let Some(level) = &item.level else { continue };
            let message = "a requirement level is for a metric that others record";
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, level.place, message)
                    .about(&item.key.value)
                    .help("take it out"),
            );
        }
    }
}
