//! Meanings and views as tables.

use proc_macro2::TokenStream;

use super::code::{list, text};
use super::tables::{Tables, numbers};
use crate::ir::{
    Lossy, Meaning, Pair, PairValue, Payload, Projection, Severity, Shown, Signal, Status, Variant,
};

impl Tables<'_> {
    /// A meaning or a view as an expression of type `Meaning<'static>`.
    #[must_use]
    pub fn meaning(&self, meaning: &Meaning) -> TokenStream {
        (self.read)(&self.meaning_text(meaning))
    }

    /// The same as text, for where the table itself stands in another one.
    #[must_use]
    pub fn meaning_text(&self, meaning: &Meaning) -> String {
        let until = meaning.view.as_ref().and_then(|view| view.until.as_deref());
        format!(
            "{} {{ name: {}, variants: {}, lossy: {}, until: {} }}",
            self.paths.table("Meaning"),
            text(&meaning.full_name()),
            list(&meaning.variants, |variant| self.variant(variant)),
            list(&meaning.lossy, |lossy| self.lossy(meaning, lossy)),
            self.maybe_text(until)
        )
    }

    fn variant(&self, variant: &Variant) -> String {
        let paths = self.paths;
        format!(
            "{} {{ name: {}, payload: {}, metric: {}, log: {}, span: {}, severity: {}, status: {} }}",
            paths.table("Variant"),
            text(&variant.name),
            list(&variant.payload, |payload| self.payload(payload)),
            self.shown(variant, variant.metric.as_ref()),
            self.shown(variant, variant.log.as_ref()),
            self.shown(variant, variant.span.as_ref()),
            paths.option(variant.severity.map(|severity| self.severity(severity))),
            paths.option(variant.status.map(|status| self.status(status)))
        )
    }

    fn payload(&self, payload: &Payload) -> String {
        let key = (!payload.key.is_empty()).then_some(payload.key.as_str());
        let values = self.attributes.values(key, payload.domain.as_ref());
        self.slot(&payload.name, &values, &self.contract.places.shown(payload.node))
    }

    fn shown(&self, variant: &Variant, projection: Option<&Projection>) -> String {
        let of = self.paths.table("Shown");
        match projection.map(|projection| &projection.shown) {
            None => format!("{of}::Unsaid"),
            Some(Shown::None) => format!("{of}::None"),
            Some(Shown::Pairs(pairs)) => {
                // A pair whose value can't be known is another root's mistake.
                let known: Vec<String> = pairs.iter().filter_map(|pair| self.pair(variant, pair)).collect();
                format!("{of}::Pairs({})", list(&known, String::clone))
            }
        }
    }

    fn pair(&self, variant: &Variant, pair: &Pair) -> Option<String> {
        let (of, value) = (self.paths.table("Pair"), self.paths.table("PairValue"));
        let number = |name: &str| variant.payload.iter().position(|payload| payload.name == name);
        let value = match pair.value.as_ref()? {
            PairValue::Constant(literal) => format!("{value}::Constant({})", self.paths.literal(literal)),
            PairValue::Payload(name) => format!("{value}::Payload({})", number(name)?),
            PairValue::ToString(name) => format!("{value}::Text({})", number(name)?),
        };
        Some(format!("{of} {{ key: {}, value: {value} }}", text(&pair.key)))
    }

    fn lossy(&self, meaning: &Meaning, lossy: &Lossy) -> String {
        let number = |name: &String| meaning.variants.iter().position(|variant| variant.name == *name);
        let variants: Vec<usize> = lossy.variants.iter().filter_map(number).collect();
        let signal = match lossy.signal {
            Signal::Metric => "Metric",
            Signal::Log => "Log",
            Signal::Span => "Span",
        };
        format!(
            "{} {{ signal: {}::{signal}, variants: {} }}",
            self.paths.table("Lossy"),
            self.paths.table("Signal"),
            numbers(&variants)
        )
    }

    pub(super) fn severity(&self, severity: Severity) -> String {
        let name = match severity {
            Severity::Trace => "Trace",
            Severity::Debug => "Debug",
            Severity::Info => "Info",
            Severity::Warn => "Warn",
            Severity::Error => "Error",
            Severity::Fatal => "Fatal",
        };
        format!("{}::{name}", self.paths.table("Severity"))
    }

    fn status(&self, status: Status) -> String {
        let name = match status {
            Status::Unset => "Unset",
            Status::Ok => "Ok",
            Status::Error => "Error",
        };
        format!("{}::{name}", self.paths.table("Status"))
    }
}
