//! What the tables of events and meanings are written with.

use proc_macro2::TokenStream;

use super::code::{KeyOf, Paths, list, text};
use crate::check::rest;
use crate::emit::values::{Attributes, Values};
use crate::ir::{Contract, Literal};

/// What the tables of events and meanings are written with: generated code and the derive write them alike, but for what
/// they call the tables of others.
pub struct Tables<'t> {
    /// How the runtime's items are named.
    pub paths: Paths<'t>,
    /// Reads code: [`tokens`](super::tokens), or what does it faster.
    pub read: fn(&str) -> TokenStream,
    /// The contract.
    pub contract: &'t Contract,
    /// Its attributes.
    pub attributes: &'t Attributes<'t>,
    /// An expression of type `&'static Meaning<'static>` for a meaning or a view by its full name: the path of its
    /// table, or the table itself.
    pub meaning: &'t dyn Fn(&str) -> String,
    /// An expression of type `&'static Container<'static>` for a scope by its full name.
    pub scope: &'t dyn Fn(&str) -> String,
}

impl std::fmt::Debug for Tables<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tables").field("paths", &self.paths).finish_non_exhaustive()
    }
}

impl Tables<'_> {
    /// An expression of type `Slot<'static>`: what a value may be that is called `name`.
    pub(super) fn slot(&self, name: &str, values: &Values<'_>, place: &str) -> String {
        let paths = self.paths;
        let domain = values.domain;
        let key = KeyOf { members: values.members(), ..KeyOf::of_domain(name, domain, place) };
        let only = values.only().map(|only| numbers(&only));
        let bounded = domain.and_then(|domain| domain.bounded.as_ref()).and_then(|bounded| {
            let other = self.paths.literal(bounded.other.as_ref()?);
            let values = u32::try_from(bounded.values).unwrap_or(u32::MAX);
            Some(format!("{} {{ values: {values}, other: {other} }}", paths.table("Bounded")))
        });
        // Beyond a bound, what stands for the rest is the bound's.
        let other = domain.filter(|domain| domain.bounded.is_none()).and_then(rest);
        format!(
            "{} {{ key: {}, only: {}, bounded: {}, other: {} }}",
            paths.table("Slot"),
            paths.key(&key),
            paths.option(only),
            paths.option(bounded),
            paths.option(other.map(|other| paths.literal(&other)))
        )
    }

    /// An `Option` of a text.
    pub(super) fn maybe_text(&self, value: Option<&str>) -> String {
        self.paths.option(value.map(text))
    }

    /// A list of literals.
    pub(super) fn literals(&self, literals: &[&Literal]) -> String {
        list(literals, |literal| self.paths.literal(literal))
    }
}

/// A list of numbers.
pub(super) fn numbers(numbers: &[usize]) -> String {
    list(numbers, usize::to_string)
}
