//! What the derive expands to for an event: its table, and a visitor over its fields.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use slo_compiler::derive::{Field, Fit, GivenField, HeldEvent, RustType, Structure, option_of};
use slo_compiler::diagnostic::{Code, Diagnostic};
use slo_compiler::ir::{self, Domain, FieldValue};
use slo_compiler::plan::{Event, Given};
use slo_compiler::target::rust::text::Text;
use slo_model::event::{self as tables, FieldKind, Meaning};
use slo_model::{Key, Literal};
use syn::spanned::Spanned;
use syn::{GenericParam, Type};

use crate::assertions::{assertion, ends, forever};
use crate::error::Errors;
use crate::expand::read;

/// What an event's expansion is written with.
struct Expansion<'e> {
    structure: &'e Structure,
    held: &'e HeldEvent<'e>,
    declared: &'e ir::Event,
    event: &'e Event<'e>,
}

/// An event. Nothing is wrong with it, as far as can be told without the Rust compiler.
pub(crate) fn event(
    structure: &Structure,
    held: &HeldEvent<'_>,
    (declared, event): (&ir::Event, &Event<'_>),
    errors: &Errors<'_>,
) -> TokenStream {
    let expansion = Expansion { structure, held, declared, event };
    let Structure { ident, slo, .. } = structure;
    let (faces, named) = expansion.faces(errors);
    let (packed, table) = expansion.table(&named);
    let given = expansion.given();
    let assertions = expansion.assertions(errors);
    let rest = expansion.rest();
    let running = event.hindrances.is_empty().then(|| quote!(impl __SloRunning for #ident {}));
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #slo::names::*;
            #faces
            #assertions
            #[automatically_derived]
            #[allow(deprecated)]
            impl __SloDerived for #ident {
                #packed
                #table
                fn values<'slo>(&'slo self, slo_values: &mut __SloValues<'_, 'slo>) { #given }
                #rest
            }
            #running
        };
    }
}

/// The path of a meaning's table in the expansion, by the number of its field.
fn face(number: usize) -> String {
    format!("__SLO_FACE_{number}")
}

/// A field of the event by its number, with the struct's field that gives it.
type Numbered<'n> = (usize, &'n tables::Field<'n>, Option<(&'n GivenField, &'n Field)>);

impl Expansion<'_> {
    fn fields(&self) -> impl Iterator<Item = Numbered<'_>> {
        self.event.table.fields.iter().enumerate().map(|(number, declared)| {
            let given = self.held.given(number);
            let field = given.and_then(|given| Some((given, self.structure.fields.get(given.field)?)));
            (number, declared, field)
        })
    }

    /// The tables of the meanings that the struct has types for: as constants, so that the rest is text; and what each is
    /// called. A table of another meaning does not compile.
    fn faces(&self, errors: &Errors<'_>) -> (TokenStream, HashMap<&str, String>) {
        let (mut faces, mut named) = (TokenStream::new(), HashMap::new());
        for (number, declared, field) in self.fields() {
            let (FieldKind::Meaning { meaning, .. }, Some((_, field))) = (&declared.kind, field) else {
                continue;
            };
            let ty = option_of(&field.ty).unwrap_or(&field.ty);
            let (full_name, variants) = (meaning.name, read(&variants(meaning)));
            let (name, shown) = (declared.name, shown(ty));
            let message = format!(
                "`{name}` is the meaning `{full_name}`, and `{shown}` is another one, or was made of another contract"
            );
            let finding = self.finding(field, name, message, errors);
            let (first, last) = ends(&field.ty);
            let table = quote_spanned!(ty.span()=> <#ty as __SloProjection>::TABLE);
            let arguments = quote_spanned!(last=> (#table, #full_name, #variants, #finding));
            let table = quote_spanned!(first=> __slo::meaning #arguments);
            let constant = face(number);
            let ident = quote::format_ident!("{constant}");
            faces.extend(quote!(const #ident: &__SloTables::Meaning<'static> = #table;));
            named.entry(full_name).or_insert(constant);
        }
        (faces, named)
    }

    /// The event's table as a text, and the type that it is read by. A table that no type has stands where it is named.
    fn table(&self, named: &HashMap<&str, String>) -> (TokenStream, TokenStream) {
        let in_place = Text::for_derive();
        let meaning = |meaning: &Meaning<'_>| {
            named.get(meaning.name).cloned().unwrap_or_else(|| format!("&{}", in_place.of(meaning)))
        };
        let text = Text {
            meaning: &meaning,
            container: &|container| format!("&{}", in_place.of(container)),
            ..Text::for_derive()
        };
        let (packed, counts) = text.packed(&self.event.table);
        let packed = format!("const PACKED: __SloPacked<'static> = {packed};");
        (read(&packed), read(&format!("type Table = __SloUnpacked<Self, {counts}>;")))
    }

    /// How each value comes into its place. What only rustc knows the type of has the type's place.
    fn given(&self) -> TokenStream {
        let mut all = TokenStream::new();
        // Text is read once for as many fields as can be.
        let mut pending = String::from("let _ = &slo_values;");
        for (number, declared, field) in self.fields() {
            let at = declared.at;
            let Some((given, field)) = field else {
                self.unsaid(number, at, &mut pending);
                continue;
            };
            let member = field.member.to_token_stream();
            let unit = self.event.fields.get(number).and_then(|field| field.said.nanoseconds);
            if let (Some(nanoseconds), RustType::Duration) = (unit, RustType::of(&field.ty)) {
                let _ = write!(pending, "slo_values.duration({at}, &self.{member}, {nanoseconds:?});");
                continue;
            }
            if matches!(declared.kind, FieldKind::Plain { .. }) && is_direct(&field.ty) {
                let _ = write!(pending, "slo_values.value({at}, &self.{member});");
                continue;
            }
            all.extend(read(&std::mem::take(&mut pending)));
            let span = field.ty.span();
            let at = proc_macro2::Literal::u16_unsuffixed(at);
            let value = quote_spanned!(span=> &self.#member);
            all.extend(match (&declared.kind, given.optional) {
                (FieldKind::Meaning { .. }, false) => {
                    quote_spanned!(span=> slo_values.meaning(#at, __SloSome(#value));)
                }
                (FieldKind::Meaning { .. }, true) => {
                    quote_spanned!(span=> slo_values.meaning(#at, (#value).as_ref());)
                }
                (FieldKind::Contexts, false) => {
                    quote_spanned!(span=> slo_values.put(#at, __SloFieldValue::Contexts(#value));)
                }
                (FieldKind::Contexts, true) => quote_spanned! {span=>
                    if let __SloSome(contexts) = #value {
                        slo_values.put(#at, __SloFieldValue::Contexts(contexts));
                    }
                },
                (FieldKind::Plain { .. }, _) => quote_spanned!(span=> slo_values.own(#at, #value);),
            });
        }
        all.extend(read(&pending));
        all
    }

    /// A field of the event that the struct has no field for: what nobody puts in is absent.
    fn unsaid(&self, number: usize, at: u16, code: &mut String) {
        let _ = match self.event.fields.get(number).map(|field| field.given) {
            Some(Given::Constant(Literal::Int(value))) => {
                write!(code, "slo_values.put({at}, __SloFieldValue::Int({value}));")
            }
            Some(Given::Constant(Literal::Double(value))) => {
                write!(code, "slo_values.put({at}, __SloFieldValue::Double({value:?}));")
            }
            _ => Ok(()),
        };
    }

    /// What only rustc knows of the types of plain fields.
    fn assertions(&self, errors: &Errors<'_>) -> TokenStream {
        let mut all = TokenStream::new();
        for (_, declared, field) in self.fields() {
            let (FieldKind::Plain { slot, .. }, Some((GivenField { fit: Fit::Unseen, .. }, field))) =
                (&declared.kind, field)
            else {
                continue;
            };
            let (ty, name) = (&field.ty, declared.name);
            let key = read(&Text::for_derive().of(&Key { place: "", ..slot.key }));
            let type_name = match self.declared.field_named(name).map(|field| &*field.value) {
                Some(FieldValue::Plain(domain)) => Domain::type_name(domain),
                _ => String::new(),
            };
            let message = format!(
                "a field of this type can't give `{name}`: its values are not all among those of the event's field, `{type_name}`"
            );
            let finding = self.finding(field, name, message, errors);
            let condition = quote!(__slo::fits::<#ty>(&#key));
            let assertion = assertion(&self.structure.slo, ends(ty), &condition, &finding);
            // Each by itself, so that one that fails hides no other.
            all.extend(quote!(const _: () = { #assertion };));
        }
        all
    }

    /// What is wrong with a field's type, with what the contract says of it.
    fn finding(&self, field: &Field, name: &str, message: String, errors: &Errors<'_>) -> String {
        let mut diagnostic = Diagnostic::new(Code::FieldType, field.type_place, message);
        let declared = self.declared.field_named(name);
        if let Some(place) = declared.and_then(|field| errors.place(field.declaration.unwrap_or(field.node)))
        {
            diagnostic = diagnostic.and(place, "declared here");
        }
        errors.text(&diagnostic)
    }

    /// What depends on the event alone.
    fn rest(&self) -> TokenStream {
        let when = if self.event.table.elapsed.is_some() { "Period" } else { "Moment" };
        let mut code = format!("type When = __Slo{when};");
        code.push_str(EMITTERS);
        read(&code)
    }
}

/// Each struct has instruments of its own.
const EMITTERS: &str = "
    fn emitters() -> &'static __SloEmitters {
        static EMITTERS: __SloEmitters = __SloEmitters::new();
        &EMITTERS
    }
";

/// An event with mistakes, which were reported: so that what the program does with it brings no more.
pub(crate) fn stub(structure: &Structure, held: &HeldEvent<'_>) -> TokenStream {
    let Structure { ident, generics, slo, .. } = structure;
    let lifetimes: HashSet<String> =
        generics.lifetimes().map(|parameter| parameter.lifetime.ident.to_string()).collect();
    let (_, type_generics, where_clause) = generics.split_for_impl();
    let mut without = generics.clone();
    without.params = generics
        .params
        .iter()
        .filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
        .cloned()
        .collect();
    let (impl_generics, ..) = without.split_for_impl();
    let impl_generics = forever(impl_generics.to_token_stream(), &lifetimes);
    let type_generics = forever(type_generics.to_token_stream(), &lifetimes);
    let predicates = where_clause.map(|clause| forever(clause.predicates.to_token_stream(), &lifetimes));
    let bounds = generics.type_params().map(|parameter| {
        let ident = &parameter.ident;
        quote!(#ident: 'static)
    });
    let elapsed = held.event.as_ref().is_none_or(|(_, event)| event.table.elapsed.is_some());
    let when = if elapsed { quote!(__SloPeriod) } else { quote!(__SloMoment) };
    let runs = held.event.as_ref().is_none_or(|(_, event)| event.hindrances.is_empty());
    let head = quote!(for #ident #type_generics where #(#bounds,)* #predicates);
    let running = runs.then(|| quote!(impl #impl_generics __SloRunning #head {}));
    let rest = read(EMITTERS);
    quote! {
        const _: () = {
            use #slo::names::*;
            #[automatically_derived]
            impl #impl_generics __SloDerived #head {
                type When = #when;
                type Table = __slo::NoTable;
                const PACKED: __SloPacked<'static> = __slo::NoTable::PACKED;
                fn values<'slo>(&'slo self, _: &mut __SloValues<'_, 'slo>) {}
                #rest
            }
            #running
        };
    }
}

/// Types whose own `to_field` says all that there is to say.
fn is_direct(ty: &Type) -> bool {
    if let Some(inner) = option_of(ty) {
        return is_direct(inner);
    }
    let Type::Path(path) = ty else { return false };
    let Some(name) = path.path.get_ident() else { return false };
    const DIRECT: [&str; 13] =
        ["String", "bool", "f64", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize"];
    DIRECT.iter().any(|direct| name == direct)
}

/// A meaning's variants with the names of what they carry, as the runtime compares them.
fn variants(meaning: &Meaning<'_>) -> String {
    let mut code = String::from("&[");
    for variant in meaning.variants {
        let _ = write!(code, "({:?}, &[", variant.name);
        for payload in variant.payload {
            let _ = write!(code, "{:?},", payload.key.name);
        }
        code.push_str("]),");
    }
    code.push(']');
    code
}

/// A type as a person writes it.
fn shown(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" :: ", "::").replace(":: ", "::").replace(" < ", "<").replace(" >", ">")
}
