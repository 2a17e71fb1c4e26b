//! A type for an object that a log record holds.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::names::{Names, snake};
use super::print::Code;
use super::types::type_of;
use crate::ir::Node;
use crate::plan::{Object, ObjectField, Said};

/// The code of an object.
pub(super) fn items(code: &Code<'_>, name: &Ident, object: &Object<'_>) -> TokenStream {
    let slo = &code.slo;
    let mut names = Names::default();
    let members: Vec<(Ident, &ObjectField<'_>)> =
        object.fields.iter().map(|field| (names.give(snake(field.name)), field)).collect();
    let declared = members.iter().map(|(name, field)| {
        let shown = field.name.replace(char::is_control, " ");
        let docs = docs::outer(docs::or(field.docs, &format!("`{shown}`")));
        let said = Said {
            node: Node(0),
            docs: "",
            enumeration: None,
            object: field.object,
            nanoseconds: field.nanoseconds,
        };
        let type_of = type_of(code, field.value_type, &said);
        let type_of = if field.optional { quote!(Option<#type_of>) } else { type_of };
        quote!(#docs pub #name: #type_of)
    });
    let puts = members.iter().map(|(name, field)| {
        let key = field.name;
        match field.nanoseconds {
            Some(nanoseconds) => quote!(object.duration(#key, &self.#name, #nanoseconds)?;),
            None => quote!(object.value(#key, &self.#name)?;),
        }
    });
    let title = docs::outer(&object.docs);
    quote! {
        #title
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#declared,)*
        }

        impl #slo::ToValue for #name {
            const TYPE: #slo::ValueType = #slo::ValueType::Object;

            fn to_value(&self) -> Result<Option<#slo::Value<'_>>, #slo::Unfit> {
                #[allow(unused_mut)]
                let mut object = #slo::ObjectBuilder::default();
                #(#puts)*
                Ok(Some(object.finish()))
            }
        }

        impl #slo::Element for #name {}
    }
}
