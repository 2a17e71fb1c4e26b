//! What the derive expands to for an event: its table, and a visitor over its fields.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use slo_compiler::derive::{Field, Fit, GivenField, HeldEvent, Structure, option_of};
use slo_compiler::diagnostic::{Code, Diagnostic};
use slo_compiler::ir::{Contract, Domain, Literal, Meaning};
use slo_compiler::plan::Attributes;
use slo_compiler::plan::{Given, Holds, LaidOut, Layout};
use slo_compiler::target::rust::table::{Packed, Paths, Table, Tables};
use syn::spanned::Spanned;
use syn::{GenericParam, Type};

use crate::assertions::{assertion, ends, forever};
use crate::error::Errors;
use crate::expand::read;

/// What an event's expansion is written with.
struct Expansion<'e> {
    structure: &'e Structure,
    contract: &'e Contract,
    attributes: &'e Attributes<'e>,
    held: &'e HeldEvent<'e>,
    layout: &'e Layout<'e>,
}

/// An event. Nothing is wrong with it, as far as can be told without the Rust compiler.
pub(crate) fn event(
    structure: &Structure,
    contract: &Contract,
    attributes: &Attributes<'_>,
    held: &HeldEvent<'_>,
    layout: &Layout<'_>,
    errors: &Errors<'_>,
) -> TokenStream {
    let expansion = Expansion { structure, contract, attributes, held, layout };
    let Structure { ident, slo, .. } = structure;
    let (faces, named) = expansion.faces(errors);
    let (packed, table) = expansion.table(&named);
    let visited = expansion.visited();
    let assertions = expansion.assertions(errors);
    let rest = expansion.rest();
    let running = layout.hindrances().is_empty().then(|| quote!(impl __SloRunning for #ident {}));
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #slo::__private::names::*;
            #faces
            #assertions
            #[automatically_derived]
            #[allow(deprecated)]
            impl __SloDerived for #ident {
                #packed
                #table
                #[inline]
                fn visit<'slo, V: __SloFields<'slo, Self>>(&'slo self, slo_fields: &mut V) { #visited }
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

impl Expansion<'_> {
    /// The fields of the event, with the struct's fields that give them.
    fn fields(&self) -> impl Iterator<Item = (usize, &LaidOut<'_>, Option<(&GivenField, &Field)>)> {
        self.layout.fields.iter().enumerate().map(|(number, laid_out)| {
            let given = self.held.given(number);
            let field = given.and_then(|given| Some((given, self.structure.fields.get(given.field)?)));
            (number, laid_out, field)
        })
    }

    /// The tables of the meanings that the struct has types for: as constants, so that the rest is text; and what each is
    /// called. A table of another meaning does not compile.
    fn faces(&self, errors: &Errors<'_>) -> (TokenStream, HashMap<String, String>) {
        let (mut faces, mut named) = (TokenStream::new(), HashMap::new());
        for (number, laid_out, field) in self.fields() {
            let (Holds::Meaning(meaning), Some((_, field))) = (&laid_out.holds, field) else { continue };
            let ty = option_of(&field.ty).unwrap_or(&field.ty);
            let (full_name, variants) = (meaning.full_name(), read(&variants(meaning)));
            let (name, shown) = (&laid_out.field.name, shown(ty));
            let message = format!(
                "`{name}` is the meaning `{full_name}`, and `{shown}` is another one, or was made of another contract"
            );
            let finding = self.finding(field, laid_out, message, errors);
            let (first, last) = ends(&field.ty);
            let table = quote_spanned!(ty.span()=> <#ty as __SloFace>::TABLE);
            let arguments = quote_spanned!(last=> (#table, #full_name, #variants, #finding));
            let table = quote_spanned!(first=> __slo::meaning #arguments);
            let constant = face(number);
            let ident = quote::format_ident!("{constant}");
            faces.extend(quote!(const #ident: &__SloTables::Meaning<'static> = #table;));
            named.entry(full_name).or_insert(constant);
        }
        (faces, named)
    }

    /// What tables are written with; a meaning by the name that it has in `named`.
    fn with_tables<T>(&self, named: &HashMap<String, String>, work: impl FnOnce(&Tables<'_>) -> T) -> T {
        let slo = &self.structure.slo;
        let paths = Paths { slo, for_derive: true };
        // A table that no type has stands where it is named.
        let in_place = |tables: &Tables<'_>, name: &str| {
            let meaning = self.contract.meaning_named(name);
            meaning.map(|meaning| format!("&{}", tables.meaning_text(meaning))).unwrap_or_default()
        };
        let none = |_: &str| String::new();
        let inner = Tables {
            paths,
            read,
            contract: self.contract,
            attributes: self.attributes,
            meaning: &none,
            scope: &none,
        };
        let meaning = |name: &str| named.get(name).cloned().unwrap_or_else(|| in_place(&inner, name));
        let scope = |name: &str| {
            let Some(scope) = self.contract.container_named(name) else {
                return format!("{}::NO_EVENT.scope", "__slo");
            };
            let table = Table {
                slo,
                name,
                scope_name: &scope.package,
                schema_url: self.contract.schema_url.as_deref(),
                flattened: &[],
                for_derive: true,
                read,
            };
            let place = |writer: &slo_compiler::ir::Writer| self.contract.places.shown(writer.node);
            format!("&{}", table.container_text(scope, &place))
        };
        work(&Tables { meaning: &meaning, scope: &scope, ..inner })
    }

    /// The event's table as a text, and the type that it is read by.
    fn table(&self, named: &HashMap<String, String>) -> (TokenStream, TokenStream) {
        let Packed { text, counts, meanings, lists, scope } =
            self.with_tables(named, |tables| tables.packed(self.layout));
        let (meanings, lists) = (meanings.join(", "), lists.join(", "));
        let packed = format!(
            "const PACKED: __SloPacked = __SloPacked {{ text: {text:?}, meanings: &[{meanings}], lists: &[{lists}], scope: {scope} }};"
        );
        let counts = counts.map(|count| count.to_string()).join(", ");
        (read(&packed), read(&format!("type Table = __SloUnpacked<Self, {counts}>;")))
    }

    /// The body of `visit`. What only rustc knows the type of has the type's place.
    fn visited(&self) -> TokenStream {
        let mut visited = TokenStream::new();
        // Text is read once for as many fields as can be.
        let mut pending = String::new();
        for (number, laid_out, field) in self.fields() {
            let Some((given, field)) = field else {
                self.unsaid(number, laid_out, &mut pending);
                continue;
            };
            let member = field.member.to_token_stream();
            if matches!(laid_out.holds, Holds::Plain(_)) && is_direct(&field.ty) {
                let _ = write!(pending, "slo_fields.value::<{number}, _>(&self.{member});");
                continue;
            }
            visited.extend(read(&std::mem::take(&mut pending)));
            let span = field.ty.span();
            let number_token = proc_macro2::Literal::usize_unsuffixed(number);
            let value = quote_spanned!(span=> &self.#member);
            visited.extend(match (&laid_out.holds, given.optional) {
                (Holds::Meaning(_), false) => {
                    quote_spanned!(span=> slo_fields.meaning::<#number_token, _>(__SloSome(#value));)
                }
                (Holds::Meaning(_), true) => {
                    quote_spanned!(span=> slo_fields.meaning::<#number_token, _>((#value).as_ref());)
                }
                (Holds::Contexts, false) => {
                    quote_spanned!(span=> slo_fields.plain::<#number_token>(__SloFieldValue::Contexts(#value));)
                }
                (Holds::Contexts, true) => quote_spanned! {span=>
                    if let __SloSome(contexts) = #value {
                        slo_fields.plain::<#number_token>(__SloFieldValue::Contexts(contexts));
                    }
                },
                (Holds::Plain(_), _) => {
                    quote_spanned!(span=> slo_fields.plain::<#number_token>(__slo::field::<_, Self, #number_token>(#value));)
                }
            });
        }
        visited.extend(read(&pending));
        visited
    }

    /// A field of the event that the struct has no field for.
    fn unsaid(&self, number: usize, laid_out: &LaidOut<'_>, code: &mut String) {
        let _ = match (&laid_out.given, &laid_out.holds) {
            (Given::Elapsed(_), _) => write!(code, "slo_fields.elapsed::<{number}>();"),
            (Given::Constant(Literal::Int(value)), _) => {
                write!(code, "slo_fields.plain::<{number}>(__SloFieldValue::Int({value}));")
            }
            (Given::Constant(Literal::Double(value)), _) => {
                write!(code, "slo_fields.plain::<{number}>(__SloFieldValue::Double({value:?}));")
            }
            (Given::Constant(_), _) | (_, Holds::Contexts) => Ok(()),
            (_, Holds::Meaning(_)) => {
                write!(code, "slo_fields.meaning::<{number}, __slo::Unsaid>(__SloNone);")
            }
            (_, Holds::Plain(_)) => {
                write!(code, "slo_fields.plain::<{number}>(__SloFieldValue::Absent);")
            }
        };
    }

    /// What only rustc knows of the types of plain fields.
    fn assertions(&self, errors: &Errors<'_>) -> TokenStream {
        let mut all = TokenStream::new();
        for (_, laid_out, field) in self.fields() {
            let (Holds::Plain(values), Some((GivenField { fit: Fit::Unseen, .. }, field))) =
                (&laid_out.holds, field)
            else {
                continue;
            };
            let (ty, name) = (&field.ty, &laid_out.field.name);
            let key = read(&self.with_tables(&HashMap::new(), |tables| tables.key(laid_out)));
            let type_name = values.domain.map_or_else(String::new, Domain::type_name);
            let message = format!(
                "a field of this type can't give `{name}`: its values are not all among those of the event's field, `{type_name}`"
            );
            let finding = self.finding(field, laid_out, message, errors);
            let condition = quote!(__slo::fits::<#ty>(&#key));
            let assertion = assertion(&self.structure.slo, ends(ty), &condition, &finding);
            // Each by itself, so that one that fails hides no other.
            all.extend(quote!(const _: () = { #assertion };));
        }
        all
    }

    /// What is wrong with a field's type, with what the contract says of it.
    fn finding(&self, field: &Field, laid_out: &LaidOut<'_>, message: String, errors: &Errors<'_>) -> String {
        let mut diagnostic = Diagnostic::new(Code::FieldType, field.type_place, message);
        if let Some(place) = errors.place(laid_out.field.declaration.unwrap_or(laid_out.field.node)) {
            diagnostic = diagnostic.and(place, "declared here");
        }
        errors.text(&diagnostic)
    }

    /// What depends on the event alone.
    fn rest(&self) -> TokenStream {
        let elapsed = self.layout.fields.iter().any(|field| matches!(field.given, Given::Elapsed(_)));
        let when = if elapsed { "Period" } else { "Moment" };
        let mut code = format!("type When = __Slo{when};");
        code.push_str("fn metrics<V: __SloMetrics<Self>>(slo_metrics: &mut V) {");
        for number in 0..self.layout.event.metrics.len() {
            let _ = write!(code, "slo_metrics.metric::<{number}>();");
        }
        if self.layout.event.metrics.is_empty() {
            code.push_str("let _ = slo_metrics;");
        }
        code.push('}');
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
    let elapsed = held
        .layout
        .as_ref()
        .is_none_or(|layout| layout.fields.iter().any(|field| matches!(field.given, Given::Elapsed(_))));
    let when = if elapsed { quote!(__SloPeriod) } else { quote!(__SloMoment) };
    let runs = held.layout.as_ref().is_none_or(|layout| layout.hindrances().is_empty());
    let head = quote!(for #ident #type_generics where #(#bounds,)* #predicates);
    let running = runs.then(|| quote!(impl #impl_generics __SloRunning #head {}));
    let rest = read(EMITTERS);
    quote! {
        const _: () = {
            use #slo::__private::names::*;
            #[automatically_derived]
            impl #impl_generics __SloDerived #head {
                type When = #when;
                type Table = __slo::NoTable;
                const PACKED: __SloPacked = __slo::NoTable::PACKED;
                fn visit<'slo, V: __SloFields<'slo, Self>>(&'slo self, _: &mut V) {}
                fn metrics<V: __SloMetrics<Self>>(_: &mut V) {}
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
fn variants(meaning: &Meaning) -> String {
    let mut code = String::from("&[");
    for variant in &meaning.variants {
        let _ = write!(code, "({:?}, &[", variant.name);
        for payload in &variant.payload {
            let _ = write!(code, "{:?},", payload.name);
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
