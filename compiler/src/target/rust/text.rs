//! Tables as Rust: for people, and, by short names, for the derive, whose code is for rustc alone.

use proc_macro2::TokenStream;
use slo_model::Container;
use slo_model::event::Meaning;
use slo_model::table::packed::Packing;
use slo_model::table::{Described, Members, Shape};

/// What stands at the top of the runtime crate; all other types of tables stand in its module `tables`.
const TOP: [&str; 11] = [
    "Container",
    "ContainerKind",
    "Key",
    "Literal",
    "Member",
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
    /// The value as an expression.
    #[must_use]
    pub fn of(&self, value: &dyn Described) -> String {
        let mut text = String::new();
        self.push(&mut text, value);
        text
    }

    /// A struct as an expression, in which these fields have another text.
    #[must_use]
    pub fn with(&self, value: &dyn Described, instead: &[(&str, &str)]) -> String {
        let mut text = String::new();
        if let Shape::Struct(name, fields) = value.shape() {
            text.push_str(&self.path(name));
            self.push_fields(&mut text, &fields, instead);
        }
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

    fn push(&self, text: &mut String, value: &dyn Described) {
        match value.shape() {
            Shape::Text(value) => text.push_str(&format!("{value:?}")),
            Shape::Int(number) => text.push_str(&number.to_string()),
            // Read back exactly.
            Shape::Double(number) => text.push_str(&format!("{number:?}")),
            Shape::Bool(truth) => text.push_str(&truth.to_string()),
            Shape::Option(None) if self.for_derive => text.push_str("__SloNone"),
            Shape::Option(None) => text.push_str("::core::option::Option::None"),
            Shape::Option(Some(value)) => {
                text.push_str(if self.for_derive { "__SloSome(" } else { "::core::option::Option::Some(" });
                self.push(text, value);
                text.push(')');
            }
            Shape::List(_, values) => {
                text.push_str("&[");
                for value in values {
                    self.push(text, value);
                    text.push(',');
                }
                text.push(']');
            }
            Shape::Struct("Key", fields) if !self.for_derive => self.push_key(text, fields),
            Shape::Struct(name, fields) => {
                text.push_str(&self.path(name));
                self.push_fields(text, &fields, &[]);
            }
            Shape::Variant(variant) => {
                text.push_str(&format!("{}::{}", self.path(variant.of), variant.name));
                match variant.holds.as_slice() {
                    [] => {}
                    holds if variant.named => self.push_fields(text, holds, &[]),
                    holds => {
                        text.push('(');
                        for (_, value) in holds {
                            self.push(text, *value);
                            text.push(',');
                        }
                        text.push(')');
                    }
                }
            }
            Shape::Meaning(meaning) => text.push_str(&(self.meaning)(meaning)),
            Shape::Container(container) => text.push_str(&(self.container)(container)),
        }
    }

    fn push_fields(
        &self,
        text: &mut String,
        fields: &[(&'static str, &dyn Described)],
        instead: &[(&str, &str)],
    ) {
        text.push_str(" { ");
        for (name, value) in fields {
            text.push_str(&format!("{name}: "));
            match instead.iter().find(|(other, _)| other == name) {
                Some((_, other)) => text.push_str(other),
                None => self.push(text, *value),
            }
            text.push(',');
        }
        text.push('}');
    }

    /// A key, of which people read what differs from `Key::new`.
    fn push_key(&self, text: &mut String, fields: Members<'_>) {
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
        let new: Vec<String> = new.into_iter().map(|(_, value)| self.of(value)).collect();
        let path = self.path("Key");
        let new = format!("{path}::new({})", new.join(", "));
        if others.is_empty() {
            return text.push_str(&new);
        }
        text.push_str(&path);
        self.push_fields(text, &others, &[]);
        text.pop();
        text.push_str(&format!("..{new} }}"));
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
