//! A builder for a resource or a scope.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::{ContainerKind, Source, ValueType};

use super::docs;
use super::names::{Names, snake};
use super::print::Code;
use super::types::type_of;
use crate::plan::{Container, Said};

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

/// The code of a resource or a scope.
pub(super) fn items(code: &Code<'_>, name: &Ident, container: &Container<'_>) -> TokenStream {
    let (slo, said) = (&code.slo, container.table);
    let (kind, word) = match said.kind {
        ContainerKind::Resource => (quote!(#slo::Resource), "resource"),
        ContainerKind::Scope => (quote!(#slo::Scope), "scope"),
    };
    let table = code.table(said);
    let fields = fields(code, container);
    let title = docs::outer(&format!(
        "{}{}The {word} `{}` of the contract, `{}`.",
        container.docs,
        if container.docs.is_empty() { "" } else { "\n\n" },
        said.name,
        code.places.shown(container.node),
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
            pub fn assemble(&self) -> #slo::AttributesBuilder<'_, #kind> {
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

/// The values that the program gives: what is required, what it may give, and what else stands in a variable.
fn fields(code: &Code<'_>, container: &Container<'_>) -> Vec<Field> {
    let mut names = Names::without(&TAKEN);
    let mut fields = Vec::new();
    for (key, said) in container.table.keys.iter().zip(&container.keys) {
        let (required, source) = match key.source {
            Source::Required => (true, String::new()),
            Source::Optional => (false, String::new()),
            Source::Environment(variables) => {
                let list: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
                (false, format!("Where the program doesn't give it, it stands in {}.", list.join(" or ")))
            }
            Source::Static(_) | Source::Auto => continue,
        };
        let name = names.give(snake(key.name));
        let (stored, taken, convert) = types(code, key.value_type, &name, said);
        let mut text = format!("`{}`, `{}`.", key.name, key.place);
        for more in [said.docs, &source] {
            if !more.is_empty() {
                text.push_str("\n\n");
                text.push_str(more);
            }
        }
        let docs = docs::outer(&text);
        fields.push(Field { name, key: key.name.to_owned(), docs, required, stored, taken, convert });
    }
    fields
}

fn types(
    code: &Code<'_>,
    value_type: ValueType,
    name: &Ident,
    said: &Said<'_>,
) -> (TokenStream, TokenStream, Option<TokenStream>) {
    let (slo, taken) = (&code.slo, type_of(code, value_type, said));
    if let Some(nanoseconds) = said.nanoseconds {
        return (quote!(f64), taken, Some(quote!(#slo::in_units(#name, #nanoseconds))));
    }
    let text = quote!(::std::borrow::Cow<'static, str>);
    let into = |value: TokenStream| (value.clone(), quote!(impl Into<#value>), Some(quote!(#name.into())));
    match (value_type, said.enumeration) {
        (ValueType::String, None) => into(text),
        (ValueType::StringArray, _) => (quote!(Vec<#text>), quote!(Vec<#text>), None),
        (ValueType::Any, _) => into(quote!(#slo::Value<'static>)),
        _ => (taken.clone(), taken, None),
    }
}
