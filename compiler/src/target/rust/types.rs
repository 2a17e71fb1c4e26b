//! Types of Rust for the values of a contract.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Domain, Scalar, Type};
use crate::plan::Values;

/// The type that holds values: the enum that they are of, or a plain one.
pub(super) fn type_of(
    slo: &TokenStream,
    values: &Values<'_>,
    enumeration: Option<&TokenStream>,
) -> TokenStream {
    match (enumeration, Plain::of(values.domain)) {
        (Some(enumeration), _) => enumeration.clone(),
        (None, Plain::Text) => quote!(#slo::Text),
        (None, Plain::Int) => quote!(i64),
        (None, Plain::Double) => quote!(f64),
        (None, Plain::Bool) => quote!(bool),
        (None, Plain::Texts) => quote!(Vec<#slo::Text>),
        (None, Plain::Ints) => quote!(Vec<i64>),
        (None, Plain::Doubles) => quote!(Vec<f64>),
        (None, Plain::Bools) => quote!(Vec<bool>),
        (None, Plain::Any) => quote!(#slo::Value<'static>),
    }
}

/// How such a value is read back from one of the model: a pattern of an `Option` that binds `name`, and what is made
/// of it.
pub(super) fn read(
    slo: &TokenStream,
    values: &Values<'_>,
    enumeration: Option<&TokenStream>,
    name: &Ident,
) -> (TokenStream, TokenStream) {
    let plain = Plain::of(values.domain);
    let pattern = |variant: TokenStream| quote!(Some(#slo::Value::#variant(#name)));
    match (enumeration, plain) {
        (Some(enumeration), Plain::Int) => (pattern(quote!(Int)), quote!(#enumeration::from_wire(*#name)?)),
        (Some(enumeration), _) => (pattern(quote!(String)), quote!(#enumeration::from_wire(#name)?)),
        (None, Plain::Text) => (pattern(quote!(String)), quote!(#slo::Text::from(#name.clone()))),
        (None, Plain::Int) => (pattern(quote!(Int)), quote!(*#name)),
        (None, Plain::Double) => (pattern(quote!(Double)), quote!(*#name)),
        (None, Plain::Bool) => (pattern(quote!(Bool)), quote!(*#name)),
        (None, Plain::Texts) => (
            pattern(quote!(StringArray)),
            quote!(#name.iter().map(|text| #slo::Text::from(text.clone())).collect()),
        ),
        (None, Plain::Ints) => (pattern(quote!(IntArray)), quote!(#name.clone())),
        (None, Plain::Doubles) => (pattern(quote!(DoubleArray)), quote!(#name.clone())),
        (None, Plain::Bools) => (pattern(quote!(BoolArray)), quote!(#name.clone())),
        (None, Plain::Any) => (quote!(Some(#name)), quote!(#name.clone())),
    }
}

/// The types that values have on the wire.
enum Plain {
    Text,
    Int,
    Double,
    Bool,
    Texts,
    Ints,
    Doubles,
    Bools,
    Any,
}

impl Plain {
    fn of(domain: Option<&Domain>) -> Plain {
        match domain.map(|domain| &domain.value) {
            Some(Type::Scalar(Scalar::String)) => Plain::Text,
            Some(Type::Timestamp(unit)) if unit == "rfc3339" => Plain::Text,
            Some(Type::Scalar(Scalar::Int) | Type::Timestamp(_)) => Plain::Int,
            Some(Type::Scalar(Scalar::Double) | Type::Duration(_)) => Plain::Double,
            Some(Type::Scalar(Scalar::Bool)) => Plain::Bool,
            Some(Type::Array(Scalar::String)) => Plain::Texts,
            Some(Type::Array(Scalar::Int)) => Plain::Ints,
            Some(Type::Array(Scalar::Double)) => Plain::Doubles,
            Some(Type::Array(Scalar::Bool)) => Plain::Bools,
            // What no attribute can hold was refused; what isn't known is another root's mistake.
            Some(Type::Any | Type::Map(_) | Type::Scalar(Scalar::Bytes) | Type::Array(Scalar::Bytes))
            | None => Plain::Any,
        }
    }
}
