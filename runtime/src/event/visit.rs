//! How a specialized event and its meanings show what they hold, a field at a time.
//!
//! Fields, variants and payloads are visited by numbers that are known when the program is compiled, so that what the
//! contract says of each is looked up then, and nothing of it is left to be done for an event.

use super::{Event, FieldValue, Meaning};
use crate::value::ToValue;

/// An event whose going out is compiled for it: the contract calls it `specialized`. Generated code implements it.
pub trait Specialized: Event {
    /// Shows each field.
    fn visit<'a, V: Fields<'a, Self>>(&'a self, fields: &mut V);

    /// Shows each metric.
    fn metrics<V: Metrics<Self>>(metrics: &mut V);
}

/// Takes an event's fields, each by its number.
pub trait Fields<'a, E: Specialized> {
    /// A plain value; absent where nobody gave one.
    fn plain<const FIELD: usize>(&mut self, value: FieldValue<'a>);

    /// The same of a type that shows its values.
    #[inline]
    fn value<const FIELD: usize, T: ToValue>(&mut self, value: &'a T) {
        self.plain::<FIELD>(value.to_field());
    }

    /// A meaning.
    fn meaning<const FIELD: usize, M: Meaning>(&mut self, meaning: Option<&'a M>);

    /// The time from begin to end, which is known at the end.
    fn elapsed<const FIELD: usize>(&mut self);
}

/// Takes what a meaning is: a variant, then what it carries.
pub trait Variants<'a> {
    /// The variant of this number.
    fn variant<const VARIANT: usize>(&mut self);

    /// What the variant carries under this number.
    fn payload<const VARIANT: usize, const PAYLOAD: usize>(&mut self, value: FieldValue<'a>);
}

/// Takes the metrics of an event, each by its number.
pub trait Metrics<E: Specialized> {
    /// The metric of this number.
    fn metric<const METRIC: usize>(&mut self);
}
