//! A container as the constant table that the runtime reads. The Rust back end and the derive share it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{
    Container, ContainerKind, Contract, Literal, Member, Range, Source, Template, TemplatePart, Writer,
};

/// What a table needs to know besides the container.
#[derive(Debug)]
pub struct Table<'t> {
    /// The path of the runtime crate.
    pub slo: &'t TokenStream,
    /// The name by which violations call the container.
    pub name: &'t str,
    /// The name of a scope that doesn't give its own.
    pub scope_name: &'t str,
    /// The schema URL.
    pub schema_url: Option<&'t str>,
    /// What flattened structs bring: paths of their tables.
    pub flattened: &'t [TokenStream],
    /// Whether the code is for rustc alone, as a derive's is: each key says all of its fields, which rustc checks four
    /// times as fast as an update of [`slo_model::Key::new`], by the short names of `__private::names`. People read
    /// the other form.
    pub for_derive: bool,
    /// Reads code: [`tokens`], or what does it faster.
    pub read: fn(&str) -> TokenStream,
}

impl Table<'_> {
    /// The container as an expression of type `Container<'static>`. `place` gives a writer's file and line;
    /// `rust_type` the Rust type that says what a key's values are, where nothing else does.
    #[must_use]
    pub fn container(
        &self,
        container: &Container,
        place: &dyn Fn(&Writer) -> String,
        rust_type: &dyn Fn(&Writer) -> Option<TokenStream>,
    ) -> TokenStream {
        let Table { scope_name, flattened, .. } = self;
        let kind = match container.kind {
            ContainerKind::Resource => "Resource",
            ContainerKind::Scope => "Scope",
        };
        // Text is read once for as many keys as can be: each reading has its price.
        let mut keys = TokenStream::new();
        let mut pending = String::new();
        for writer in &container.writers {
            match rust_type(writer) {
                None => {
                    pending.push_str(&self.key(writer, &place(writer)));
                    pending.push(',');
                }
                Some(rust_type) => {
                    let key = self.key_of_type(writer, &place(writer), &rust_type);
                    let before = (self.read)(&std::mem::take(&mut pending));
                    keys.extend(quote!(#before #key,));
                }
            }
        }
        let code = format!(
            "name: {}, kind: {}::{kind}, scope_name: {}, schema_url: {}, closed: {},",
            text(self.name),
            self.item("ContainerKind"),
            text(scope_name),
            self.option(self.schema_url.map(text)),
            container.closed,
        );
        let container_type = self.item("Container");
        if keys.is_empty() && flattened.is_empty() {
            return (self.read)(&format!("{container_type} {{ {code} keys: &[{pending}], flattened: &[] }}"));
        }
        let (container_type, code, last) =
            ((self.read)(&container_type), (self.read)(&code), (self.read)(&pending));
        quote!(#container_type { #code keys: &[#keys #last], flattened: &[#(#flattened),*] })
    }

    /// An item of the runtime: by its path, or by the short name that the derive brings into scope.
    fn item(&self, name: &str) -> String {
        if self.for_derive { format!("__Slo{name}") } else { format!("{}::{name}", self.slo) }
    }

    /// An `Option`, whatever the name means where the code stands.
    fn option(&self, value: Option<String>) -> String {
        match (value, self.for_derive) {
            (Some(value), true) => format!("__SloSome({value})"),
            (None, true) => "__SloNone".to_owned(),
            (Some(value), false) => format!("::core::option::Option::Some({value})"),
            (None, false) => "::core::option::Option::None".to_owned(),
        }
    }

    /// A writer as an expression of type `Key<'static>`.
    fn key(&self, writer: &Writer, place: &str) -> String {
        let domain = writer.domain.as_ref();
        let value_type =
            domain.and_then(|domain| domain.value.value_type()).unwrap_or(slo_model::ValueType::Any);
        let value_type = format!("{}::{}", self.item("ValueType"), variant(value_type));
        let members =
            domain.and_then(|domain| domain.members.as_deref()).map(|members| self.members(members));
        let mut fields = self.fields(writer);
        fields.push(("members", members, self.option(None)));
        let (key, name, place) = (self.item("Key"), text(&writer.key), text(place));
        if self.for_derive {
            let spelled = self.spelled(fields);
            format!("{key} {{ name: {name}, value_type: {value_type}, place: {place}, {spelled} }}")
        } else if fields.iter().all(|(_, value, _)| value.is_none()) {
            format!("{key}::new({name}, {value_type}, {place})")
        } else {
            format!("{key} {{ {} ..{key}::new({name}, {value_type}, {place}) }}", self.spelled(fields))
        }
    }

    /// The same where a Rust type says what the values are.
    fn key_of_type(&self, writer: &Writer, place: &str, rust_type: &TokenStream) -> TokenStream {
        let slo = self.slo;
        let spelled = self.spelled(self.fields(writer));
        let spelled = (self.read)(&format!("name: {}, place: {}, {spelled}", text(&writer.key), text(place)));
        let key = (self.read)(&self.item("Key"));
        quote! {
            #key {
                value_type: <#rust_type as #slo::ToValue>::TYPE,
                members: <#rust_type as #slo::ToValue>::MEMBERS,
                #spelled
            }
        }
    }

    /// The fields of a key: name, value, and the value where nothing is said.
    fn fields(&self, writer: &Writer) -> Vec<(&'static str, Option<String>, String)> {
        let domain = writer.domain.as_ref();
        let said = |value: Option<String>| value.map(|value| self.option(Some(value)));
        let open = domain.filter(|domain| domain.open).map(|_| "true".to_owned());
        let range = domain.and_then(|domain| domain.range).map(|range| self.range(range));
        let max_length = domain.and_then(|domain| domain.max_length).map(|max| max.to_string());
        let default = writer.default.as_ref().map(|default| self.literal_text(default));
        let matches = writer.matches.as_ref().map(|template| self.template(template));
        vec![
            ("source", self.source(writer.source.as_ref()), format!("{}::Optional", self.item("Source"))),
            ("default", said(default), self.option(None)),
            ("open", open, "false".to_owned()),
            ("range", said(range), self.option(None)),
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
            Some(Source::Static(literal)) => Some(format!("{of}::Static({})", self.literal_text(literal))),
            Some(Source::Environment(names)) => {
                Some(format!("{of}::Environment({})", list(names, |name| text(name))))
            }
        }
    }

    fn members(&self, members: &[Member]) -> String {
        let of = self.item("Member");
        let member = |member: &Member| {
            format!("{of} {{ name: {}, wire: {} }}", text(&member.name), self.literal_text(&member.wire))
        };
        self.option(Some(list(members, member)))
    }

    fn range(&self, range: Range) -> String {
        let of = self.item("Range");
        match range {
            Range::Int(low, high) => format!("{of}::Int({low}, {high})"),
            Range::Double(low, high) => format!("{of}::Double({low:?}, {high:?})"),
        }
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

    /// A literal as an expression of type `Literal<'static>`.
    #[must_use]
    pub fn literal(&self, literal: &Literal) -> TokenStream {
        (self.read)(&self.literal_text(literal))
    }

    fn literal_text(&self, literal: &Literal) -> String {
        let value = match literal {
            Literal::String(value) => format!("String({})", text(value)),
            Literal::Int(number) => format!("Int({number})"),
            Literal::Double(number) => format!("Double({number:?})"),
            Literal::Bool(truth) => format!("Bool({truth})"),
            Literal::StringArray(values) => format!("StringArray({})", list(values, |value| text(value))),
            Literal::IntArray(values) => format!("IntArray({})", list(values, i64::to_string)),
            Literal::DoubleArray(values) => {
                format!("DoubleArray({})", list(values, |number| format!("{number:?}")))
            }
            Literal::BoolArray(values) => format!("BoolArray({})", list(values, bool::to_string)),
        };
        format!("{}::{value}", self.item("Literal"))
    }
}

/// A text as a literal of Rust, whatever is in it.
fn text(value: &str) -> String {
    format!("{value:?}")
}

/// A slice of what `each` makes of the values.
fn list<T>(values: &[T], each: impl Fn(&T) -> String) -> String {
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
pub(super) fn int(number: i64) -> TokenStream {
    tokens(&number.to_string())
}

/// The tokens of code that this module wrote.
#[must_use]
pub fn tokens(code: &str) -> TokenStream {
    // Every value in it is a literal that Rust's own formatting made: it always reads.
    code.parse().unwrap_or_default()
}

/// A value type as an expression, by the runtime's path.
#[must_use]
pub fn value_type(slo: &TokenStream, value_type: slo_model::ValueType) -> TokenStream {
    let name = tokens(variant(value_type));
    quote!(#slo::ValueType::#name)
}

/// The name of a value type's variant.
const fn variant(value_type: slo_model::ValueType) -> &'static str {
    use slo_model::ValueType;
    match value_type {
        ValueType::String => "String",
        ValueType::Int => "Int",
        ValueType::Double => "Double",
        ValueType::Bool => "Bool",
        ValueType::StringArray => "StringArray",
        ValueType::IntArray => "IntArray",
        ValueType::DoubleArray => "DoubleArray",
        ValueType::BoolArray => "BoolArray",
        ValueType::Any => "Any",
    }
}

/// The table of a contract's container, ready to use: its own names and places.
#[must_use]
pub fn of_contract(slo: &TokenStream, contract: &Contract, container: &Container) -> TokenStream {
    let name = container.full_name();
    let table = Table {
        slo,
        name: &name,
        scope_name: if container.kind == ContainerKind::Scope { &container.package } else { "" },
        schema_url: contract.schema_url.as_deref(),
        flattened: &[],
        for_derive: false,
        read: tokens,
    };
    table.container(container, &|writer| contract.places.shown(writer.node), &|_| None)
}
