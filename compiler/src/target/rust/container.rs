//! A builder for a resource or a scope.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::modules::Modules;
use crate::ir::{Container, ContainerKind, Scalar, Source, Type, Writer};
use crate::target::rust::names::{Names, snake};
use crate::target::rust::table;

/// A value that the program gives.
struct Field {
    name: Ident,
    key: String,
    docs: TokenStream,
    required: bool,
    /// The type that is stored.
    stored: TokenStream,
    /// The type that is taken, and how it becomes the stored one.
    taken: TokenStream,
    /// None where it is the same.
    convert: Option<TokenStream>,
}

/// Names that the builder has of its own.
const TAKEN: [&str; 3] = ["new", "assemble", "visit"];

pub(super) fn items(
    slo: &TokenStream,
    modules: &Modules<'_>,
    name: &Ident,
    container: &Container,
) -> TokenStream {
    let contract = modules.contract;
    let kind = match container.kind {
        ContainerKind::Resource => quote!(#slo::Resource),
        ContainerKind::Scope => quote!(#slo::Scope),
    };
    let table = table::of_contract(slo, contract, container);
    let fields = fields(slo, modules, container);
    let title = docs::outer(&format!(
        "{}{}The {} `{}` of the contract, `{}`.",
        container.docs,
        if container.docs.is_empty() { "" } else { "\n\n" },
        container.kind.name(),
        container.full_name(),
        contract.places.shown(container.node)
    ));

    let stored =
        fields.iter().map(
            |Field { name, stored, required, .. }| {
                if *required { quote!(#name: #stored) } else { quote!(#name: Option<#stored>) }
            },
        );
    let required: Vec<&Field> = fields.iter().filter(|field| field.required).collect();
    let arguments = required.iter().map(|Field { name, taken, .. }| quote!(#name: #taken));
    let values = fields.iter().map(|Field { name, required, convert, .. }| match (required, convert) {
        (true, Some(convert)) => quote!(#name: #convert),
        (true, None) => quote!(#name),
        (false, _) => quote!(#name: None),
    });
    let argument_docs: Vec<TokenStream> = required
        .iter()
        .map(|field| {
            let line = format!("- `{}`: `{}`", field.name, field.key);
            docs::outer(&line)
        })
        .collect();
    let new_docs = if required.is_empty() {
        docs::outer("Everything in it is known, or may be left to its sources.")
    } else {
        let head = docs::outer("Takes what only the program can give:\n");
        quote!(#head #(#argument_docs)*)
    };
    let many = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let setters = fields.iter().filter(|field| !field.required).map(|field| {
        let Field { name, docs, taken, convert, .. } = field;
        let value = convert.clone().unwrap_or_else(|| quote!(#name));
        quote! {
            #docs
            #[must_use]
            pub fn #name(mut self, #name: #taken) -> Self {
                self.#name = Some(#value);
                self
            }
        }
    });
    let visits = fields.iter().map(|Field { name, key, .. }| quote!(visitor.value(#key, &self.#name);));
    let visitor = if fields.is_empty() { quote!(_visitor) } else { quote!(visitor) };
    let default = required.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #title
        #[derive(Clone, Debug)]
        pub struct #name {
            #(#stored,)*
        }

        impl #name {
            #new_docs
            #[must_use]
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* }
            }

            #(#setters)*

            /// Puts the values of all sources together: the program's, the environment's and what is detected.
            pub fn assemble(&self) -> #slo::Assembly<'_, #kind> {
                #slo::SloAttributes::assemble(self)
            }
        }

        #default

        impl #slo::SloAttributes for #name {
            type Kind = #kind;
            const CONTAINER: &'static #slo::Container<'static> = &#table;

            fn visit<'a, V: #slo::Visitor<'a>>(&'a self, #visitor: &mut V) {
                #(#visits)*
            }
        }
    }
}

/// Whether the program gives the value, or may.
pub(super) fn is_given(writer: &Writer) -> bool {
    matches!(writer.source, Some(Source::Required | Source::Optional | Source::Environment(_)))
}

/// The values that the program gives: what is required, what it may give, and what else stands in a variable.
fn fields(slo: &TokenStream, modules: &Modules<'_>, container: &Container) -> Vec<Field> {
    let mut names = Names::without(&TAKEN);
    let mut fields = Vec::new();
    for writer in &container.writers {
        let (required, source) = match &writer.source {
            Some(Source::Required) => (true, String::new()),
            Some(Source::Optional) => (false, String::new()),
            Some(Source::Environment(variables)) => {
                let list: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
                (false, format!("Where the program doesn't give it, it stands in {}.", list.join(" or ")))
            }
            _ => continue,
        };
        let name = names.give(snake(&writer.key));
        let enumeration = modules.attributes.get(&writer.key);
        let enumeration =
            enumeration.and_then(|attribute| modules.enumeration(&container.package, attribute));
        let (stored, taken, convert) = types(slo, writer, &name, enumeration.as_ref());
        let place = modules.contract.places.shown(writer.node);
        let mut text = format!("`{}`, `{place}`.", writer.key);
        for more in [&writer.docs, &source] {
            if !more.is_empty() {
                text.push_str("\n\n");
                text.push_str(more);
            }
        }
        let docs = docs::outer(&text);
        fields.push(Field { name, key: writer.key.clone(), docs, required, stored, taken, convert });
    }
    fields
}

fn types(
    slo: &TokenStream,
    writer: &Writer,
    name: &Ident,
    enumeration: Option<&TokenStream>,
) -> (TokenStream, TokenStream, Option<TokenStream>) {
    let text = quote!(::std::borrow::Cow<'static, str>);
    let same = |value: TokenStream| (value.clone(), value, None);
    let into = |value: TokenStream| (value.clone(), quote!(impl Into<#value>), Some(quote!(#name.into())));
    match (writer.domain.as_ref().map(|domain| &domain.value), enumeration) {
        (Some(Type::Scalar(Scalar::String | Scalar::Int)), Some(enumeration)) => same(quote!(#enumeration)),
        (Some(Type::Scalar(Scalar::String)), None) => into(text),
        (Some(Type::Timestamp(unit)), _) if unit == "rfc3339" => into(text),
        (Some(Type::Scalar(Scalar::Int) | Type::Timestamp(_)), _) => same(quote!(i64)),
        (Some(Type::Scalar(Scalar::Double) | Type::Duration(_)), _) => same(quote!(f64)),
        (Some(Type::Scalar(Scalar::Bool)), _) => same(quote!(bool)),
        (Some(Type::Array(Scalar::String)), _) => same(quote!(Vec<#text>)),
        (Some(Type::Array(Scalar::Int)), _) => same(quote!(Vec<i64>)),
        (Some(Type::Array(Scalar::Double)), _) => same(quote!(Vec<f64>)),
        (Some(Type::Array(Scalar::Bool)), _) => same(quote!(Vec<bool>)),
        _ => into(quote!(#slo::Value<'static>)),
    }
}
