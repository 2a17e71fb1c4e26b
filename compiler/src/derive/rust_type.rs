//! What can be known of a Rust type from its spelling.

use slo_model::ValueType;
use syn::{GenericArgument, PathArguments, Type, TypePath};

/// A type of a field, as far as its spelling tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RustType {
    /// One whose values are of this type.
    Known(ValueType),
    /// `std::time::Duration`, which a contract has as a number of its unit.
    Duration,
    /// One that only the Rust compiler knows.
    Unknown,
}

impl RustType {
    /// What a field of it holds, in words; none where only the Rust compiler knows.
    pub(super) fn held(self) -> Option<String> {
        match self {
            RustType::Known(value_type) => Some(format!("`{value_type}`")),
            RustType::Duration => Some("a `Duration`".to_owned()),
            RustType::Unknown => None,
        }
    }

    /// Reads a type's spelling. A name such as `String` is taken for the standard one; where it isn't, the Rust
    /// compiler has the last word.
    #[must_use]
    pub fn of(ty: &Type) -> RustType {
        match ty {
            Type::Reference(reference) => RustType::of(&reference.elem).pointed(),
            Type::Paren(inner) => RustType::of(&inner.elem),
            Type::Group(inner) => RustType::of(&inner.elem),
            Type::Slice(slice) => RustType::of(&slice.elem).list(),
            Type::Array(array) => RustType::of(&array.elem).list(),
            Type::Path(path) if path.qself.is_none() && is_text(path) => RustType::Known(ValueType::String),
            Type::Path(path) if path.qself.is_none() => match path.path.segments.last() {
                Some(segment) => match segment.ident.to_string().as_str() {
                    "String" | "str" => RustType::Known(ValueType::String),
                    "bool" => RustType::Known(ValueType::Bool),
                    "f32" | "f64" => RustType::Known(ValueType::Double),
                    "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64"
                    | "u128" | "usize" => RustType::Known(ValueType::Int),
                    "Duration" => RustType::Duration,
                    "Option" => argument(&segment.arguments),
                    "Box" | "Rc" | "Arc" | "Cow" => argument(&segment.arguments).pointed(),
                    "Vec" => argument(&segment.arguments).list(),
                    _ => RustType::Unknown,
                },
                None => RustType::Unknown,
            },
            _ => RustType::Unknown,
        }
    }

    /// Behind a pointer a duration is a type like others, which isn't taken.
    fn pointed(self) -> RustType {
        match self {
            RustType::Duration => RustType::Unknown,
            other => other,
        }
    }

    fn list(self) -> RustType {
        match self {
            RustType::Known(ValueType::String) => RustType::Known(ValueType::StringArray),
            RustType::Known(ValueType::Int) => RustType::Known(ValueType::IntArray),
            RustType::Known(ValueType::Double) => RustType::Known(ValueType::DoubleArray),
            RustType::Known(ValueType::Bool) => RustType::Known(ValueType::BoolArray),
            _ => RustType::Unknown,
        }
    }
}

/// Whether it is the runtime's own text, `slo::Text`: another crate's or module's type of this name may be anything.
fn is_text(path: &TypePath) -> bool {
    let mut segments = path.path.segments.iter().rev();
    segments.next().is_some_and(|segment| segment.ident == "Text")
        && segments.next().is_some_and(|segment| segment.ident == "slo")
        && segments.next().is_none()
}

fn argument(arguments: &PathArguments) -> RustType {
    let PathArguments::AngleBracketed(arguments) = arguments else { return RustType::Unknown };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.next().map_or(RustType::Unknown, RustType::of)
}
