//! Types of Rust for the values of a contract.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::ValueType;

/// The type that holds values: the enum that they are of, or a plain one.
pub(super) fn type_of(
    slo: &TokenStream,
    value_type: ValueType,
    enumeration: Option<&TokenStream>,
) -> TokenStream {
    match (enumeration, value_type) {
        (Some(enumeration), _) => enumeration.clone(),
        (None, ValueType::String) => quote!(#slo::Text),
        (None, ValueType::Int) => quote!(i64),
        (None, ValueType::Double) => quote!(f64),
        (None, ValueType::Bool) => quote!(bool),
        (None, ValueType::StringArray) => quote!(Vec<#slo::Text>),
        (None, ValueType::IntArray) => quote!(Vec<i64>),
        (None, ValueType::DoubleArray) => quote!(Vec<f64>),
        (None, ValueType::BoolArray) => quote!(Vec<bool>),
        (None, ValueType::Any) => quote!(#slo::Value<'static>),
    }
}

/// How such a value is read back from one of the model: a pattern of an `Option` that binds `name`, and what is made
/// of it.
pub(super) fn read(
    slo: &TokenStream,
    value_type: ValueType,
    enumeration: Option<&TokenStream>,
    name: &Ident,
) -> (TokenStream, TokenStream) {
    let pattern = |variant: TokenStream| quote!(Some(#slo::Value::#variant(#name)));
    match (enumeration, value_type) {
        (Some(enumeration), ValueType::Int) => {
            (pattern(quote!(Int)), quote!(#enumeration::from_wire(*#name)?))
        }
        (Some(enumeration), _) => (pattern(quote!(String)), quote!(#enumeration::from_wire(#name)?)),
        (None, ValueType::String) => (pattern(quote!(String)), quote!(#slo::Text::from(#name.clone()))),
        (None, ValueType::Int) => (pattern(quote!(Int)), quote!(*#name)),
        (None, ValueType::Double) => (pattern(quote!(Double)), quote!(*#name)),
        (None, ValueType::Bool) => (pattern(quote!(Bool)), quote!(*#name)),
        (None, ValueType::StringArray) => (
            pattern(quote!(StringArray)),
            quote!(#name.iter().map(|text| #slo::Text::from(text.clone())).collect()),
        ),
        (None, ValueType::IntArray) => (pattern(quote!(IntArray)), quote!(#name.clone())),
        (None, ValueType::DoubleArray) => (pattern(quote!(DoubleArray)), quote!(#name.clone())),
        (None, ValueType::BoolArray) => (pattern(quote!(BoolArray)), quote!(#name.clone())),
        (None, ValueType::Any) => (quote!(Some(#name)), quote!(#name.clone())),
    }
}
