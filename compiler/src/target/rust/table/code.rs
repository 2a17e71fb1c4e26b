//! Writes constants as Rust: the paths of the runtime's items, texts, literals, keys.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::tree::{Kind, LITERAL, RANGE, Tree, VALUE_TYPE};
use crate::ir::{Domain, Literal, Member, Range, Source, Template, TemplatePart, Writer};

/// How code names what is not its own.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'t> {
    /// The path of the runtime crate.
    pub slo: &'t TokenStream,
    /// Whether the code is for rustc alone, as a derive's is: each key says all of its fields, which rustc checks four
    /// times as fast as an update of [`slo_model::Key::new`], by the short names of `__private::names`. People read
    /// the other form.
    pub for_derive: bool,
}

/// A key as a table has it.
pub(super) struct KeyOf<'k> {
    pub(super) name: &'k str,
    pub(super) domain: Option<&'k Domain>,
    /// The values that are listed: the domain's members, or all of those of the type that has them.
    pub(super) members: Option<&'k [Member]>,
    pub(super) source: Option<&'k Source>,
    pub(super) default: Option<&'k Literal>,
    pub(super) matches: Option<&'k Template>,
    pub(super) place: &'k str,
}

impl<'k> KeyOf<'k> {
    /// A key of these values that stands in an event or a variant, rather than in a container.
    pub(super) fn of_domain(name: &'k str, domain: Option<&'k Domain>, place: &'k str) -> KeyOf<'k> {
        let members = domain.and_then(|domain| domain.members.as_deref());
        KeyOf { name, domain, members, source: None, default: None, matches: None, place }
    }

    pub(super) fn of_writer(writer: &'k Writer, place: &'k str) -> KeyOf<'k> {
        KeyOf {
            source: writer.source.as_ref(),
            default: writer.default.as_ref(),
            matches: writer.matches.as_ref(),
            ..KeyOf::of_domain(&writer.key, writer.domain.as_ref(), place)
        }
    }
}

impl Paths<'_> {
    /// An item of the runtime: by its path, or by the short name that the derive brings into scope.
    pub(super) fn item(&self, name: &str) -> String {
        if self.for_derive { format!("__Slo{name}") } else { format!("{}::{name}", self.slo) }
    }

    /// An item of the tables of events, which the derive brings into scope under one short name.
    pub(super) fn table(&self, name: &str) -> String {
        if self.for_derive { format!("__SloTables::{name}") } else { format!("{}::tables::{name}", self.slo) }
    }

    /// An `Option`, whatever the name means where the code stands.
    pub(super) fn option(&self, value: Option<String>) -> String {
        match (value, self.for_derive) {
            (Some(value), true) => format!("__SloSome({value})"),
            (None, true) => "__SloNone".to_owned(),
            (Some(value), false) => format!("::core::option::Option::Some({value})"),
            (None, false) => "::core::option::Option::None".to_owned(),
        }
    }

    /// An expression of type `Key<'static>`.
    pub(super) fn key(&self, key: &KeyOf<'_>) -> String {
        let value_type = tree_of_value_type(key.domain).source(*self);
        let mut fields = self.fields(key);
        fields.push(("members", key.members.map(|members| self.members(members)), self.option(None)));
        self.key_of([text(key.name), value_type, text(key.place)], fields)
    }

    /// A key of this name, type and place, with the rest of its fields: name, value, and the value where nothing is said.
    pub(super) fn key_of(
        &self,
        [name, value_type, place]: [String; 3],
        fields: Vec<(&'static str, Option<String>, String)>,
    ) -> String {
        let of = self.item("Key");
        if self.for_derive {
            let spelled = self.spelled(fields);
            format!("{of} {{ name: {name}, value_type: {value_type}, place: {place}, {spelled} }}")
        } else if fields.iter().all(|(_, value, _)| value.is_none()) {
            format!("{of}::new({name}, {value_type}, {place})")
        } else {
            format!("{of} {{ {} ..{of}::new({name}, {value_type}, {place}) }}", self.spelled(fields))
        }
    }

    /// The same where a Rust type says what the values are.
    pub(super) fn key_of_type(
        &self,
        key: &KeyOf<'_>,
        rust_type: &TokenStream,
        read: fn(&str) -> TokenStream,
    ) -> TokenStream {
        let slo = self.slo;
        let spelled = self.spelled(self.fields(key));
        let spelled = read(&format!("name: {}, place: {}, {spelled}", text(key.name), text(key.place)));
        let key = read(&self.item("Key"));
        quote! {
            #key {
                value_type: <#rust_type as #slo::ToValue>::TYPE,
                members: <#rust_type as #slo::ToValue>::MEMBERS,
                #spelled
            }
        }
    }

    /// The fields of a key: name, value, and the value where nothing is said.
    fn fields(&self, key: &KeyOf<'_>) -> Vec<(&'static str, Option<String>, String)> {
        let KeyOf { domain, .. } = *key;
        let said = |value: Option<String>| value.map(|value| self.option(Some(value)));
        let open = domain.filter(|domain| domain.open).map(|_| "true".to_owned());
        let range = domain.and_then(|domain| domain.range).map(|range| tree_of_range(range).source(*self));
        let except = domain.filter(|domain| !domain.except.is_empty());
        let except = except.map(|domain| list(&domain.except, |number| self.literal(number)));
        let max_length = domain.and_then(|domain| domain.max_length).map(|max| max.to_string());
        let default = key.default.map(|default| self.literal(default));
        let matches = key.matches.map(|template| self.template(template));
        vec![
            ("source", self.source(key.source), format!("{}::Optional", self.item("Source"))),
            ("default", said(default), self.option(None)),
            ("open", open, "false".to_owned()),
            ("range", said(range), self.option(None)),
            ("except", except, "&[]".to_owned()),
            ("max_length", said(max_length), self.option(None)),
            ("matches", said(matches), self.option(None)),
        ]
    }

    fn spelled(&self, fields: Vec<(&'static str, Option<String>, String)>) -> String {
        let mut spelled = String::new();
        for (name, value, nothing) in fields {
            if let Some(value) = value.or(self.for_derive.then_some(nothing)) {
                spelled.push_str(&format!("{name}: {value},"));
            }
        }
        spelled
    }

    fn source(&self, source: Option<&Source>) -> Option<String> {
        let of = self.item("Source");
        match source {
            None | Some(Source::Optional) => None,
            Some(Source::Required) => Some(format!("{of}::Required")),
            Some(Source::Auto) => Some(format!("{of}::Auto")),
            Some(Source::Static(literal)) => Some(format!("{of}::Static({})", self.literal(literal))),
            Some(Source::Environment(names)) => {
                Some(format!("{of}::Environment({})", list(names, |name| text(name))))
            }
        }
    }

    /// Listed values as an `Option` of a slice.
    pub(in crate::target) fn members(&self, members: &[Member]) -> String {
        self.option(Some(tree_of_members(members).source(*self)))
    }

    fn template(&self, template: &Template) -> String {
        let of = self.item("Part");
        let parts = list(&template.parts, |part| match part {
            TemplatePart::Text(value) => format!("{of}::Text({})", text(value)),
            TemplatePart::Hole(name) => format!("{of}::Hole({})", text(name)),
            TemplatePart::Key(key) => format!("{of}::Key({})", text(key)),
        });
        format!("{} {{ parts: {parts} }}", self.item("Template"))
    }

    /// An expression of type `Literal<'static>`.
    pub(super) fn literal(&self, literal: &Literal) -> String {
        tree_of_literal(literal).source(*self)
    }
}

pub(super) fn tree_of_literal(literal: &Literal) -> Tree {
    let (number, held) = match literal {
        Literal::String(value) => (0, Tree::text(value)),
        Literal::Int(number) => (1, Tree::Int(*number)),
        Literal::Double(number) => (2, Tree::Double(*number)),
        Literal::Bool(truth) => (3, Tree::Bool(*truth)),
        Literal::StringArray(values) => (4, Tree::list(values, |value| Tree::text(value))),
        Literal::IntArray(values) => (5, Tree::list(values, |number| Tree::Int(*number))),
        Literal::DoubleArray(values) => (6, Tree::list(values, |number| Tree::Double(*number))),
        Literal::BoolArray(values) => (7, Tree::list(values, |truth| Tree::Bool(*truth))),
    };
    Tree::Variant(&LITERAL, number, vec![held])
}

/// Listed values as a slice.
pub(super) fn tree_of_members(members: &[Member]) -> Tree {
    Tree::list(members, |member| {
        let fields = vec![("name", Tree::text(&member.name)), ("wire", tree_of_literal(&member.wire))];
        Tree::Struct(Kind::Member, fields)
    })
}

pub(super) fn tree_of_range(range: Range) -> Tree {
    match range {
        Range::Int(low, high) => Tree::Variant(&RANGE, 0, vec![Tree::Int(low), Tree::Int(high)]),
        Range::Double(low, high) => Tree::Variant(&RANGE, 1, vec![Tree::Double(low), Tree::Double(high)]),
    }
}

/// The type of a domain's values; any where there is none.
pub(super) fn tree_of_value_type(domain: Option<&Domain>) -> Tree {
    let value_type = domain.and_then(|domain| domain.value.value_type()).unwrap_or(slo_model::ValueType::Any);
    Tree::unit(&VALUE_TYPE, number(value_type))
}

/// A text as a literal of Rust, whatever is in it.
pub(super) fn text(value: &str) -> String {
    format!("{value:?}")
}

/// A number as a literal of Rust that is read back exactly.
pub(super) fn double(number: f64) -> String {
    format!("{number:?}")
}

/// A slice of what `each` makes of the values.
pub(super) fn list<T>(values: &[T], each: impl Fn(&T) -> String) -> String {
    let mut list = String::from("&[");
    for value in values {
        list.push_str(&each(value));
        list.push(',');
    }
    list.push(']');
    list
}

/// An integer as a literal of Rust, its sign included.
#[cfg(feature = "rust")]
pub(in crate::target) fn int(number: i64) -> TokenStream {
    tokens(&number.to_string())
}

/// The tokens of code that this module wrote.
#[must_use]
pub fn tokens(code: &str) -> TokenStream {
    // Every value in it is a literal that Rust's own formatting made: it always reads.
    code.parse().unwrap_or_default()
}

/// Targets as an expression, by the runtime's path.
#[must_use]
pub fn targets(slo: &TokenStream, targets: slo_model::Targets) -> TokenStream {
    let slo_model::Targets { prometheus, logs } = targets;
    let strategy = prometheus.map(|strategy| {
        let name = format_ident!("{strategy:?}");
        quote!(#slo::TranslationStrategy::#name)
    });
    let prometheus = match strategy {
        Some(strategy) => quote!(::core::option::Option::Some(#strategy)),
        None => quote!(::core::option::Option::None),
    };
    quote!(#slo::Targets { prometheus: #prometheus, logs: #logs })
}

/// A value type as an expression, by the runtime's path.
#[must_use]
pub fn value_type(slo: &TokenStream, value_type: slo_model::ValueType) -> TokenStream {
    let paths = Paths { slo, for_derive: false };
    tokens(&Tree::unit(&VALUE_TYPE, number(value_type)).source(paths))
}

/// The number of a value type's variant.
const fn number(value_type: slo_model::ValueType) -> usize {
    use slo_model::ValueType;
    match value_type {
        ValueType::String => 0,
        ValueType::Int => 1,
        ValueType::Double => 2,
        ValueType::Bool => 3,
        ValueType::StringArray => 4,
        ValueType::IntArray => 5,
        ValueType::DoubleArray => 6,
        ValueType::BoolArray => 7,
        ValueType::Any => 8,
    }
}
