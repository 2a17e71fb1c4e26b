//! An event's table as one text, for the derive: rustc takes as long to check a table's struct and enum literals as a
//! derive's bar leaves for everything, and a text costs it nothing. The runtime reads it back where the table is used, while
//! the program is compiled (`runtime/src/__private/unpacked.rs`, which has the form).

use super::code::Paths;
use super::tables::Tables;
use super::tree::{Enum, Kind, LITERAL, TEXT_PART, Tree};
use crate::plan::Layout;

/// How many kinds of lists there are in a table.
pub const LISTS: usize = 9;

/// A table as a text, with what the text names by number.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// The text.
    pub text: String,
    /// How many there are in all lists together of members, numbers, literals, parts of texts, tests, bounds, writers,
    /// fields and metrics.
    pub counts: [usize; LISTS],
    /// The tables of meanings and views, as expressions of type `&'static Meaning<'static>`.
    pub meanings: Vec<String>,
    /// The literals that are lists, as expressions of type `Literal<'static>`.
    pub lists: Vec<String>,
    /// The table of the scope, as an expression of type `&'static Container<'static>`.
    pub scope: String,
}

impl Tables<'_> {
    /// An event as a text.
    #[must_use]
    pub fn packed(&self, layout: &Layout<'_>) -> Packed {
        let mut packed = Packed::default();
        packed.push(&self.event_tree(layout), self.paths);
        packed
    }
}

impl Packed {
    fn number(&mut self, number: i64) {
        self.text.push_str(&number.to_string());
        self.text.push(';');
    }

    fn count(&mut self, number: usize) {
        self.number(i64::try_from(number).unwrap_or(i64::MAX));
    }

    fn push(&mut self, tree: &Tree, paths: Paths<'_>) {
        match tree {
            Tree::Text(text) => {
                self.count(text.len());
                self.text.push_str(text);
            }
            Tree::Int(number) => self.number(*number),
            Tree::Double(number) => self.number(number.to_bits().cast_signed()),
            Tree::Bool(truth) => self.number(i64::from(*truth)),
            Tree::Struct(_, fields) => fields.iter().for_each(|(_, value)| self.push(value, paths)),
            Tree::Key(key) => {
                [&key.name, &key.value_type, &key.place].into_iter().for_each(|one| self.push(one, paths));
                self.number(i64::from(key.open));
                self.option(key.range.as_ref(), paths);
                self.push(&key.except, paths);
                for value in [&key.max_length, &key.members] {
                    self.option(value.as_ref(), paths);
                }
            }
            // Lists of whatever kind have one number: they stand beside the text.
            Tree::Variant(of, _, held) if is_list_literal(of, held) => {
                self.count(LIST_LITERAL);
                let at = at(&mut self.lists, tree.source(paths));
                self.count(at);
            }
            Tree::Variant(_, number, held) => {
                self.count(*number);
                held.iter().for_each(|value| self.push(value, paths));
            }
            Tree::Named(_, number, fields) => {
                self.count(*number);
                fields.iter().for_each(|(_, value)| self.push(value, paths));
            }
            Tree::List(values) => {
                self.count(values.len());
                if let Some(counted) =
                    values.first().and_then(list_of).and_then(|list| self.counts.get_mut(list))
                {
                    *counted += values.len();
                }
                values.iter().for_each(|value| self.push(value, paths));
            }
            Tree::Option(value) => self.option(value.as_deref(), paths),
            Tree::Meaning(expression) => {
                let at = at(&mut self.meanings, expression.clone());
                self.count(at);
            }
            Tree::Scope(expression) => self.scope.clone_from(expression),
        }
    }

    fn option(&mut self, value: Option<&Tree>, paths: Paths<'_>) {
        self.number(i64::from(value.is_some()));
        value.into_iter().for_each(|value| self.push(value, paths));
    }
}

/// The number of a literal that is a list: the first of those that `Literal` declares.
const LIST_LITERAL: usize = 4;

fn is_list_literal(of: &Enum, held: &[Tree]) -> bool {
    std::ptr::eq(of, &LITERAL) && matches!(held, [Tree::List(_)])
}

/// The number of an expression among those that stand beside the text.
fn at(expressions: &mut Vec<String>, expression: String) -> usize {
    expressions.iter().position(|other| *other == expression).unwrap_or_else(|| {
        expressions.push(expression);
        expressions.len() - 1
    })
}

/// The number of the list that something is in.
fn list_of(element: &Tree) -> Option<usize> {
    Some(match element {
        Tree::Struct(Kind::Member, _) => 0,
        Tree::Int(_) => 1,
        Tree::Variant(of, ..) if std::ptr::eq(*of, &LITERAL) => 2,
        Tree::Variant(of, ..) if std::ptr::eq(*of, &TEXT_PART) => 3,
        Tree::Struct(Kind::Test, _) => 4,
        Tree::Double(_) => 5,
        Tree::Struct(Kind::Writer, _) => 6,
        Tree::Struct(Kind::Field, _) => 7,
        Tree::Struct(Kind::Metric, _) => 8,
        _ => return None,
    })
}
