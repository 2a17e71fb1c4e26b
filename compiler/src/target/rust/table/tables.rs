//! What the tables of events and meanings are written with.

use proc_macro2::TokenStream;

use super::code::{Paths, tree_of_literal, tree_of_members, tree_of_range, tree_of_value_type};
use super::tree::{KeyTree, Kind, Tree};
use crate::ir::{Contract, Domain};
use crate::plan::{Attributes, Values};

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
    /// What a value may be that is called `name`.
    pub(super) fn slot(&self, name: &str, values: &Values<'_>, place: &str) -> Tree {
        let domain = values.domain;
        let bounded = domain.and_then(|domain| domain.bounded.as_ref()).and_then(|bounded| {
            let values = u32::try_from(bounded.values).unwrap_or(u32::MAX);
            let other = tree_of_literal(bounded.other.as_ref()?);
            let fields = vec![("values", Tree::Int(i64::from(values))), ("other", other)];
            Some(Tree::Struct(Kind::Bounded, fields))
        });
        // Beyond a bound, what stands for the rest is the bound's.
        let other = domain.filter(|domain| domain.bounded.is_none()).and_then(Domain::rest);
        Tree::Struct(
            Kind::Slot,
            vec![
                ("key", key(name, values, place)),
                ("only", Tree::option(values.only().map(|only| numbers(&only)))),
                ("bounded", Tree::option(bounded)),
                ("other", Tree::option(other.as_ref().map(tree_of_literal))),
            ],
        )
    }
}

/// What the values of a key are, which stands at a place of the contract.
pub(super) fn key(name: &str, values: &Values<'_>, place: &str) -> Tree {
    let domain = values.domain;
    Tree::Key(Box::new(KeyTree {
        name: Tree::text(name),
        value_type: tree_of_value_type(domain),
        place: Tree::text(place),
        open: domain.is_some_and(|domain| domain.open),
        range: domain.and_then(|domain| domain.range).map(tree_of_range),
        except: Tree::list(domain.map_or(&[][..], |domain| &domain.except), tree_of_literal),
        max_length: domain.and_then(|domain| domain.max_length).map(|max| Tree::Int(i64::from(max))),
        members: values.members().map(tree_of_members),
    }))
}

/// An `Option` of a text.
pub(super) fn maybe_text(value: Option<&str>) -> Tree {
    Tree::option(value.map(Tree::text))
}

/// A list of numbers.
pub(super) fn numbers(numbers: &[usize]) -> Tree {
    Tree::list(numbers, |number| Tree::number(*number))
}
