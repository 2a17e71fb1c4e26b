//! A type for the points of an observed metric.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::modules::Modules;
use super::own_enums::Owner;
use super::types::type_of;
use crate::ir::{Instrument, NumberType};
use crate::plan::observed_labels;
use crate::target::rust::names::{Names, snake};

/// The name of the member that holds the measured number.
const VALUE: &str = "value";

/// The code of an observed metric.
pub(super) fn items(
    slo: &TokenStream,
    modules: &Modules<'_>,
    name: &Ident,
    metric: &Instrument,
    table: &TokenStream,
) -> TokenStream {
    let mut names = Names::without(&[VALUE]);
    let places = &modules.contract.places;
    let labels: Vec<(Ident, TokenStream)> = observed_labels(&metric.writers)
        .map(|(writer, attribute)| {
            let values = modules.attributes.values(Some(attribute), writer.domain.as_ref());
            let owner = Owner::Label(metric, writer);
            let enumeration = modules.enum_of(&metric.package, &values, owner);
            let type_of = type_of(slo, &values, enumeration.as_ref());
            let declared = format!("`{}`, `{}`.", writer.key, places.shown(writer.node));
            let docs = match modules.attributes.get(attribute) {
                Some(attribute) if !attribute.docs.is_empty() => {
                    docs::outer(&format!("{declared}\n\n{}", attribute.docs))
                }
                _ => docs::outer(&declared),
            };
            let name = names.give(snake(&writer.key));
            (name.clone(), quote!(#docs pub #name: #type_of))
        })
        .collect();
    let number = match metric.number {
        Some(NumberType::Int) => quote!(i64),
        Some(NumberType::Double) | None => quote!(f64),
    };
    let title = docs::of_item(
        &metric.docs,
        &format!("A point of the observed metric `{}`, `{}`.", metric.name, places.shown(metric.node)),
    );
    let count = labels.len() + 1;
    let count = super::enumeration::number(count as i64);
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
