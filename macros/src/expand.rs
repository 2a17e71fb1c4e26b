//! What the derive expands to: a table of keys, and a visitor over the fields.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use slo_compiler::derive::{Contracts, Field, Fit, Held, Structure, StructureKind};
use slo_compiler::ir::ContainerKind;
use slo_compiler::plan::{Arena, Head};
use slo_compiler::target::rust::text::Text;
use syn::spanned::Spanned;
use syn::{GenericParam, Lifetime};

use crate::assertions::Assertions;
use crate::error::Errors;

/// A newtype that is a value itself.
pub(crate) fn transparent(structure: &Structure) -> TokenStream {
    let [field] = structure.fields.as_slice() else { return TokenStream::new() };
    let Structure { ident, generics, slo, .. } = structure;
    let (member, ty) = (&field.member, &field.ty);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let predicates = where_clause.map(|clause| &clause.predicates);
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #impl_generics #slo::ToValue for #ident #type_generics
            where #ty: #slo::ToValue, #predicates
            {
                const TYPE: #slo::ValueType = <#ty as #slo::ToValue>::TYPE;
                const MEMBERS: ::core::option::Option<&'static [#slo::Member<'static>]> = <#ty as #slo::ToValue>::MEMBERS;

                fn to_value(&self) -> ::core::result::Result<::core::option::Option<#slo::Value<'_>>, #slo::Unfit> {
                    #slo::ToValue::to_value(&self.#member)
                }

                fn to_field(&self) -> #slo::FieldValue<'_> {
                    #slo::ToValue::to_field(&self.#member)
                }
            }

            #[automatically_derived]
            impl #impl_generics #slo::Element for #ident #type_generics
            where #ty: #slo::Element, #predicates
            {
                const ARRAY: #slo::ValueType = <#ty as #slo::Element>::ARRAY;
            }
        };
    }
}

/// A resource or a scope. Where there are errors, the code is as good as it can be, so that one mistake doesn't
/// bring ten.
pub(crate) fn container(structure: &Structure, held: &Held, errors: &Errors<'_>) -> TokenStream {
    let Structure { ident, generics, slo, .. } = structure;
    let StructureKind::Container(kind) = structure.kind else { return TokenStream::new() };
    let kind_type = match kind {
        ContainerKind::Resource => quote!(#slo::Resource),
        ContainerKind::Scope => quote!(#slo::Scope),
    };
    let sound = held.is_sound() && structure.diagnostics.is_empty();
    let flattened: Vec<&Field> = structure.fields.iter().filter(|field| field.tag.is_none()).collect();
    let table = table(structure, held, errors.contracts(), kind);

    let visit = Lifetime::new("'slo_visit", Span::call_site());
    let values = held.fields.iter().filter_map(|given| {
        let field = structure.fields.get(given.field)?;
        let member = &field.member;
        let key = &held.container.writers.get(given.writer)?.key;
        Some(if sound && given.read {
            // At the type: there the Rust compiler says that it is no value.
            quote_spanned!(field.ty.span()=> #slo::Visitor::value(slo_visitor, #key, &self.#member);)
        } else {
            // A constant's field isn't read; that it is there is no mistake.
            quote!(let _ = &self.#member;)
        })
    });
    let inner_values = flattened.iter().map(|field| {
        let member = &field.member;
        quote_spanned!(field.ty.span()=> #slo::SloAttributes::visit(&self.#member, slo_visitor);)
    });

    let (outside, inside) = match sound {
        true => Assertions::of(structure, held, &flattened, errors).place(),
        false => (quote!(), quote!()),
    };
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let predicates = where_clause.map(|clause| clause.predicates.iter()).into_iter().flatten();
    let bounds = bounds(structure, held);
    let where_clause = quote!(where #(#bounds,)* #(#predicates,)*);
    quote! {
        const _: () = {
            #outside

            #[automatically_derived]
            #[allow(deprecated, unused_variables)]
            impl #impl_generics #slo::SloAttributes for #ident #type_generics #where_clause {
                type Kind = #kind_type;
                const CONTAINER: &'static #slo::Container<'static> = {
                    use #slo::names::*;
                    &#table
                };

                fn visit<#visit, SloVisitor: #slo::Visitor<#visit>>(&#visit self, slo_visitor: &mut SloVisitor) {
                    #inside
                    #(#values)*
                    #(#inner_values)*
                }
            }
        };
    }
}

fn table(
    structure: &Structure,
    held: &Held,
    contracts: Option<&Contracts>,
    kind: ContainerKind,
) -> TokenStream {
    let slo = &structure.slo;
    let contract = contracts.filter(|_| structure.held_to.is_some()).map(|contracts| &contracts.contract);
    let contract = contract.filter(|_| !held.container.package.is_empty());
    let name = match contract {
        Some(_) => held.container.full_name(),
        None => structure.ident.to_string(),
    };
    let head = Head {
        name: &name,
        scope_name: match (kind, contract) {
            (ContainerKind::Resource, _) => "",
            (ContainerKind::Scope, Some(_)) => &held.container.package,
            (ContainerKind::Scope, None) => &name,
        },
        schema_url: contract.and_then(|contract| contract.schema_url.as_deref()),
        places: contract.map(|contract| &contract.places),
    };
    let arena = Arena::default();
    let said = arena.container(&held.container, head);
    // What only rustc knows is told by names that a program hardly has, in whose place the types come.
    let mut types: HashMap<String, TokenStream> = HashMap::new();
    let mut name_of = |number: usize| {
        let name = format!("__SLO_TYPE_{number}");
        types.insert(name.clone(), structure.fields.get(number)?.ty.to_token_stream());
        Some(name)
    };
    let text = Text::for_derive();
    let keys = said.keys.iter().enumerate().map(|(number, key)| {
        let defines = held.fields.iter().find(|given| given.writer == number && given.fit == Fit::Defines);
        match defines.and_then(|given| name_of(given.field)) {
            None => text.of(key),
            Some(name) => {
                let constant = |constant| format!("<{name} as {slo}::ToValue>::{constant}");
                text.with(key, &[("value_type", &constant("TYPE")), ("members", &constant("MEMBERS"))])
            }
        }
    });
    let keys = format!("&[{}]", keys.collect::<Vec<_>>().join(","));
    let flattened = structure.fields.iter().enumerate().filter(|(_, field)| field.tag.is_none());
    let flattened = flattened
        .filter_map(|(number, _)| Some(format!("<{} as {slo}::SloAttributes>::CONTAINER", name_of(number)?)));
    let flattened = format!("&[{}]", flattened.collect::<Vec<_>>().join(","));
    let code = text.with(&said, &[("keys", &keys), ("flattened", &flattened)]);
    placed(read(&code), &types)
}

/// The tokens with types in the place of their names.
fn placed(tokens: TokenStream, types: &HashMap<String, TokenStream>) -> TokenStream {
    if types.is_empty() {
        return tokens;
    }
    let mut all = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => match types.get(&name.to_string()) {
                Some(ty) => all.extend(ty.clone()),
                None => all.extend([TokenTree::Ident(name)]),
            },
            TokenTree::Group(group) => {
                let inner = placed(group.stream(), types);
                all.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))]);
            }
            other => all.extend([other]),
        }
    }
    all
}

/// Reads code by rustc's own lexer: proc-macro2 reads it first by its own, which takes most of a derive's time where it
/// isn't optimised.
pub(crate) fn read(code: &str) -> TokenStream {
    code.parse::<proc_macro::TokenStream>().map(TokenStream::from).unwrap_or_default()
}

/// The bounds that fields of generic types need.
fn bounds(structure: &Structure, held: &Held) -> Vec<TokenStream> {
    let parameters: HashSet<String> = structure
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            _ => None,
        })
        .collect();
    if parameters.is_empty() {
        return Vec::new();
    }
    let slo = &structure.slo;
    let mut bounds = Vec::new();
    for (number, field) in structure.fields.iter().enumerate() {
        let ty = &field.ty;
        if !mentions(ty.to_token_stream(), &parameters) {
            continue;
        }
        if field.tag.is_none() {
            bounds.push(quote!(#ty: #slo::SloAttributes));
        } else if held.fields.iter().any(|given| given.field == number && given.read) {
            bounds.push(quote!(#ty: #slo::ToValue));
        }
    }
    bounds
}

/// Whether tokens hold one of these names.
fn mentions(tokens: TokenStream, names: &HashSet<String>) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&ident.to_string()),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}
