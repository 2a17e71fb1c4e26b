//! Meanings, and how they are recovered from what a signal shows.

use slo_model::Value;
use slo_model::event::{Meaning as Table, Signal};

use super::decoded::{Decoded, Lookup, recover};
use super::{Values, Variants};

/// A projection of a meaning onto labels, log fields and span attributes: the meaning's own, or a view's. Generated
/// code implements it.
pub trait Projection: Sized {
    /// The meaning.
    type Of: Meaning;

    /// What the contract says of each variant.
    const TABLE: &'static Table<'static>;

    /// What a metric's point says of the meaning by its labels.
    fn from_metric(labels: &impl Lookup) -> Decoded<Self::Of> {
        recover(Self::TABLE, Signal::Metric, labels)
    }

    /// What a log record says of the meaning by its attributes.
    fn from_log(fields: &impl Lookup) -> Decoded<Self::Of> {
        recover(Self::TABLE, Signal::Log, fields)
    }

    /// What a span says of the meaning by its attributes.
    fn from_span(attributes: &impl Lookup) -> Decoded<Self::Of> {
        recover(Self::TABLE, Signal::Span, attributes)
    }
}

/// A sum type of outcomes, each with its labels, log fields and span attributes. Generated code implements it.
pub trait Meaning: Projection<Of = Self> + 'static {
    /// Puts the variant into a place, and what it carries into those behind it.
    fn values<'a>(&'a self, at: usize, values: &mut Values<'_, 'a>);

    /// Shows the variant, and what it carries, to an event that is specialized.
    fn visit<'a, V: Variants<'a>>(&'a self, variants: &mut V);

    /// The variant of this number with these payloads, by their numbers; none where one is missing or is no value of
    /// its type.
    fn from_parts(variant: u16, payload: &[Option<Value<'static>>]) -> Option<Self>;
}
