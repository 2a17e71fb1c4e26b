//! A type for a meaning, and one for a view of it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::modules::{Modules, of_payload};
use super::own_enums::Owner;
use super::types::{read, type_of};
use super::{docs, enumeration};
use crate::ir::{Meaning, Payload, Variant};
use crate::target::rust::names::{Names, pascal, snake};

/// A payload as the field of a variant.
struct Carried {
    name: Ident,
    docs: TokenStream,
    type_of: TokenStream,
    /// How it is read back, and what is made of that.
    read: (TokenStream, TokenStream),
}

/// The code of a meaning.
pub(super) fn meaning(
    slo: &TokenStream,
    modules: &Modules<'_>,
    name: &Ident,
    meaning: &Meaning,
    table: &TokenStream,
) -> TokenStream {
    let title =
        docs::of_item(&meaning.docs, &modules.declared("meaning", &meaning.full_name(), meaning.node));
    let mut names = Names::default();
    let variants: Vec<(Ident, &Variant, Vec<Carried>)> = meaning
        .variants
        .iter()
        .map(|variant| {
            let mut fields = Names::default();
            let carried = variant.payload.iter();
            let carried =
                carried.map(|payload| carried_by(slo, modules, meaning, variant, payload, &mut fields));
            (names.give(pascal(&variant.name)), variant, carried.collect())
        })
        .collect();
    let declared = variants.iter().map(|(name, variant, carried)| {
        let docs = docs::outer(docs::or(&variant.description, &format!("`{}`", variant.name)));
        if carried.is_empty() {
            return quote!(#docs #name);
        }
        let fields = carried.iter().map(|Carried { name, docs, type_of, .. }| quote!(#docs #name: #type_of));
        quote!(#docs #name { #(#fields,)* })
    });
    let visited = variants.iter().zip(0_i64..).map(|((name, _, carried), variant)| {
        let variant = enumeration::number(variant);
        if carried.is_empty() {
            return quote!(Self::#name => variants.variant::<#variant>());
        }
        let names: Vec<&Ident> = carried.iter().map(|Carried { name, .. }| name).collect();
        let payloads = names.iter().zip(0_i64..).map(|(name, payload)| {
            let payload = enumeration::number(payload);
            quote!(variants.payload::<#variant, #payload>(#slo::ToValue::to_field(#name));)
        });
        quote!(Self::#name { #(#names),* } => {
            variants.variant::<#variant>();
            #(#payloads)*
        })
    });
    let read = variants.iter().zip(0_i64..).map(|((name, _, carried), number)| {
        let number = enumeration::number(number);
        if carried.is_empty() {
            return quote!((#number, _) => Some(Self::#name));
        }
        let patterns = carried.iter().map(|Carried { read: (pattern, _), .. }| pattern);
        let fields = carried.iter().map(|Carried { name, read: (_, value), .. }| quote!(#name: #value));
        quote!((#number, [#(#patterns,)* ..]) => Some(Self::#name { #(#fields,)* }))
    });
    // One of another root that has no variants is that root's mistake.
    let (visitor, subject) = match variants.as_slice() {
        [] => (quote!(_variants), quote!(*self)),
        _ => (quote!(variants), quote!(self)),
    };
    quote! {
        #title
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#declared,)*
        }

        impl #slo::Face for #name {
            type Of = Self;
            const TABLE: &'static #slo::tables::Meaning<'static> = &#table;
        }

        impl #slo::Meaning for #name {
            fn visit<'a, V: #slo::Variants<'a>>(&'a self, #visitor: &mut V) {
                match #subject {
                    #(#visited,)*
                }
            }

            fn from_parts(variant: u16, payload: &[Option<#slo::Value<'static>>]) -> Option<Self> {
                match (variant, payload) {
                    #(#read,)*
                    _ => None,
                }
            }
        }
    }
}

fn carried_by(
    slo: &TokenStream,
    modules: &Modules<'_>,
    meaning: &Meaning,
    variant: &Variant,
    payload: &Payload,
    names: &mut Names,
) -> Carried {
    let name = names.give(snake(&payload.name));
    let values = of_payload(&modules.attributes, payload);
    let enumeration = modules.enum_of(&meaning.package, &values, Owner::Payload(meaning, variant, payload));
    let place = modules.contract.places.shown(payload.node);
    let mut text = format!("`{}`, `{place}`.", payload.name);
    if let Some(attribute) = modules.attributes.get(&payload.key).filter(|one| !one.docs.is_empty()) {
        text.push_str("\n\n");
        text.push_str(&attribute.docs);
    }
    Carried {
        docs: docs::outer(&text),
        type_of: type_of(slo, &values, enumeration.as_ref()),
        read: read(slo, &values, enumeration.as_ref(), &name),
        name,
    }
}

/// The code of a view.
pub(super) fn view(
    slo: &TokenStream,
    modules: &Modules<'_>,
    name: &Ident,
    view: &Meaning,
    of: &str,
    table: &TokenStream,
) -> Option<TokenStream> {
    let meaning = modules.face(&view.package, of)?;
    let mut declared = modules.declared("view", &view.full_name(), view.node);
    declared.push_str(&format!(" It shows `{of}`."));
    if let Some(until) = view.view.as_ref().and_then(|view| view.until.as_ref()) {
        declared.push_str(&format!(" It stays until {until}."));
    }
    let title = docs::of_item(&view.docs, &declared);
    Some(quote! {
        #title
        #[derive(Clone, Copy, Debug)]
        pub struct #name;

        impl #slo::Face for #name {
            type Of = #meaning;
            const TABLE: &'static #slo::tables::Meaning<'static> = &#table;
        }
    })
}
