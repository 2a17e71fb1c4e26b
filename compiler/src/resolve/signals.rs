//! The names in meanings, views, events and metrics.

use slo_grammar::{
    Event, EventEntry, Expression, Field, ListItem, MeaningEntry, Metric, Name, NamedType, Opt, Placed, Type,
};

use super::{Kind, Resolver};

impl<'t> Resolver<'_, 't> {
    pub(super) fn meaning(&mut self, number: usize, entries: &'t [MeaningEntry]) {
        for entry in entries {
            match entry {
                MeaningEntry::Spread(name) => self.named(number, name, Kind::Meaning),
                MeaningEntry::Lossy(_) => {}
                MeaningEntry::Variant(variant) => {
                    for payload in &variant.payload {
                        self.field_type(number, &payload.type_of);
                    }
                    for projection in &variant.projections {
                        for pair in projection.pairs.iter().flatten() {
                            self.written(number, &pair.key);
                        }
                    }
                }
            }
        }
    }

    pub(super) fn event(&mut self, number: usize, event: &'t Event) {
        self.named(number, &event.scope, Kind::Scope);
        for entry in &event.entries {
            match entry {
                EventEntry::Spread(name) => self.named(number, name, Kind::Group),
                EventEntry::Field(field) => self.field(number, field),
                EventEntry::Metric(metric) => self.items(number, metric.list.as_deref()),
                EventEntry::Log(log) => self.items(number, log.list.as_deref()),
                EventEntry::Span(span) => self.items(number, span.list.as_deref()),
            }
        }
    }

    pub(super) fn field(&mut self, number: usize, field: &'t Field) {
        self.field_type(number, &field.type_of);
        if let Some(via) = &field.via {
            self.named(number, via, Kind::Face);
        }
    }

    /// A metric at top level. Its list names keys, or with `while=` fields of the event.
    pub(super) fn metric(&mut self, number: usize, metric: &'t Metric) {
        if let Some(scope) = &metric.scope {
            self.named(number, scope, Kind::Scope);
        }
        let during = option(&metric.options, "while");
        if let Some(Placed { value: Expression::Key(name), place }) = during {
            self.named(number, &Placed::new(name.clone(), *place), Kind::Event);
        }
        for item in metric.list.iter().flatten() {
            if item.value.is_some() {
                self.written(number, &item.key);
            } else if during.is_none() {
                self.attribute(number, &item.key, false);
            }
            if let Some(other) = &item.shown_as {
                self.written(number, other);
            }
        }
    }

    fn items(&mut self, number: usize, list: Option<&'t [ListItem]>) {
        for item in list.into_iter().flatten() {
            if let Some(via) = &item.via {
                self.named(number, via, Kind::Face);
            }
            if item.value.is_some() {
                self.written(number, &item.key);
            }
            if let Some(other) = &item.shown_as {
                self.written(number, other);
            }
        }
    }

    /// A key to which a value is written: declared if it has a dot, else local.
    fn written(&mut self, number: usize, key: &Name) {
        if key.value.contains('.') {
            self.attribute(number, key, false);
        }
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

/// The value of an option.
fn option<'o>(options: &'o [Opt], name: &str) -> Option<&'o Placed<Expression>> {
    options.iter().find(|option| option.name.value == name)?.value.as_ref()
}
