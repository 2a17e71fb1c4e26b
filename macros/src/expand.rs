//! What the derive expands to: a table of keys, and a visitor over the fields.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use slo_compiler::derive::{Contracts, Field, Held, Structure, StructureKind};
use slo_compiler::emit::table::Table;
use slo_compiler::ir::{ContainerKind, Source};
use syn::{GenericParam, Lifetime};

/// A newtype that is a value itself.
pub(crate) fn transparent(structure: &Structure) -> TokenStream {
    let errors = structure.errors.iter().map(syn::Error::to_compile_error);
    let [field] = structure.fields.as_slice() else { return quote!(#(#errors)*) };
    let Structure { ident, generics, slo, .. } = structure;
    let (member, ty) = (&field.member, &field.ty);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let predicates = where_clause.map(|clause| &clause.predicates);
    quote! {
        #(#errors)*
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
pub(crate) fn container(structure: &Structure, held: &Held, contracts: Option<&Contracts>) -> TokenStream {
    let Structure { ident, generics, slo, .. } = structure;
    let StructureKind::Container(kind) = structure.kind else { return TokenStream::new() };
    let kind_type = match kind {
        ContainerKind::Resource => quote!(#slo::Resource),
        ContainerKind::Scope => quote!(#slo::Scope),
    };
    let sound = held.is_sound() && structure.errors.is_empty() && structure.diagnostics.is_empty();
    let flattened: Vec<&Field> = structure.fields.iter().filter(|field| field.tag.is_none()).collect();
    let inner_tables: Vec<TokenStream> = flattened
        .iter()
        .map(|field| {
            let ty = &field.ty;
            quote!(<#ty as #slo::SloAttributes>::CONTAINER)
        })
        .collect();
    let table = table(structure, held, contracts, kind, &inner_tables);

    let visit = Lifetime::new("'slo_visit", Span::call_site());
    let values = held.fields.iter().filter_map(|given| {
        let field = structure.fields.get(given.field)?;
        let key = &held.container.writers.get(given.writer)?.key;
        let member = &field.member;
        // A constant's field isn't read; that it is there is no mistake.
        Some(if !given.read {
            quote!(let _ = &self.#member;)
        } else if sound {
            quote!(#slo::Visitor::value(visitor, #key, &self.#member);)
        } else {
            quote!(let _ = &self.#member;)
        })
    });
    let inner_values = flattened.iter().map(|field| {
        let member = &field.member;
        quote!(#slo::SloAttributes::visit(&self.#member, visitor);)
    });

    let assertions = if sound { assertions(structure, held, &inner_tables) } else { Vec::new() };
    // Of a generic struct, constants are known only where it is used.
    let generic = !generics.params.is_empty();
    let (outside, inside) = if generic {
        (quote!(), quote!(#(const { #assertions })*))
    } else {
        (quote!(#(const _: () = { #assertions };)*), quote!())
    };

    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let predicates = where_clause.map(|clause| clause.predicates.iter()).into_iter().flatten();
    let bounds = bounds(structure, held);
    let where_clause = quote!(where #(#bounds,)* #(#predicates,)*);
    let visitor = if held.fields.iter().any(|field| field.read) || !flattened.is_empty() {
        quote!(visitor)
    } else {
        quote!(_visitor)
    };
    quote! {
        const _: () = {
            #outside

            #[automatically_derived]
            impl #impl_generics #slo::SloAttributes for #ident #type_generics #where_clause {
                type Kind = #kind_type;
                const CONTAINER: &'static #slo::Container<'static> = &#table;

                #[allow(unused_variables)]
                fn visit<#visit, SloVisitor: #slo::Visitor<#visit>>(&#visit self, #visitor: &mut SloVisitor) {
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
    flattened: &[TokenStream],
) -> TokenStream {
    let contract = contracts.filter(|_| structure.held_to.is_some()).map(|contracts| &contracts.contract);
    let contract = contract.filter(|_| !held.container.package.is_empty());
    let name = match contract {
        Some(_) => held.container.full_name(),
        None => structure.ident.to_string(),
    };
    let table = Table {
        slo: &structure.slo,
        name: &name,
        scope_name: match (kind, contract) {
            (ContainerKind::Resource, _) => "",
            (ContainerKind::Scope, Some(_)) => &held.container.package,
            (ContainerKind::Scope, None) => &name,
        },
        schema_url: contract.and_then(|contract| contract.schema_url.as_deref()),
        flattened,
    };
    table.container(&held.container, &|writer| match contract {
        Some(contract) => contract.places.shown(writer.node),
        None => String::new(),
    })
}

/// What only the Rust compiler can see to: types that it alone knows, and what flattened structs bring.
fn assertions(structure: &Structure, held: &Held, inner: &[TokenStream]) -> Vec<TokenStream> {
    let slo = &structure.slo;
    let table = Table { slo, name: "", scope_name: "", schema_url: None, flattened: &[] };
    let mut assertions = Vec::new();
    for given in held.fields.iter().filter(|field| field.unknown_type) {
        let (Some(field), Some(writer)) = (structure.fields.get(given.field), held.container.writers.get(given.writer)) else {
            continue;
        };
        let key = table.key(writer, "");
        let ty = &field.ty;
        let message = format!("the field's type can't give `{}`, as its contract describes it", writer.key);
        let span = syn::spanned::Spanned::span(&field.ty);
        assertions.push(quote_spanned!(span=> ::core::assert!(#slo::__private::fits::<#ty>(&#key), #message);));
    }
    let own: Vec<TokenStream> = held
        .fields
        .iter()
        .filter_map(|given| {
            let key = table.key(held.container.writers.get(given.writer)?, "");
            Some(key)
        })
        .collect();
    let flattened = structure.fields.iter().filter(|field| field.tag.is_none());
    let container_kind = match structure.kind {
        StructureKind::Container(ContainerKind::Scope) => quote!(Scope),
        _ => quote!(Resource),
    };
    // The keys that the struct's own fields give, as a table of their own.
    let given = quote! {
        #slo::Container {
            name: "", kind: #slo::ContainerKind::#container_kind, scope_name: "",
            schema_url: ::core::option::Option::None, closed: false, keys: &[#(#own),*], flattened: &[],
        }
    };
    let contract = !held.container.package.is_empty();
    let whole = table.container(&held.container, &|_| String::new());
    for (number, (field, inner_table)) in flattened.zip(inner).enumerate() {
        let span = syn::spanned::Spanned::span(&field.ty);
        let name = field.member.to_token_stream().to_string();
        let message = format!("the flattened `{name}` brings a key that another field gives");
        assertions.push(quote_spanned!(span=> ::core::assert!((#given).is_disjoint(#inner_table), #message);));
        for other in inner.iter().take(number) {
            assertions.push(quote_spanned!(span=> ::core::assert!(#other.is_disjoint(#inner_table), #message);));
        }
        if contract {
            let message = format!("the flattened `{name}` brings a key that `{}` does not have, or of another type", held.container.full_name());
            assertions.push(quote_spanned!(span=> ::core::assert!((#whole).takes(#inner_table), #message);));
        }
    }
    if contract && !inner.is_empty() {
        for (index, writer) in held.container.writers.iter().enumerate() {
            if writer.source == Some(Source::Required) && !held.fields.iter().any(|field| field.writer == index) {
                let key = &writer.key;
                let message = format!("`{key}` is required, and neither a field nor a flattened struct gives it");
                let span = structure.ident.span();
                assertions.push(quote_spanned!(span=> ::core::assert!(#(#inner.has_key(#key))||*, #message);));
            }
        }
    }
    assertions
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
