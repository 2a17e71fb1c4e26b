//! Tables as Rust: for people, and, by short names, for the derive, whose code is for rustc alone.

use proc_macro2::TokenStream;
use slo_model::Container;
use slo_model::event::Meaning;
use slo_model::table::packed::Packing;
use slo_model::table::{Described, Members, Shape};

use super::layout::Expression;

/// What stands at the top of the runtime crate; all other types of tables stand in its module `tables`.
const TOP: [&str; 12] = [
    "Container",
    "ContainerKind",
    "Key",
    "Literal",
    "Member",
    "ObjectMember",
    "Part",
    "Range",
    "Source",
    "Targets",
    "Template",
    "ValueType",
];

/// How tables are written.
pub struct Text<'t> {
    /// The path of the runtime crate.
    pub slo: String,
    /// Whether the code is for rustc alone, as a derive's is: each key says all of its fields, which rustc checks four
    /// times as fast as an update of [`slo_model::Key::new`], by the short names of `__private::names`. People read
    /// the other form.
    pub for_derive: bool,
    /// An expression of type `&'static Meaning<'static>`: the path of the table of a meaning or a view, or the table itself.
    pub meaning: &'t dyn Fn(&Meaning<'_>) -> String,
    /// An expression of type `&'static Container<'static>`.
    pub container: &'t dyn Fn(&Container<'_>) -> String,
}

impl Text<'static> {
    /// For values that name no other table, by this path of the runtime crate.
    #[must_use]
    pub fn plain(slo: &str) -> Text<'static> {
        Text {
            slo: slo.to_owned(),
            for_derive: false,
            meaning: &|_| String::new(),
            container: &|_| String::new(),
        }
    }

    /// The same for rustc alone.
    #[must_use]
    pub fn for_derive() -> Text<'static> {
        Text { for_derive: true, ..Text::plain("") }
    }
}

impl Text<'_> {
    /// The value as an expression, on one line.
    #[must_use]
    pub fn of(&self, value: &dyn Described) -> String {
        let mut text = String::new();
        self.expression(value, &[]).flat(&mut text);
        text
    }

    /// A struct as an expression, in which these fields have another text.
    #[must_use]
    pub fn with(&self, value: &dyn Described, instead: &[(&str, &str)]) -> String {
        let mut text = String::new();
        self.expression(value, instead).flat(&mut text);
        text
    }

    /// The expression as tokens.
    #[must_use]
    pub fn tokens(&self, value: &dyn Described) -> TokenStream {
        // Every value in it is a literal that Rust's own formatting made: it always reads.
        self.of(value).parse().unwrap_or_default()
    }

    /// An event as a text, as the derive writes it: an expression of type `Packed<'static>`, and the numbers of elements in
    /// its lists.
    #[must_use]
    pub fn packed(&self, value: &dyn Described) -> (String, String) {
        let mut packing = Packing::default();
        packing.push(value);
        let Packing { text, counts, meanings, containers } = packing;
        let meanings: Vec<String> = meanings.into_iter().map(self.meaning).collect();
        let containers: Vec<String> = containers.into_iter().map(self.container).collect();
        let packed = format!(
            "__SloPacked {{ text: {text:?}, meanings: &[{}], containers: &[{}] }}",
            meanings.join(", "),
            containers.join(", ")
        );
        (packed, counts.map(|count| count.to_string()).join(", "))
    }

    /// The value as an expression, in which these fields of a struct have another text.
    pub(super) fn expression(&self, value: &dyn Described, instead: &[(&str, &str)]) -> Expression {
        let none = if self.for_derive { "__SloNone" } else { "::core::option::Option::None" };
        let some = if self.for_derive { "__SloSome" } else { "::core::option::Option::Some" };
        Expression::Word(match value.shape() {
            Shape::Text(value) => format!("{value:?}"),
            Shape::Int(number) => number.to_string(),
            // Read back exactly.
            Shape::Double(number) => format!("{number:?}"),
            Shape::Bool(truth) => truth.to_string(),
            Shape::Option(None) => none.to_owned(),
            Shape::Option(Some(value)) => {
                return Expression::Call(some.to_owned(), vec![self.expression(value, &[])]);
            }
            Shape::List(_, values) => {
                return Expression::List(values.into_iter().map(|one| self.expression(one, &[])).collect());
            }
            Shape::Struct("Key", fields) if !self.for_derive => return self.key(fields),
            Shape::Struct(name, fields) => {
                return Expression::Struct(self.path(name), self.fields(fields, instead), None);
            }
            Shape::Variant(variant) => {
                let path = format!("{}::{}", self.path(variant.of), variant.name);
                match variant.holds {
                    holds if holds.is_empty() => path,
                    holds if variant.named => return Expression::Struct(path, self.fields(holds, &[]), None),
                    holds => {
                        let values = holds.into_iter().map(|(_, value)| self.expression(value, &[]));
                        return Expression::Call(path, values.collect());
                    }
                }
            }
            Shape::Meaning(meaning) => (self.meaning)(meaning),
            Shape::Container(container) => (self.container)(container),
        })
    }

    fn fields(&self, fields: Members<'_>, instead: &[(&str, &str)]) -> Vec<(&'static str, Expression)> {
        let value = |name: &str, value| match instead.iter().find(|(other, _)| *other == name) {
            Some((_, other)) => Expression::Word((*other).to_owned()),
            None => self.expression(value, &[]),
        };
        fields.into_iter().map(|(name, field)| (name, value(name, field))).collect()
    }

    /// A key, of which people read what differs from `Key::new`.
    fn key(&self, fields: Members<'_>) -> Expression {
        let says_something = |value: &dyn Described| match value.shape() {
            Shape::Option(value) => value.is_some(),
            Shape::Bool(truth) => truth,
            Shape::List(_, values) => !values.is_empty(),
            Shape::Variant(variant) => variant.name != "Optional",
            _ => true,
        };
        let (new, others): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(name, _)| ["name", "value_type", "place"].contains(name));
        let others: Vec<_> = others.into_iter().filter(|(_, value)| says_something(*value)).collect();
        let path = self.path("Key");
        let new = new.into_iter().map(|(_, value)| self.expression(value, &[])).collect();
        let new = Expression::Call(format!("{path}::new"), new);
        if others.is_empty() {
            return new;
        }
        Expression::Struct(path, self.fields(others, &[]), Some(Box::new(new)))
    }

    /// The path of a type.
    fn path(&self, name: &str) -> String {
        match (TOP.contains(&name), self.for_derive) {
            (true, true) => format!("__Slo{name}"),
            (true, false) => format!("{}::{name}", self.slo),
            (false, true) => format!("__SloTables::{name}"),
            (false, false) => format!("{}::tables::{name}", self.slo),
        }
    }
}
