//! What an event that is specialized shows by numbers that are constants.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::event::{Field, FieldKind};

use super::super::enumeration;
use super::super::types::field as value_of;
use super::{Member, constant};
use crate::plan::{Event, Given, Said};

/// The code of it.
pub(super) fn item(
    slo: &TokenStream,
    name: &Ident,
    event: &Event<'_>,
    begin: &[Member],
    later: &[Member],
) -> TokenStream {
    let visited = visited(slo, event, begin, later);
    let fields = if visited.is_empty() { quote!(_fields) } else { quote!(fields) };
    let metrics = (0_i64..).zip(event.table.metrics).map(|(number, _)| {
        let number = enumeration::number(number);
        quote!(metrics.metric::<#number>();)
    });
    let visitor = if event.table.metrics.is_empty() { quote!(_metrics) } else { quote!(metrics) };
    quote! {
        impl #slo::Specialized for #name {
            #[inline(always)]
            fn visit<'a, V: #slo::Fields<'a, Self>>(&'a self, #fields: &mut V) {
                #(#visited)*
            }

            #[inline(always)]
            fn metrics<V: #slo::Metrics<Self>>(#visitor: &mut V) {
                #(#metrics)*
            }
        }
    }
}

/// How each field that has a number is shown.
fn visited(slo: &TokenStream, event: &Event<'_>, begin: &[Member], later: &[Member]) -> Vec<TokenStream> {
    let of_member =
        |field: &Field<'_>, said: &Said<'_>, number: &TokenStream, name: &Ident, later: bool| match (
            &field.kind,
            later,
        ) {
            (FieldKind::Meaning { .. }, false) => quote!(fields.meaning::<#number, _>(Some(&self.#name));),
            (FieldKind::Meaning { .. }, true) => {
                quote!(fields.meaning::<#number, _>(self.later.#name.as_ref());)
            }
            (FieldKind::Contexts, false) => {
                quote!(fields.plain::<#number>(#slo::FieldValue::Contexts(&self.#name));)
            }
            (FieldKind::Contexts, true) => quote! {
                fields.plain::<#number>(
                    self.later.#name.as_ref().map_or(#slo::FieldValue::Absent, #slo::FieldValue::Contexts),
                );
            },
            (FieldKind::Plain { .. }, false) => {
                let value = value_of(slo, said, &quote!(&self.#name));
                quote!(fields.plain::<#number>(#value);)
            }
            (FieldKind::Plain { .. }, true) => {
                let value = value_of(slo, said, &quote!(&self.later.#name));
                quote!(fields.plain::<#number>(#value);)
            }
        };
    let (mut begin, mut later) = (begin.iter(), later.iter());
    let shown =
        event.table.fields.iter().zip(&event.fields).enumerate().filter_map(|(number, (field, said))| {
            let number = enumeration::number(number as i64);
            Some(match said.given {
                Given::Begin => of_member(field, &said.said, &number, &begin.next()?.name, false),
                Given::Later => of_member(field, &said.said, &number, &later.next()?.name, true),
                Given::Elapsed => quote!(fields.elapsed::<#number>();),
                Given::Constant(literal) => {
                    let value = constant(slo, literal)?;
                    quote!(fields.plain::<#number>(#value);)
                }
            })
        });
    shown.collect()
}
