//! A container as the constant table that the runtime reads. The Rust back end and the derive share it.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use crate::ir::{Container, ContainerKind, Contract, Domain, Literal, Range, Source, Template, TemplatePart, Writer};

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
}

impl Table<'_> {
    /// The container as an expression of type `Container<'static>`. `place` gives a writer's file and line.
    #[must_use]
    pub fn container(&self, container: &Container, place: &dyn Fn(&Writer) -> String) -> TokenStream {
        let Table { slo, name, scope_name, schema_url, flattened } = self;
        let kind = match container.kind {
            ContainerKind::Resource => quote!(Resource),
            ContainerKind::Scope => quote!(Scope),
        };
        let schema_url = option(schema_url.map(|url| quote!(#url)));
        let closed = container.closed;
        let keys = container.writers.iter().map(|writer| self.key(writer, &place(writer)));
        quote! {
            #slo::Container {
                name: #name,
                kind: #slo::ContainerKind::#kind,
                scope_name: #scope_name,
                schema_url: #schema_url,
                closed: #closed,
                keys: &[#(#keys),*],
                flattened: &[#(#flattened),*],
            }
        }
    }

    /// A writer as an expression of type `Key<'static>`: what is as `Key::new` has it is left out.
    #[must_use]
    pub fn key(&self, writer: &Writer, place: &str) -> TokenStream {
        let slo = self.slo;
        let name = &writer.key;
        let value_type = writer.domain.as_ref().and_then(|domain| domain.value.value_type());
        let value_type = value_type_token(value_type.unwrap_or(slo_model::ValueType::Any));
        let mut fields = TokenStream::new();
        match &writer.source {
            None | Some(Source::Optional) => {}
            Some(Source::Required) => fields.extend(quote!(source: #slo::Source::Required,)),
            Some(Source::Auto) => fields.extend(quote!(source: #slo::Source::Auto,)),
            Some(Source::Static(literal)) => {
                let literal = self.literal(literal);
                fields.extend(quote!(source: #slo::Source::Static(#literal),));
            }
            Some(Source::Environment(names)) => fields.extend(quote!(source: #slo::Source::Environment(&[#(#names),*]),)),
        }
        if let Some(default) = &writer.default {
            let default = option(Some(self.literal(default)));
            fields.extend(quote!(default: #default,));
        }
        if let Some(domain) = &writer.domain {
            self.constraints(domain, &mut fields);
        }
        if let Some(template) = &writer.matches {
            let template = option(Some(self.template(template)));
            fields.extend(quote!(matches: #template,));
        }
        quote!(#slo::Key { #fields ..#slo::Key::new(#name, #slo::ValueType::#value_type, #place) })
    }

    fn constraints(&self, domain: &Domain, fields: &mut TokenStream) {
        let slo = self.slo;
        if let Some(members) = &domain.members {
            let members = members.iter().map(|member| {
                let (name, wire) = (&member.name, self.literal(&member.wire));
                quote!(#slo::Member { name: #name, wire: #wire })
            });
            let members = option(Some(quote!(&[#(#members),*])));
            fields.extend(quote!(members: #members,));
        }
        if domain.open {
            fields.extend(quote!(open: true,));
        }
        if let Some(range) = &domain.range {
            let range = match range {
                Range::Int(low, high) => {
                    let (low, high) = (int(*low), int(*high));
                    quote!(Int(#low, #high))
                }
                Range::Double(low, high) => {
                    let (low, high) = (double(*low), double(*high));
                    quote!(Double(#low, #high))
                }
            };
            let range = option(Some(quote!(#slo::Range::#range)));
            fields.extend(quote!(range: #range,));
        }
        if let Some(max) = domain.max_length {
            let max = Token::u32_unsuffixed(max);
            let max = option(Some(quote!(#max)));
            fields.extend(quote!(max_length: #max,));
        }
    }

    fn template(&self, template: &Template) -> TokenStream {
        let slo = self.slo;
        let parts = template.parts.iter().map(|part| match part {
            TemplatePart::Text(text) => quote!(#slo::Part::Text(#text)),
            TemplatePart::Hole(name) => quote!(#slo::Part::Hole(#name)),
            TemplatePart::Key(key) => quote!(#slo::Part::Key(#key)),
        });
        quote!(#slo::Template { parts: &[#(#parts),*] })
    }

    /// A literal as an expression of type `Literal<'static>`.
    #[must_use]
    pub fn literal(&self, literal: &Literal) -> TokenStream {
        let slo = self.slo;
        let value = match literal {
            Literal::String(text) => quote!(String(#text)),
            Literal::Int(number) => {
                let number = int(*number);
                quote!(Int(#number))
            }
            Literal::Double(number) => {
                let number = double(*number);
                quote!(Double(#number))
            }
            Literal::Bool(truth) => quote!(Bool(#truth)),
            Literal::StringArray(list) => quote!(StringArray(&[#(#list),*])),
            Literal::IntArray(list) => {
                let list = list.iter().map(|number| int(*number));
                quote!(IntArray(&[#(#list),*]))
            }
            Literal::DoubleArray(list) => {
                let list = list.iter().map(|number| double(*number));
                quote!(DoubleArray(&[#(#list),*]))
            }
            Literal::BoolArray(list) => quote!(BoolArray(&[#(#list),*])),
        };
        quote!(#slo::Literal::#value)
    }
}

/// An `Option` whatever the name means where the code stands.
fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// The name of a value type's variant.
#[must_use]
pub fn value_type_token(value_type: slo_model::ValueType) -> TokenStream {
    use slo_model::ValueType;
    match value_type {
        ValueType::String => quote!(String),
        ValueType::Int => quote!(Int),
        ValueType::Double => quote!(Double),
        ValueType::Bool => quote!(Bool),
        ValueType::StringArray => quote!(StringArray),
        ValueType::IntArray => quote!(IntArray),
        ValueType::DoubleArray => quote!(DoubleArray),
        ValueType::BoolArray => quote!(BoolArray),
        ValueType::Any => quote!(Any),
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
    };
    table.container(container, &|writer| contract.places.shown(writer.node))
}

/// An integer; a negative one is written with its sign as a token of its own.
pub(crate) fn int(number: i64) -> TokenStream {
    if number == i64::MIN {
        return quote!(::core::primitive::i64::MIN);
    }
    let digits = Token::i64_unsuffixed(number.saturating_abs());
    if number < 0 { quote!(-#digits) } else { quote!(#digits) }
}

pub(crate) fn double(number: f64) -> TokenStream {
    let digits = Token::f64_unsuffixed(number.abs());
    if number.is_sign_negative() { quote!(-#digits) } else { quote!(#digits) }
}
