//! Types of Rust for the values of a contract, and how each goes to its place and comes back.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use slo_model::ValueType;

use super::print::Code;
use crate::plan::Said;

/// The type that holds values: the enum that they are of, or a plain one.
pub(super) fn type_of(code: &Code<'_>, value_type: ValueType, said: &Said<'_>) -> TokenStream {
    let slo = &code.slo;
    if said.nanoseconds.is_some() {
        return quote!(::std::time::Duration);
    }
    if let Some(object) = code.modules.object(code.package, said.object) {
        return if value_type == ValueType::ObjectArray { quote!(Vec<#object>) } else { object };
    }
    match (code.modules.enumeration(code.package, said.enumeration), value_type) {
        (Some(enumeration), _) => enumeration,
        (None, ValueType::String) => quote!(#slo::Text),
        (None, ValueType::Int) => quote!(i64),
        (None, ValueType::Double) => quote!(f64),
        (None, ValueType::Bool) => quote!(bool),
        (None, ValueType::StringArray) => quote!(Vec<#slo::Text>),
        (None, ValueType::IntArray) => quote!(Vec<i64>),
        (None, ValueType::DoubleArray) => quote!(Vec<f64>),
        (None, ValueType::BoolArray) => quote!(Vec<bool>),
        (None, ValueType::Any | ValueType::Object | ValueType::ObjectArray) => quote!(#slo::Value<'static>),
    }
}

/// The statement that puts such a value, of which `value` is a reference, into the place `at`.
pub(super) fn put(at: &TokenStream, said: &Said<'_>, value: &TokenStream) -> TokenStream {
    match said.nanoseconds {
        Some(nanoseconds) => quote!(values.duration(#at, #value, #nanoseconds);),
        None => quote!(values.value(#at, #value);),
    }
}

/// Such a value, of which `value` is a reference, as that of a field.
pub(super) fn field(slo: &TokenStream, said: &Said<'_>, value: &TokenStream) -> TokenStream {
    match said.nanoseconds {
        Some(nanoseconds) => quote!(#slo::InUnit::in_unit(#value, #nanoseconds)),
        None => quote!(#slo::ToValue::to_field(#value)),
    }
}

/// How such a value is read back from one of the model: a pattern of an `Option` that binds `name`, and what is made
/// of it.
pub(super) fn read(
    code: &Code<'_>,
    value_type: ValueType,
    said: &Said<'_>,
    name: &Ident,
) -> (TokenStream, TokenStream) {
    let slo = &code.slo;
    let pattern = |variant: TokenStream| quote!(Some(#slo::Value::#variant(#name)));
    if let Some(nanoseconds) = said.nanoseconds {
        return (pattern(quote!(Double)), quote!(#slo::from_units(*#name, #nanoseconds)?));
    }
    match (code.modules.enumeration(code.package, said.enumeration), value_type) {
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
        (None, ValueType::Any | ValueType::Object | ValueType::ObjectArray) => {
            (quote!(Some(#name)), quote!(#name.clone()))
        }
    }
}
