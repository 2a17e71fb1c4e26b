//! A type for the points of an observed metric.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::event::{FieldKind, NumberType};

use super::names::{Names, snake};
use super::print::Code;
use super::types::type_of;
use super::{docs, enumeration};
use crate::plan::Observed;

/// The name of the member that holds the measured number.
const VALUE: &str = "value";

/// The code of an observed metric.
pub(super) fn items(code: &Code<'_>, name: &Ident, observed: &Observed<'_>) -> TokenStream {
    let slo = &code.slo;
    let table = code.table(&observed.table);
    let mut names = Names::without(&[VALUE]);
    let labels: Vec<(Ident, TokenStream)> = (observed.table.fields.iter())
        .zip(&observed.labels)
        .filter_map(|(field, said)| {
            let FieldKind::Plain { slot, .. } = field.kind else { return None };
            let type_of = type_of(code, slot.key.value_type, said);
            let declared = format!("`{}`, `{}`.", field.name, slot.key.place);
            let docs = match said.docs {
                "" => docs::outer(&declared),
                docs => docs::outer(&format!("{declared}\n\n{docs}")),
            };
            let name = names.give(snake(field.name));
            Some((name.clone(), quote!(#docs pub #name: #type_of)))
        })
        .collect();
    let metric = &observed.table.metric;
    let number = match metric.number {
        NumberType::Int => quote!(i64),
        NumberType::Double => quote!(f64),
    };
    let title = docs::of_item(
        observed.docs,
        &format!(
            "A point of the observed metric `{}`, `{}`.",
            metric.name,
            code.places.shown(observed.metric.node)
        ),
    );
    let count = labels.len() + 1;
    let count = enumeration::number(count as i64);
    let members = labels.iter().map(|(_, member)| member);
    let values = labels.iter().map(|(name, _)| quote!(#slo::ToValue::to_field(&self.#name)));
    quote! {
        #title
        #[derive(Clone, Debug)]
        pub struct #name {
            #(#members,)*
            /// What is measured.
            pub value: #number,
        }

        impl #slo::Observed for #name {
            type Values<'a> = [#slo::FieldValue<'a>; #count];
            const TABLE: &'static #slo::tables::Observed<'static> = &#table;

            fn values(&self) -> Self::Values<'_> {
                [#(#values,)* #slo::ToValue::to_field(&self.value)]
            }
        }
    }
}
