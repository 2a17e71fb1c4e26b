//! Types for an event: what the program says of it when it begins, and what it may say until it ends.

mod docs;

use crate::hash::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::modules::{EventNames, Modules};
use super::own_enums::Owner;
use super::types::type_of;
use super::{docs as lines, enumeration};
use crate::ir::Literal;
use crate::plan::{Given, Holds, LaidOut, Layout};
use crate::target::rust::names::{Names, snake};

/// The name of the member that holds what may be said until the end.
const LATER: &str = "later";

/// A member of one of the two structs.
struct Member<'l> {
    name: Ident,
    field: &'l LaidOut<'l>,
    number: TokenStream,
    type_of: TokenStream,
}

/// The code of an event.
pub(super) fn items(
    slo: &TokenStream,
    modules: &Modules<'_>,
    names: &EventNames,
    layout: &Layout<'_>,
    table: &TokenStream,
) -> TokenStream {
    let EventNames { event: name, later: later_name } = names;
    let (begin, later) = members(slo, modules, layout);
    let runs = layout.hindrances().is_empty();
    let title = lines::outer(&docs::of_event(modules, layout, !later.is_empty()));
    let declared = |members: &[Member<'_>], optional: bool| -> Vec<TokenStream> {
        let one = |Member { name, field, type_of, .. }: &Member<'_>| {
            let docs = lines::outer(&docs::of_field(modules, field));
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
    let elapsed = layout.fields.iter().any(|field| matches!(field.given, Given::Elapsed(_)));
    let when = if elapsed { quote!(Period) } else { quote!(Moment) };
    let (later_type, get, get_mut) = match later.as_slice() {
        [] => (quote!(()), quote!(&()), quote!(::std::boxed::Box::leak(::std::boxed::Box::new(())))),
        _ => (quote!(#later_name), quote!(&self.later), quote!(&mut self.later)),
    };
    let visited = visited(slo, layout, &begin, &later);
    let fields = if visited.is_empty() { quote!(_fields) } else { quote!(fields) };
    let metrics = (0_i64..).zip(&layout.event.metrics).map(|(number, _)| {
        let number = enumeration::number(number);
        quote!(metrics.metric::<#number>();)
    });
    let visitor = if layout.event.metrics.is_empty() { quote!(_metrics) } else { quote!(metrics) };
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

            #[inline]
            fn visit<'a, V: #slo::Fields<'a, Self>>(&'a self, #fields: &mut V) {
                #(#visited)*
            }

            #[inline]
            fn metrics<V: #slo::Metrics<Self>>(#visitor: &mut V) {
                #(#metrics)*
            }

            fn later(&self) -> &Self::Later {
                #get
            }

            fn later_mut(&mut self) -> &mut Self::Later {
                #get_mut
            }

            fn emitters() -> &'static #slo::Emitters {
                static EMITTERS: #slo::Emitters = #slo::Emitters::new();
                &EMITTERS
            }
        }

        #running
    }
}

/// The members of the two structs, in the order of the contract.
fn members<'l>(
    slo: &TokenStream,
    modules: &Modules<'_>,
    layout: &'l Layout<'l>,
) -> (Vec<Member<'l>>, Vec<Member<'l>>) {
    let (mut at_begin, mut at_end) = (Names::without(&[LATER]), Names::default());
    let (mut begin, mut later) = (Vec::new(), Vec::new());
    for (field, number) in layout.fields.iter().zip(0_i64..) {
        let (names, members) = match field.given {
            Given::Begin => (&mut at_begin, &mut begin),
            Given::Later => (&mut at_end, &mut later),
            Given::Elapsed(_) | Given::Constant(_) => continue,
        };
        let package = &layout.event.package;
        let type_of = match &field.holds {
            Holds::Plain(values) => {
                let owner = Owner::Field(layout.event, field.field);
                type_of(slo, values, modules.enum_of(package, values, owner).as_ref())
            }
            // Every meaning of the contract has its type.
            Holds::Meaning(meaning) => modules.face(package, &meaning.full_name()).unwrap_or_default(),
            Holds::Contexts => quote!(#slo::Contexts),
        };
        let name = names.give(snake(&field.field.name));
        members.push(Member { name, field, number: enumeration::number(number), type_of });
    }
    (begin, later)
}

/// How each field that has a number is shown.
fn visited(
    slo: &TokenStream,
    layout: &Layout<'_>,
    begin: &[Member<'_>],
    later: &[Member<'_>],
) -> Vec<TokenStream> {
    let of_member = |Member { name, field, number, .. }: &Member<'_>, later: bool| match (&field.holds, later)
    {
        (Holds::Meaning(_), false) => quote!(fields.meaning::<#number, _>(Some(&self.#name));),
        (Holds::Meaning(_), true) => quote!(fields.meaning::<#number, _>(self.later.#name.as_ref());),
        (Holds::Contexts, false) => {
            quote!(fields.plain::<#number>(#slo::FieldValue::Contexts(&self.#name));)
        }
        (Holds::Contexts, true) => quote! {
            fields.plain::<#number>(
                self.later.#name.as_ref().map_or(#slo::FieldValue::Absent, #slo::FieldValue::Contexts),
            );
        },
        (_, false) => quote!(fields.plain::<#number>(#slo::ToValue::to_field(&self.#name));),
        (_, true) => quote!(fields.plain::<#number>(#slo::ToValue::to_field(&self.later.#name));),
    };
    let begin = begin.iter().map(|member| (member.field.at, (member, false)));
    let all = begin.chain(later.iter().map(|member| (member.field.at, (member, true))));
    let members: HashMap<usize, (&Member<'_>, bool)> = all.collect();
    let shown = layout.fields.iter().zip(0_i64..).filter_map(|(field, number)| {
        let number = enumeration::number(number);
        Some(match &field.given {
            Given::Begin | Given::Later => {
                let (member, later) = members.get(&field.at)?;
                of_member(member, *later)
            }
            Given::Elapsed(_) => quote!(fields.elapsed::<#number>();),
            Given::Constant(literal) => {
                let value = constant(slo, literal)?;
                quote!(fields.plain::<#number>(#value);)
            }
        })
    });
    shown.collect()
}

/// What the contract says of a field that a metric measures.
fn constant(slo: &TokenStream, literal: &Literal) -> Option<TokenStream> {
    match literal {
        Literal::Int(number) => {
            let number = enumeration::number(*number);
            Some(quote!(#slo::FieldValue::Int(#number)))
        }
        Literal::Double(number) => Some(quote!(#slo::FieldValue::Double(#number))),
        _ => None,
    }
}
