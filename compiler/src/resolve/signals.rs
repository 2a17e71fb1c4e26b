//! The names in meanings, views, events and metrics.

use slo_grammar::{
    Event, EventEntry, Expression, Field, ListItem, MeaningEntry, Metric, Name, NamedType, Opt, Placed, Type,
};

use super::{DeclaredKind, Kind, MetricRef, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::OVERFLOW;
use crate::ir::Scalar;

impl<'t> Resolver<'_, 't> {
    pub(super) fn meaning(&mut self, number: usize, entries: &'t [MeaningEntry]) {
        for entry in entries {
            match entry {
                MeaningEntry::Spread(spread) => self.named(number, &spread.name, Kind::Meaning),
                MeaningEntry::Lossy(_) => {}
                MeaningEntry::Variant(variant) => {
                    for payload in &variant.payload {
                        self.field_type(number, &payload.type_of);
                    }
                    for projection in &variant.projections {
                        let on_metric = ["metric", "all"].contains(&projection.signal.value.as_str());
                        for pair in projection.pairs.iter().flatten() {
                            self.written(number, &pair.key, on_metric);
                        }
                    }
                }
            }
        }
    }

    pub(super) fn event(&mut self, number: usize, event: &'t Event) {
        if let Some(scope) = &event.scope {
            self.named(number, scope, Kind::Scope);
        }
        let of_signals = event.entries.iter().filter_map(|entry| match entry {
            EventEntry::Metric(metric) => metric.scope.as_ref(),
            EventEntry::Log(log) => log.scope.as_ref(),
            EventEntry::Span(span) => span.scope.as_ref(),
            EventEntry::SpanEvent(one) => one.scope.as_ref(),
            EventEntry::Field(_) | EventEntry::Spread(_) => None,
        });
        of_signals.for_each(|scope| self.named(number, scope, Kind::Scope));
        for entry in &event.entries {
            match entry {
                EventEntry::Spread(spread) => self.named(number, &spread.name, Kind::Group),
                EventEntry::Field(field) => self.field(number, field),
                EventEntry::Metric(metric) => {
                    self.metric_named(number, &metric.name);
                    self.items(number, metric.list.as_deref(), true);
                }
                EventEntry::Log(log) => {
                    if let Some(name) = &log.name {
                        self.log_named(number, name);
                    }
                    self.items(number, log.list.as_deref(), false);
                }
                EventEntry::Span(span) => {
                    if let Some(of) = &span.of {
                        self.declared(number, DeclaredKind::Span, of);
                    }
                    self.items(number, span.list.as_deref(), false);
                }
                EventEntry::SpanEvent(one) => self.items(number, one.list.as_deref(), false),
            }
        }
    }

    pub(super) fn field(&mut self, number: usize, field: &'t Field) {
        match self.signal_without_name(number, field) {
            Some(diagnostic) => self.diagnostics.push(diagnostic),
            None => self.field_type(number, &field.type_of),
        }
        if let Some(via) = &field.via {
            self.named(number, via, Kind::Face);
        }
    }

    /// `log: info`, which is read as a field called `log` whose type is `info`.
    fn signal_without_name(&self, number: usize, field: &Field) -> Option<Diagnostic> {
        let form = signal_form(&field.name.value)?;
        let Type::Named(NamedType { name, array: false }) = &field.type_of.value else { return None };
        let is_type = name.value == "any"
            || Scalar::from_name(&name.value).is_some()
            || is_declaration(&name.value)
            || !self.vocabularies.attribute(number, &name.value).is_empty();
        if is_type || self.vocabularies.was_reported(number, &name.value) {
            return None;
        }
        let message = format!("there is no type or key `{}`", name.value);
        let help = form.replace("OPTION", &name.value);
        Some(Diagnostic::new(Code::UnknownName, name.place, message).about(&name.value).help(help))
    }

    /// A metric at top level. Its list names keys, or with `while=` fields of the event.
    pub(super) fn metric(&mut self, number: usize, metric: &'t Metric) {
        self.metric_named(number, &metric.name);
        if let Some(scope) = &metric.scope {
            self.named(number, scope, Kind::Scope);
        }
        let during = option(&metric.options, "while");
        if let Some(Placed { value: Expression::Key(name), place }) = during {
            self.named(number, &Placed::new(name.clone(), *place), Kind::Event);
        }
        self.entities_of(number, &metric.options);
        for item in metric.list.iter().flatten() {
            if item.value.is_some() {
                self.written(number, &item.key, true);
            } else if during.is_none() && !self.is_overflow(number, &item.key) {
                self.attribute(number, &item.key, false);
            }
            if let Some(other) = &item.shown_as {
                self.written(number, other, true);
            }
        }
    }

    /// What a vocabulary declares of a metric is taken by its name.
    fn metric_named(&mut self, number: usize, name: &Name) {
        for metric in self.vocabularies.metric(number, &name.value) {
            if !matches!(metric, MetricRef::Text(declared) if declared.metric.name.place == name.place) {
                self.vocabularies.mark(number, self.vocabularies.package_of_metric(metric));
            }
        }
    }

    fn items(&mut self, number: usize, list: Option<&'t [ListItem]>, on_metric: bool) {
        for item in list.into_iter().flatten() {
            if let Some(via) = &item.via {
                self.named(number, via, Kind::Face);
            }
            if item.value.is_some() {
                self.written(number, &item.key, on_metric);
            }
            if let Some(other) = &item.shown_as {
                self.written(number, other, on_metric);
            }
        }
    }

    /// A key to which a value is written: declared if it has a dot, else local.
    fn written(&mut self, number: usize, key: &Name, on_metric: bool) {
        if key.value.contains('.') && !(on_metric && self.is_overflow(number, key)) {
            self.attribute(number, key, false);
        }
    }

    /// Whether a key is the one that a metric keeps for itself, and nobody declares it: that it may not stand there is for
    /// the checks to say.
    fn is_overflow(&self, number: usize, key: &Name) -> bool {
        key.value == OVERFLOW && self.vocabularies.attribute(number, &key.value).is_empty()
    }

    /// A type that may be a meaning: a name whose last part begins with a capital is a declaration.
    fn field_type(&mut self, number: usize, type_of: &Placed<Type>) {
        match &type_of.value {
            Type::Named(NamedType { name, .. }) if is_declaration(&name.value) => {
                self.named(number, name, Kind::Meaning);
            }
            Type::Named(NamedType { name, array: true }) if name.value == "context" => {}
            other => self.type_of(number, other),
        }
    }
}

/// Whether a name is a declaration's: its last part begins with a capital.
pub(crate) fn is_declaration(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

/// How the signal is written that a field of this name was most likely meant to be.
pub(crate) fn signal_form(name: &str) -> Option<&'static str> {
    Some(match name {
        "metric" => "a metric has a name: `metric NAME: OPTION`",
        "log" => "a log has a name: `log NAME: OPTION`",
        "span" => "a span has a name in quotes: `span \"NAME\": OPTION`",
        _ => return None,
    })
}

/// Whether a metric at top level is an instrument, rather than declared for others to record.
pub(crate) fn stands_for_itself(metric: &Metric) -> bool {
    metric.options.iter().any(|option| ["observed", "while"].contains(&option.name.value.as_str()))
}

/// The value of an option.
fn option<'o>(options: &'o [Opt], name: &str) -> Option<&'o Placed<Expression>> {
    options.iter().find(|option| option.name.value == name)?.value.as_ref()
}
