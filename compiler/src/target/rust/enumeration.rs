//! A type for an enum.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::{Literal, Value, are_error_codes};

use super::docs;
use super::names::{Names, pascal};
use super::print::Code;
use crate::plan::Enum;

/// The name of the variant for values that an open enum doesn't list.
const UNLISTED: &str = "Unlisted";

/// The code of an enum.
pub(super) fn items(code: &Code<'_>, name: &Ident, listed: &Enum<'_>) -> TokenStream {
    let (slo, members, is_int) = (&code.slo, listed.members, listed.is_int);
    // Of the codes of `std.error` the runtime has the type, so that it is one in all contracts, and errors of libraries become it.
    if !listed.open && are_error_codes(members) {
        return match name == "ErrorCode" {
            true => quote!(#[doc(inline)] pub use #slo::ErrorCode;),
            false => quote!(#[doc(inline)] pub use #slo::ErrorCode as #name;),
        };
    }
    let mut names = Names::default();
    let variants: Vec<Ident> = members.iter().map(|member| names.give(pascal(member.name))).collect();
    let unlisted = listed.open.then(|| names.give(UNLISTED.to_owned()));

    let docs_of_members = members.iter().zip(&listed.docs_of_members).map(|(member, docs)| {
        let shown = Value::from(member.wire).to_string().replace(char::is_control, " ");
        docs::outer(docs::or(docs, &format!("`{shown}`")))
    });
    let wires: Vec<TokenStream> = members
        .iter()
        .map(|member| match member.wire {
            Literal::Int(wire) => number(wire),
            other => {
                let text = Value::from(other).to_string();
                quote!(#text)
            }
        })
        .collect();
    let numbers = (0_i64..).map(number);
    let wire_type = if is_int { quote!(i64) } else { quote!(&str) };
    let value_type = if is_int { quote!(Int) } else { quote!(String) };
    let title = docs::outer(&listed.docs);
    let Unlisted { derives, variant, wire, from, field } = Unlisted::of(slo, unlisted.as_ref(), is_int);
    let to_value = if is_int {
        quote!(#slo::Value::Int(self.wire()))
    } else {
        quote!(#slo::Value::String(::std::borrow::Cow::Borrowed(self.wire())))
    };
    // What an open enum's values are is not known beforehand.
    let members_constant = (!listed.open).then(|| {
        let members = code.table(&Some(members));
        quote!(const MEMBERS: Option<&'static [#slo::Member<'static>]> = #members;)
    });
    quote! {
        #title
        #[derive(#derives)]
        pub enum #name {
            #(#docs_of_members #variants,)*
            #variant
        }

        impl #name {
            /// What stands on the wire.
            #[must_use]
            pub fn wire(&self) -> #wire_type {
                match self {
                    #(Self::#variants => #wires,)*
                    #wire
                }
            }

            /// The value that stands on the wire as `wire`, if there is one.
            #[must_use]
            pub fn from_wire(wire: #wire_type) -> Option<Self> {
                Some(match wire {
                    #(#wires => Self::#variants,)*
                    #from
                })
            }
        }

        impl #slo::ToValue for #name {
            const TYPE: #slo::ValueType = #slo::ValueType::#value_type;
            #members_constant

            fn to_value(&self) -> Result<Option<#slo::Value<'_>>, #slo::Unfit> {
                Ok(Some(#to_value))
            }

            fn to_field(&self) -> #slo::FieldValue<'_> {
                match self {
                    #(Self::#variants => #slo::FieldValue::Member(#numbers),)*
                    #field
                }
            }
        }

        impl #slo::Element for #name {}
    }
}

/// What an enum has for values that it doesn't list.
struct Unlisted {
    derives: TokenStream,
    variant: TokenStream,
    /// The arms of `wire`, `from_wire` and `to_field`.
    wire: TokenStream,
    from: TokenStream,
    field: TokenStream,
}

impl Unlisted {
    fn of(slo: &TokenStream, name: Option<&Ident>, is_int: bool) -> Unlisted {
        match name {
            None => Unlisted {
                derives: quote!(Clone, Copy, Debug, PartialEq, Eq, Hash),
                variant: quote!(),
                wire: quote!(),
                from: quote!(_ => return None,),
                field: quote!(),
            },
            Some(name) if is_int => Unlisted {
                derives: quote!(Clone, Copy, Debug, PartialEq, Eq, Hash),
                variant: quote!(
                    /// A value that the contract does not list.
                    #name(i64),
                ),
                wire: quote!(Self::#name(wire) => *wire,),
                from: quote!(other => Self::#name(other),),
                field: quote!(Self::#name(wire) => #slo::FieldValue::Int(*wire),),
            },
            Some(name) => Unlisted {
                derives: quote!(Clone, Debug, PartialEq, Eq, Hash),
                variant: quote!(
                    /// A value that the contract does not list.
                    #name(::std::borrow::Cow<'static, str>),
                ),
                wire: quote!(Self::#name(wire) => wire,),
                from: quote!(other => Self::#name(::std::borrow::Cow::Owned(other.to_owned())),),
                field: quote!(Self::#name(wire) => #slo::FieldValue::Borrowed(wire),),
            },
        }
    }
}

/// A number of a table, without the suffix that a number of Rust's own has.
pub(super) fn number(number: i64) -> TokenStream {
    // A literal of Rust's own has the sign apart.
    number.to_string().parse().unwrap_or_default()
}
