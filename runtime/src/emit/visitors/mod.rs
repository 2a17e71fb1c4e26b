//! What is made of a fact, a field at a time. What the contract says of a field stands in constants.

mod attributes;
mod check;
mod codes;
mod labels;
mod levels;
mod name;
mod row;

pub(crate) use attributes::{Attributes, Part, Shared, Signals};
pub(crate) use check::{Check, Invalid, fits_at_once};
pub(crate) use codes::Coding;
pub(crate) use labels::Labels;
pub(crate) use levels::Levels;
pub(crate) use name::Name;
pub(crate) use row::Row;

use slo_model::Literal;
use slo_model::event::Event as Table;

use super::shape::unset;
use crate::FieldValue;

/// The value, or what it is where nobody set it.
#[inline(always)]
fn or_unset<'a, const FIELD: usize>(table: &'static Table<'static>, value: FieldValue<'a>) -> FieldValue<'a> {
    match (value, unset(table, FIELD)) {
        (FieldValue::Absent, Some(literal)) => of_literal(literal),
        (value, _) => value,
    }
}

#[inline(always)]
fn of_literal<'a>(literal: &'static Literal<'static>) -> FieldValue<'a> {
    FieldValue::of_literal(literal)
}
