//! Types for an event: what the program says of it when it begins, and what it may say until it ends.

mod docs;
mod specialized;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::Literal;
use slo_model::event::{Field, FieldKind};

use super::modules::EventNames;
use super::names::{Names, snake};
use super::print::Code;
use super::types::{put, type_of};
use super::{docs as lines, enumeration};
use crate::plan::{Event, Given, Said};

/// The name of the member that holds what may be said until the end.
const LATER: &str = "later";

/// A member of one of the two structs.
struct Member {
    name: Ident,
    /// The number of the field.
    number: usize,
    type_of: TokenStream,
}

/// The code of an event.
pub(super) fn items(code: &Code<'_>, names: &EventNames, event: &Event<'_>) -> TokenStream {
    let slo = &code.slo;
    let table = code.table(&event.table);
    let EventNames { event: name, later: later_name } = names;
    let (begin, later) = members(code, event);
    let runs = event.hindrances.is_empty();
    let title = lines::outer(&docs::of_event(code.places, event, !later.is_empty()));
    let declared = |members: &[Member], optional: bool| -> Vec<TokenStream> {
        let one = |Member { name, number, type_of }: &Member| {
            let docs = lines::outer(&docs::of_field(code.places, event, *number));
            let type_of = if optional { quote!(Option<#type_of>) } else { type_of.clone() };
            quote!(#docs pub #name: #type_of)
        };
        members.iter().map(one).collect()
    };
    let (of_begin, of_later) = (declared(&begin, false), declared(&later, true));
    let until = if runs { "may be said until it ends" } else { "need not be said" };
    let last = (!later.is_empty()).then(|| {
        let docs = lines::outer(&format!("What {until}."));
        quote!(#docs pub later: #later_name,)
    });
    let later_struct = (!later.is_empty()).then(|| {
        let title = lines::outer(&format!(
            "What {until} of [`{name}`]. What nobody says is absent, or is what `unset=` of the contract says.",
        ));
        quote! {
            #title
            #[derive(Clone, Debug, Default)]
            pub struct #later_name {
                #(#of_later,)*
            }
        }
    });
    let running = runs.then(|| quote!(impl #slo::Running for #name {}));
    let elapsed = event.table.elapsed.is_some();
    let when = if elapsed { quote!(Period) } else { quote!(Moment) };
    let (later_type, get, get_mut) = match later.as_slice() {
        [] => (quote!(()), quote!(&()), quote!(::std::boxed::Box::leak(::std::boxed::Box::new(())))),
        _ => (quote!(#later_name), quote!(&self.later), quote!(&mut self.later)),
    };
    let given = given(slo, event, &begin, &later);
    let values = if given.is_empty() { quote!(_values) } else { quote!(values) };
    let (specialized, goes_out, emitters) = if event.specialized {
        let item = specialized::item(slo, name, event, &begin, &later);
        (item, quote!(#slo::__specialized!();), quote!(specialized))
    } else {
        (TokenStream::new(), TokenStream::new(), quote!(new))
    };
    quote! {
        #title
        #[derive(Clone, Debug)]
        pub struct #name {
            #(#of_begin,)*
            #last
        }

        #later_struct

        impl #slo::Event for #name {
            type When = #slo::#when;
            type Later = #later_type;
            const TABLE: &'static #slo::tables::Event<'static> = &#table;

            fn values<'a>(&'a self, #values: &mut #slo::Values<'_, 'a>) {
                #(#given)*
            }

            fn later(&self) -> &Self::Later {
                #get
            }

            fn later_mut(&mut self) -> &mut Self::Later {
                #get_mut
            }

            fn emitters() -> &'static #slo::Emitters {
                static EMITTERS: #slo::Emitters = #slo::Emitters::#emitters();
                &EMITTERS
            }

            #goes_out
        }

        #specialized

        #running
    }
}

/// The members of the two structs, in the order of the contract.
fn members(code: &Code<'_>, event: &Event<'_>) -> (Vec<Member>, Vec<Member>) {
    let (mut at_begin, mut at_end) = (Names::without(&[LATER]), Names::default());
    let (mut begin, mut later) = (Vec::new(), Vec::new());
    for (number, (field, said)) in event.table.fields.iter().zip(&event.fields).enumerate() {
        let (names, members) = match said.given {
            Given::Begin => (&mut at_begin, &mut begin),
            Given::Later => (&mut at_end, &mut later),
            Given::Elapsed | Given::Constant(_) => continue,
        };
        let slo = &code.slo;
        let type_of = match field.kind {
            FieldKind::Plain { slot, .. } => type_of(code, slot.key.value_type, &said.said),
            FieldKind::Meaning { meaning, .. } => code.modules.meaning(code.package, meaning.name),
            FieldKind::Contexts => quote!(#slo::SpanContexts),
        };
        members.push(Member { name: names.give(snake(field.name)), number, type_of });
    }
    (begin, later)
}

/// How each value comes into its place. The elapsed time is known at the end.
fn given(slo: &TokenStream, event: &Event<'_>, begin: &[Member], later: &[Member]) -> Vec<TokenStream> {
    let of_member = |field: &Field<'_>, said: &Said<'_>, name: &Ident, later: bool| {
        let at = enumeration::number(i64::from(field.at));
        match (&field.kind, later) {
            (FieldKind::Meaning { .. }, false) => quote!(values.meaning(#at, Some(&self.#name));),
            (FieldKind::Meaning { .. }, true) => quote!(values.meaning(#at, self.later.#name.as_ref());),
            (FieldKind::Contexts, false) => {
                quote!(values.put(#at, #slo::FieldValue::Contexts(&self.#name));)
            }
            (FieldKind::Contexts, true) => quote! {
                if let Some(contexts) = &self.later.#name {
                    values.put(#at, #slo::FieldValue::Contexts(contexts));
                }
            },
            (FieldKind::Plain { .. }, false) => put(&at, said, &quote!(&self.#name)),
            (FieldKind::Plain { .. }, true) => put(&at, said, &quote!(&self.later.#name)),
        }
    };
    let (mut begin, mut later) = (begin.iter(), later.iter());
    let given = event.table.fields.iter().zip(&event.fields).filter_map(|(field, said)| match said.given {
        Given::Begin => Some(of_member(field, &said.said, &begin.next()?.name, false)),
        Given::Later => Some(of_member(field, &said.said, &later.next()?.name, true)),
        Given::Elapsed => None,
        Given::Constant(literal) => {
            let (at, value) = (enumeration::number(i64::from(field.at)), constant(slo, literal)?);
            Some(quote!(values.put(#at, #value);))
        }
    });
    given.collect()
}

/// What the contract says of a field that a metric measures.
fn constant(slo: &TokenStream, literal: Literal<'_>) -> Option<TokenStream> {
    match literal {
        Literal::Int(number) => {
            let number = enumeration::number(number);
            Some(quote!(#slo::FieldValue::Int(#number)))
        }
        Literal::Double(number) => Some(quote!(#slo::FieldValue::Double(#number))),
        _ => None,
    }
}
