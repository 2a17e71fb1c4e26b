//! A type for a meaning, and one for a view of it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::event::Slot;

use super::names::{Names, pascal, snake};
use super::print::Code;
use super::types::{field, put, read, type_of};
use super::{docs, enumeration};
use crate::plan::{Meaning, Said};

/// A payload as the field of a variant.
struct Carried<'p> {
    name: Ident,
    said: Said<'p>,
    docs: TokenStream,
    type_of: TokenStream,
    /// How it is read back, and what is made of that.
    read: (TokenStream, TokenStream),
}

/// The code of a meaning.
pub(super) fn meaning(code: &Code<'_>, name: &Ident, meaning: &Meaning<'_>) -> TokenStream {
    let slo = &code.slo;
    let table = code.table(meaning.table);
    let title = docs::of_item(
        meaning.docs,
        &docs::declared("meaning", meaning.table.name, &code.places.shown(meaning.node)),
    );
    let mut names = Names::default();
    let variants: Vec<(Ident, String, Vec<Carried<'_>>)> = (meaning.table.variants.iter())
        .zip(&meaning.variants)
        .map(|(variant, said)| {
            let mut fields = Names::default();
            let payload = variant.payload.iter().zip(&said.payload);
            let carried = payload.map(|(slot, said)| carried_by(code, slot, said, &mut fields));
            let docs = docs::or(said.docs, &format!("`{}`", variant.name)).to_owned();
            (names.give(pascal(variant.name)), docs, carried.collect())
        })
        .collect();
    let declared = variants.iter().map(|(name, docs, carried)| {
        let docs = docs::outer(docs);
        if carried.is_empty() {
            return quote!(#docs #name);
        }
        let fields = carried.iter().map(|Carried { name, docs, type_of, .. }| quote!(#docs #name: #type_of));
        quote!(#docs #name { #(#fields,)* })
    });
    let given = variants.iter().zip(0_i64..).map(|((name, _, carried), variant)| {
        let variant = enumeration::number(variant);
        let variant_put = quote!(values.put(at, #slo::FieldValue::Variant(#variant)));
        if carried.is_empty() {
            return quote!(Self::#name => #variant_put);
        }
        let names = carried.iter().map(|Carried { name, .. }| name);
        let payloads = carried.iter().zip(1_i64..).map(|(Carried { name, said, .. }, behind)| {
            let behind = enumeration::number(behind);
            put(&quote!(at + #behind), said, &quote!(#name))
        });
        quote!(Self::#name { #(#names),* } => {
            #variant_put;
            #(#payloads)*
        })
    });
    let visited = variants.iter().zip(0_i64..).map(|((name, _, carried), variant)| {
        let variant = enumeration::number(variant);
        if carried.is_empty() {
            return quote!(Self::#name => variants.variant::<#variant>());
        }
        let names = carried.iter().map(|Carried { name, .. }| name);
        let payloads = carried.iter().zip(0_i64..).map(|(Carried { name, said, .. }, payload)| {
            let (payload, value) = (enumeration::number(payload), field(slo, said, &quote!(#name)));
            quote!(variants.payload::<#variant, #payload>(#value);)
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
    let (at, values, visitor, subject) = match variants.as_slice() {
        [] => (quote!(_at), quote!(_values), quote!(_variants), quote!(*self)),
        _ => (quote!(at), quote!(values), quote!(variants), quote!(self)),
    };
    quote! {
        #title
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#declared,)*
        }

        impl #slo::Projection for #name {
            type Of = Self;
            const TABLE: &'static #slo::tables::Meaning<'static> = &#table;
        }

        impl #slo::Meaning for #name {
            fn values<'a>(&'a self, #at: usize, #values: &mut #slo::Values<'_, 'a>) {
                match #subject {
                    #(#given,)*
                }
            }

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

fn carried_by<'p>(code: &Code<'_>, slot: &Slot<'_>, said: &Said<'p>, names: &mut Names) -> Carried<'p> {
    let key = &slot.key;
    let name = names.give(snake(key.name));
    let mut text = format!("`{}`, `{}`.", key.name, key.place);
    if !said.docs.is_empty() {
        text.push_str("\n\n");
        text.push_str(said.docs);
    }
    Carried {
        docs: docs::outer(&text),
        type_of: type_of(code, key.value_type, said),
        read: read(code, key.value_type, said, &name),
        name,
        said: *said,
    }
}

/// The code of a view.
pub(super) fn view(code: &Code<'_>, name: &Ident, view: &Meaning<'_>, of: &str) -> TokenStream {
    let slo = &code.slo;
    let (meaning, table) = (code.modules.meaning(code.package, of), code.table(view.table));
    let mut declared = docs::declared("view", view.table.name, &code.places.shown(view.node));
    declared.push_str(&format!(" It shows `{of}`."));
    if let Some(until) = view.table.until {
        declared.push_str(&format!(" It stays until {until}."));
    }
    let title = docs::of_item(view.docs, &declared);
    quote! {
        #title
        #[derive(Clone, Copy, Debug)]
        pub struct #name;

        impl #slo::Projection for #name {
            type Of = #meaning;
            const TABLE: &'static #slo::tables::Meaning<'static> = &#table;
        }
    }
}
