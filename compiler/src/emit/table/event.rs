//! Events and observed metrics as tables.

use proc_macro2::TokenStream;

use super::code::{double, list, text};
use super::signal::Named;
use super::tables::Tables;
use crate::emit::layout::{Given, Holds, LaidOut, Layout, observed_labels};
use crate::ir::{Domain, Instrument, Literal, NumberType, Scalar, Type};

/// The name of what an observed metric measures.
const MEASURED: &str = "value";

impl Tables<'_> {
    /// An event as an expression of type `Event<'static>`.
    #[must_use]
    pub fn event(&self, layout: &Layout<'_>) -> TokenStream {
        let paths = self.paths;
        let event = layout.event;
        let name = event.full_name();
        let running = self.contract.instruments.iter();
        let running: Vec<&Instrument> =
            running.filter(|metric| metric.during.as_ref() == Some(&name)).collect();
        let elapsed = layout.fields.iter().enumerate().find_map(|(number, field)| match field.given {
            Given::Elapsed(nanoseconds) => Some((number, nanoseconds)),
            _ => None,
        });
        let elapsed = elapsed.map(|(field, nanoseconds)| {
            format!("{} {{ field: {field}, nanoseconds: {} }}", paths.table("Elapsed"), double(nanoseconds))
        });
        let code = format!(
            "{} {{ name: {}, place: {}, scope: {}, fields: {}, values: {}, elapsed: {}, drop_invalid: {}, \
             metrics: {}, running: {}, log: {}, span: {} }}",
            paths.table("Event"),
            text(&name),
            text(&self.contract.places.shown(event.node)),
            (self.scope)(event.scope.as_deref().unwrap_or_default()),
            list(&layout.fields, |field| self.field(field)),
            layout.values,
            paths.option(elapsed),
            event.drop_invalid,
            list(&event.metrics, |metric| self.metric(metric, Named::Event(layout))),
            list(&running, |metric| self.metric(metric, Named::Event(layout))),
            paths.option(event.log.as_ref().map(|log| self.log(log, layout))),
            paths.option(event.span.as_ref().map(|span| self.span(span, layout)))
        );
        (self.read)(&code)
    }

    fn field(&self, laid_out: &LaidOut<'_>) -> String {
        let paths = self.paths;
        let LaidOut { field, holds, given, at, .. } = laid_out;
        let kind = paths.table("FieldKind");
        let kind = match holds {
            Holds::Plain(values) => {
                let slot = self.slot(&field.key, values, &self.contract.places.shown(field.node));
                let unset = field.unset.as_ref().map(|unset| paths.literal(unset));
                format!("{kind}::Plain {{ slot: {slot}, unset: {} }}", paths.option(unset))
            }
            Holds::Meaning(meaning) => {
                let number = field.unset.as_ref().and_then(|unset| match unset {
                    Literal::String(name) => meaning.variants.iter().position(|one| one.name == *name),
                    _ => None,
                });
                format!(
                    "{kind}::Meaning {{ meaning: {}, unset: {} }}",
                    (self.meaning)(&meaning.full_name()),
                    paths.option(number.map(|number| number.to_string()))
                )
            }
            Holds::Contexts => format!("{kind}::Contexts"),
        };
        format!(
            "{} {{ name: {}, kind: {kind}, at: {at}, at_begin: {} }}",
            paths.table("Field"),
            text(&field.name),
            matches!(given, Given::Begin | Given::Constant(_))
        )
    }

    /// An observed metric as an expression of type `Observed<'static>`.
    #[must_use]
    pub fn observed(&self, metric: &Instrument) -> TokenStream {
        let paths = self.paths;
        let plain = |name: &str, slot: String, at: usize| {
            format!(
                "{} {{ name: {}, kind: {}::Plain {{ slot: {slot}, unset: {} }}, at: {at}, at_begin: true }}",
                paths.table("Field"),
                text(name),
                paths.table("FieldKind"),
                paths.option(None)
            )
        };
        let mut fields: Vec<String> = observed_labels(&metric.writers)
            .enumerate()
            .map(|(at, (writer, attribute))| {
                let values = self.attributes.values(Some(attribute), writer.domain.as_ref());
                let place = self.contract.places.shown(writer.node);
                plain(&writer.key, self.slot(attribute, &values, &place), at)
            })
            .collect();
        let labels = fields.len();
        let measured = Domain::of(Type::Scalar(match metric.number {
            Some(NumberType::Int) => Scalar::Int,
            Some(NumberType::Double) | None => Scalar::Double,
        }));
        let values = self.attributes.values(None, Some(&measured));
        let place = self.contract.places.shown(metric.node);
        fields.push(plain(MEASURED, self.slot(MEASURED, &values, &place), labels));
        let code = format!(
            "{} {{ scope: {}, fields: {}, metric: {} }}",
            paths.table("Observed"),
            (self.scope)(metric.scope.as_deref().unwrap_or_default()),
            list(&fields, String::clone),
            self.metric(metric, Named::Observed(labels))
        );
        (self.read)(&code)
    }
}
