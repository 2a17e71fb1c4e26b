//! What only the Rust compiler can see to: types that it alone knows, and what flattened structs bring.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use slo_compiler::derive::{Field, Fit, Held, HeldField, Structure, StructureKind};
use slo_compiler::diagnostic::{Code, Diagnostic};
use slo_compiler::ir::{ContainerKind, Source, Writer};
use slo_compiler::target::rust::text::Text;
use syn::GenericParam;

use crate::error::Errors;

/// Assertions over the tables of keys, which the Rust compiler evaluates.
pub(crate) struct Assertions<'a> {
    structure: &'a Structure,
    held: &'a Held,
    all: Vec<TokenStream>,
}

impl<'a> Assertions<'a> {
    pub(crate) fn of(
        structure: &'a Structure,
        held: &'a Held,
        flattened: &[&Field],
        errors: &Errors<'_>,
    ) -> Assertions<'a> {
        let mut assertions = Assertions { structure, held, all: Vec::new() };
        for given in &held.fields {
            assertions.field(given, errors);
        }
        for number in 0..flattened.len() {
            assertions.flattened(number, flattened, errors);
        }
        if !flattened.is_empty() {
            assertions.required(flattened.len(), errors);
        }
        assertions
    }

    /// The assertions as items beside the implementation, or, where the struct has parameters whose values are known
    /// only where it is used, as statements in it.
    pub(crate) fn place(self) -> (TokenStream, TokenStream) {
        let all = self.all;
        if all.is_empty() {
            return (quote!(), quote!());
        }
        let parameters = &self.structure.generics.params;
        if parameters.iter().any(|parameter| !matches!(parameter, GenericParam::Lifetime(_))) {
            return (quote!(), quote!(const { #(#all)* }));
        }
        let lifetimes = parameters.iter().filter_map(|parameter| match parameter {
            GenericParam::Lifetime(parameter) => Some(parameter.lifetime.ident.to_string()),
            _ => None,
        });
        // Each by itself, so that one that fails hides no other.
        let all: TokenStream =
            all.into_iter().map(|assertion| quote!(const _: () = { #assertion };)).collect();
        (forever(all, &lifetimes.collect()), quote!())
    }

    fn push(&mut self, place: (Span, Span), condition: &TokenStream, message: &str) {
        self.all.push(assertion(&self.structure.slo, place, condition, message));
    }

    /// A field of a type that has a name of its own.
    fn field(&mut self, given: &HeldField, errors: &Errors<'_>) {
        let (Some(field), Some(writer)) =
            (self.structure.fields.get(given.field), self.held.container.writers.get(given.writer))
        else {
            return;
        };
        let (slo, ty, key) = (&self.structure.slo, &field.ty, &writer.key);
        match given.fit {
            Fit::Seen => {}
            Fit::Unseen => {
                let (table, index) = (self.table(), given.writer);
                let name = writer.domain.type_name();
                let diagnostic = self.at(
                    Code::FieldType,
                    field,
                    format!("a field of this type can't give `{key}`: its values are not all values of the key's type, `{name}`"),
                );
                let text = errors.text(&declared(diagnostic, writer, errors));
                self.push(ends(ty), &quote!(#slo::fits::<#ty>(&#table.keys[#index])), &text);
            }
            Fit::Defines => {
                let Some(default) = &writer.default else { return };
                let default = Text::plain(&slo.to_string()).tokens(&default.value().value_type());
                let diagnostic = self.at(
                    Code::Type,
                    field,
                    format!("the default of `{key}` can't be read as this type: nothing says what it is"),
                );
                let text =
                    errors.text(&diagnostic.help(
                        "declare the key in a contract, or give the field a type of the standard library",
                    ));
                let (table, index) = (self.table(), given.writer);
                let condition = quote!(#default.fits(#table.keys[#index].value_type));
                self.push(ends(ty), &condition, &text);
            }
        }
    }

    /// A flattened struct, against the struct's own fields and those flattened before it.
    fn flattened(&mut self, number: usize, flattened: &[&Field], errors: &Errors<'_>) {
        let Some(field) = flattened.get(number) else { return };
        let slo = &self.structure.slo;
        let targets = Text::plain(&slo.to_string()).tokens(&self.held.targets);
        let (name, span) = (shown(field), ends(&field.ty));
        let inner = self.table_of(number);
        let kind = match self.structure.kind {
            StructureKind::Container(ContainerKind::Scope) => ContainerKind::Scope,
            _ => ContainerKind::Resource,
        };
        let kind_token = match kind {
            ContainerKind::Scope => quote!(Scope),
            ContainerKind::Resource => quote!(Resource),
        };
        let diagnostic =
            self.at(Code::UnknownContainer, field, format!("the flattened `{name}` is no {}", kind.name()));
        let text = errors.text(&diagnostic);
        self.push(span, &quote!(::core::matches!(#inner.kind, #slo::ContainerKind::#kind_token)), &text);
        for given in &self.held.fields {
            let (Some(own), Some(writer)) =
                (self.structure.fields.get(given.field), self.held.container.writers.get(given.writer))
            else {
                continue;
            };
            let key = &writer.key;
            let diagnostic = self.at(
                Code::Collision,
                field,
                format!("the flattened `{name}` brings `{key}`, which the field `{}` gives, or a key that a target takes for it", shown(own)),
            );
            let text = errors.text(&diagnostic.help("take the tag or the flattened struct out"));
            self.push(span, &quote!(!#inner.collides(#key, #targets)), &text);
        }
        for (other, other_field) in flattened.iter().enumerate().take(number) {
            let (other_name, other_table) = (shown(other_field), self.table_of(other));
            let message = format!(
                "the flattened `{other_name}` and `{name}` bring the same key, or two that a target takes for one"
            );
            let text = errors.text(&self.at(Code::Collision, field, message).help("take one of them out"));
            self.push(span, &quote!(#other_table.is_disjoint(#inner, #targets)), &text);
        }
        if !self.held.container.package.is_empty() {
            let table = self.table();
            let container = self.held.container.full_name();
            let message = format!(
                "the flattened `{name}` brings a key that `{container}` doesn't have, or of which it says something else"
            );
            let diagnostic = self.at(Code::UnknownName, field, message);
            let diagnostic = match errors.place(self.held.container.node) {
                Some(place) => diagnostic.and(place, "declared here"),
                None => diagnostic,
            };
            let text = errors.text(&diagnostic);
            // The container by itself, without what it flattens: that would take whatever it brings.
            self.push(span, &quote!(#slo::Container { flattened: &[], ..*#table }.takes(#inner)), &text);
        }
    }

    /// The keys that the contract requires, and no field of the struct itself gives.
    fn required(&mut self, flattened: usize, errors: &Errors<'_>) {
        if self.held.container.package.is_empty() {
            return;
        }
        let tables: Vec<TokenStream> = (0..flattened).map(|number| self.table_of(number)).collect();
        for (index, writer) in self.held.container.writers.iter().enumerate() {
            let given = self.held.fields.iter().any(|field| field.writer == index);
            if *writer.source != Source::Required || given {
                continue;
            }
            let key = &writer.key;
            let message = format!("`{key}` is required, and neither a field nor a flattened struct gives it");
            let diagnostic = Diagnostic::new(Code::MissingField, self.structure.place, message);
            let diagnostic = match errors.place(writer.node) {
                Some(place) => diagnostic.and(place, "required here"),
                None => diagnostic,
            };
            let text = errors.text(&diagnostic);
            let span = self.structure.ident.span();
            self.push((span, span), &quote!(#(#tables.has_key(#key))||*), &text);
        }
    }

    fn at(&self, code: Code, field: &Field, message: String) -> Diagnostic {
        Diagnostic::new(code, field.type_place, message)
    }

    /// The struct's own table.
    fn table(&self) -> TokenStream {
        let Structure { ident, generics, slo, .. } = self.structure;
        let (_, type_generics, _) = generics.split_for_impl();
        quote!(<#ident #type_generics as #slo::SloAttributes>::CONTAINER)
    }

    /// The table of a flattened struct, by way of the struct's own: where there is none, that is reported once.
    fn table_of(&self, number: usize) -> TokenStream {
        let table = self.table();
        quote!(#table.flattened[#number])
    }
}

/// That a condition holds, as a statement.
pub(crate) fn assertion(
    slo: &TokenStream,
    (first, last): (Span, Span),
    condition: &TokenStream,
    message: &str,
) -> TokenStream {
    // From its first token to its last: that is how far the compiler underlines it.
    let arguments = quote_spanned!(last=> (#condition, #message));
    let slo = slo.clone().into_iter().map(|mut token| {
        token.set_span(first);
        token
    });
    let slo: TokenStream = slo.collect();
    quote_spanned!(first=> #slo::hold #arguments;)
}

/// A finding with the place where the contract says what a key is.
fn declared(diagnostic: Diagnostic, writer: &Writer, errors: &Errors<'_>) -> Diagnostic {
    match errors.place(writer.declaration.unwrap_or(writer.node)) {
        Some(place) => diagnostic.and(place, "declared here"),
        None => diagnostic,
    }
}

/// A type's first and last token.
pub(crate) fn ends(ty: &syn::Type) -> (Span, Span) {
    let mut tokens = ty.to_token_stream().into_iter();
    let first = tokens.next().map_or_else(Span::call_site, |token| token.span());
    (first, tokens.last().map_or(first, |token| token.span()))
}

fn shown(field: &Field) -> String {
    field.member.to_token_stream().to_string()
}

/// The tokens with `'static` in place of these lifetimes: outside of the implementation they have no meaning, and to a
/// table of keys they make no difference.
pub(crate) fn forever(tokens: TokenStream, lifetimes: &HashSet<String>) -> TokenStream {
    if lifetimes.is_empty() {
        return tokens;
    }
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let is_lifetime = after_quote;
            after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
            match token {
                TokenTree::Ident(name) if is_lifetime && lifetimes.contains(&name.to_string()) => {
                    TokenTree::Ident(Ident::new("static", name.span()))
                }
                TokenTree::Group(group) => {
                    let delimiter: Delimiter = group.delimiter();
                    let mut inner = Group::new(delimiter, forever(group.stream(), lifetimes));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                other => other,
            }
        })
        .collect()
}
