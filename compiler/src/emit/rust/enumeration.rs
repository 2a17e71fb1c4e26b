//! A type for an enum.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use crate::emit::names::{Names, pascal};
use crate::emit::table::Table;
use crate::ir::{Attribute, Domain, Literal, Scalar, Type};

/// The name of the variant for values that an open enum doesn't list.
const UNLISTED: &str = "Unlisted";

pub(super) fn items(slo: &TokenStream, name: &Ident, attribute: &Attribute, domain: &Domain) -> TokenStream {
    let table = Table {
        slo,
        name: "",
        scope_name: "",
        schema_url: None,
        flattened: &[],
        for_derive: false,
        read: crate::emit::table::tokens,
    };
    let members = domain.members.as_deref().unwrap_or_default();
    let is_int = domain.value == Type::Scalar(Scalar::Int);
    let mut names = Names::default();
    let variants: Vec<Ident> = members.iter().map(|member| names.give(pascal(&member.name))).collect();
    let unlisted = domain.open.then(|| names.give(UNLISTED.to_owned()));

    let docs_of_members = members.iter().map(|member| {
        let shown = member.wire.value().to_string().replace(char::is_control, " ");
        if member.docs.is_empty() { docs::outer(&format!("`{shown}`")) } else { docs::outer(&member.docs) }
    });
    let wires: Vec<TokenStream> = members
        .iter()
        .map(|member| match &member.wire {
            Literal::Int(number) => crate::emit::table::int(*number),
            other => {
                let text = other.value().to_string();
                quote!(#text)
            }
        })
        .collect();
    let wire_type = if is_int { quote!(i64) } else { quote!(&str) };
    let value_type = if is_int { quote!(Int) } else { quote!(String) };
    let title = docs::outer(&if attribute.docs.is_empty() {
        format!("The values of `{}`.", attribute.key)
    } else {
        format!("{}\n\nThe values of `{}`.", attribute.docs, attribute.key)
    });
    let (derives, unlisted_variant, unlisted_wire, unlisted_from) = match &unlisted {
        None => {
            (quote!(Clone, Copy, Debug, PartialEq, Eq, Hash), quote!(), quote!(), quote!(_ => return None,))
        }
        Some(unlisted) if is_int => (
            quote!(Clone, Copy, Debug, PartialEq, Eq, Hash),
            quote!(
                /// A value that the contract does not list.
                #unlisted(i64),
            ),
            quote!(Self::#unlisted(wire) => *wire,),
            quote!(other => Self::#unlisted(other),),
        ),
        Some(unlisted) => (
            quote!(Clone, Debug, PartialEq, Eq, Hash),
            quote!(
                /// A value that the contract does not list.
                #unlisted(::std::borrow::Cow<'static, str>),
            ),
            quote!(Self::#unlisted(wire) => wire,),
            quote!(other => Self::#unlisted(::std::borrow::Cow::Owned(other.to_owned())),),
        ),
    };
    let to_value = if is_int {
        quote!(#slo::Value::Int(self.wire()))
    } else {
        quote!(#slo::Value::String(::std::borrow::Cow::Borrowed(self.wire())))
    };
    let member_list = members.iter().map(|member| {
        let (name, wire) = (&member.name, table.literal(&member.wire));
        quote!(#slo::Member { name: #name, wire: #wire })
    });
    // What an open enum's values are is not known beforehand.
    let members_constant = (!domain.open).then(
        || quote!(const MEMBERS: Option<&'static [#slo::Member<'static>]> = Some(&[#(#member_list),*]);),
    );
    quote! {
        #title
        #[derive(#derives)]
        pub enum #name {
            #(#docs_of_members #variants,)*
            #unlisted_variant
        }

        impl #name {
            /// What stands on the wire.
            #[must_use]
            pub fn wire(&self) -> #wire_type {
                match self {
                    #(Self::#variants => #wires,)*
                    #unlisted_wire
                }
            }

            /// The value that stands on the wire as `wire`, if there is one.
            #[must_use]
            pub fn from_wire(wire: #wire_type) -> Option<Self> {
                Some(match wire {
                    #(#wires => Self::#variants,)*
                    #unlisted_from
                })
            }
        }

        impl #slo::ToValue for #name {
            const TYPE: #slo::ValueType = #slo::ValueType::#value_type;
            #members_constant

            fn to_value(&self) -> Result<Option<#slo::Value<'_>>, #slo::Unfit> {
                Ok(Some(#to_value))
            }
        }

        impl #slo::Element for #name {}
    }
}
