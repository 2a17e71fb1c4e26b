//! Metrics that something records: those of events, and those that stand for themselves.

use slo_grammar::{Expression, Item, ListItem, Place, Placed};

use super::Lowering;
use super::event::Fields;
use super::options::{Context, Options, count_of, text_of, without_quotes, word_of, wrong_kind};
use super::signal::{one_of_these, place_of, unknown_writer};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    Bound, ContainerId, FieldValue, Instrument, InstrumentKind, NumberType, Signal, SignalWriter, WriterValue,
};
use crate::resolve::Binding;
use crate::text::list;

/// The kinds of instrument, as the language calls them.
pub(super) fn kinds() -> Vec<&'static str> {
    InstrumentKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// The kind of an instrument, where its convention has none other: which of the two is meant is unknown.
fn settled_kind(made: &Instrument) -> Option<InstrumentKind> {
    let declared = made.convention.as_ref().and_then(|metric| InstrumentKind::from_name(&metric.kind));
    made.kind.filter(|kind| declared.is_none_or(|declared| declared == *kind))
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
        made.scope = event.scope;
        made.when = self.when(&options, event);
        let kind = settled_kind(&made);
        made.buckets = self.buckets(metric, &options, kind);
        let said = place_of(&options, "exponential").or_else(|| place_of(&options, "buckets"));
        made.buckets_node =
            said.filter(|_| made.buckets.is_some()).map(|place| self.contract.places.add(place));
        self.measured(metric, &options, event, kind, &mut made);
        made.writers = self.listed(tree, metric.list.as_deref().unwrap_or_default(), event, Signal::Metric);
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
        match during.filter(|_| !observed) {
            Some(during) => self.while_event(tree, metric, &options, during, &mut made),
            None => {
                self.no_level(metric);
                self.observed(tree, metric, &options, &mut made);
            }
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
        let found = self.diagnostics.len();
        let convention = self.convention(tree, &metric.name);
        let ambiguous = self.diagnostics.len() > found;
        let said = self.one_of(name, options, InstrumentKind::ALL, |kind| kind.name());
        let declared = convention.as_ref().and_then(|metric| InstrumentKind::from_name(&metric.kind));
        if said.is_none() && declared.is_none() && !ambiguous && !options.may_have_meant(&kinds()) {
            let diagnostic = Diagnostic::new(
                Code::OptionValue,
                metric.name.place,
                format!("the metric `{name}` has no kind"),
            )
            .about(name);
            let elsewhere = self.resolved.vocabularies.metric_elsewhere(tree, name);
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
        // Of both, the one that asks for no proof.
        let points = points.filter(|_| limit.is_none());
        Instrument {
            node: self.contract.places.add(metric.name.place),
            package: self.package_name(tree).to_owned(),
            name: name.as_str().to_owned(),
            docs: metric.docs.text(),
            scope: None,
            kind: said.or(declared),
            kind_node,
            unit: unit.map(|unit| unit.value.into()).or(declared_unit).unwrap_or_default(),
            unit_node,
            number: None,
            value: None,
            value_node: None,
            buckets: None,
            buckets_node: None,
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
                let (expected, help) =
                    ("`int` or `double` here", "a callback gives the value: say the type of its numbers");
                let word = word_of("value", value, expected, help, self.diagnostics);
                let number = word.as_ref().and_then(|word| NumberType::from_name(&word.value));
                if word.is_some() && number.is_none() {
                    self.diagnostics.push(wrong_kind("value", value.place, expected).help(help));
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
        let Some(bound) = self.bound(tree, &item.key) else {
            return SignalWriter { key: item.key.value.as_str().to_owned(), ..unknown_writer(node) };
        };
        let mut writer = SignalWriter {
            node,
            key: bound.key.clone(),
            declaration: Some(self.contract.places.add(bound.place)),
            value: Some(WriterValue::Observed(bound.key)),
            domain: bound.domain.filter(|_| bound.known),
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
            let diagnostic = wrong_kind("while", during.place, "the name of an event");
            self.diagnostics.push(without_quotes(diagnostic, during, "such as `while=Fetch`"));
        }
        let bound = self.resolved.bindings.get(&during.place).copied();
        let id = match bound {
            Some(Binding::Named(tree, item)) => {
                if !self.is_own(tree) {
                    self.foreign_event(&made.name, during.place, tree, item);
                }
                self.events.get(&item.name().place).copied()
            }
            _ => None,
        };
        let Some(id) = id else {
            // Whatever fields are listed, they are unknown with their event.
            for item in metric.list.iter().flatten() {
                made.writers.push(unknown_writer(self.contract.places.add(item.key.place)));
            }
            return;
        };
        let event = self.contract.event(id).clone();
        made.during = Some(id);
        made.scope = match &metric.scope {
            Some(_) => self.scope_of(tree, metric),
            None => event.scope,
        };
        let event = Fields::of(&event, self.unknown_fields.contains(&id));
        made.writers = self.listed(tree, metric.list.as_deref().unwrap_or_default(), &event, Signal::Metric);
        for writer in &made.writers {
            let Some(field) = writer.value.as_ref().and_then(WriterValue::field) else { continue };
            let field = event.field(field);
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

    /// Reports a metric that counts what another root's programs run.
    fn foreign_event(&mut self, metric: &str, place: Place, tree: usize, event: &Item) {
        let (name, package) = (&event.name().value, self.package_name(tree));
        self.diagnostics.push(
            Diagnostic::new(
                Code::OtherKind,
                place,
                format!("`{metric}` counts while `{name}` runs, which is an event of another root"),
            )
            .about(metric)
            .and(event.name().place, "declared here")
            .help(format!("declare the metric where the event is, in `{package}`, or an event of your own")),
        );
    }

    /// The scope that a metric names, or the only one of its package.
    fn scope_of(&mut self, tree: usize, metric: &slo_grammar::Metric) -> Option<ContainerId> {
        if let Some(scope) = &metric.scope {
            return match self.resolved.bindings.get(&scope.place).copied() {
                Some(Binding::Named(tree, item)) => self.scope(tree, item),
                _ => None,
            };
        }
        let scopes = self.package_of(tree).map(|package| self.resolved.vocabularies.scopes_of(package));
        let scopes = scopes.unwrap_or_default();
        match scopes.as_slice() {
            [one] => self.scope(one.tree, one.item),
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
}
