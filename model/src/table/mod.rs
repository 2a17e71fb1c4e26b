//! The one description of the tables' types, next to which nobody keeps another: each type is defined within `described!`, or
//! within `packed!`, which can be read back from a text as well.
//!
//! Whoever writes tables, in Rust, in JSON or in another language, asks a value for its [`Shape`] and is through with all types.

pub mod packed;

use crate::Container;
use crate::event::Meaning;

/// A value of a table.
pub trait Described {
    /// What it is made of.
    fn shape(&self) -> Shape<'_>;

    /// The name of its type.
    fn name() -> &'static str
    where
        Self: Sized;
}

/// Values by their names.
pub type Members<'s> = Vec<(&'static str, &'s dyn Described)>;

/// What a value is made of.
pub enum Shape<'s> {
    /// Text.
    Text(&'s str),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// `true` or `false`.
    Bool(bool),
    /// Nothing, or a value.
    Option(Option<&'s dyn Described>),
    /// A list of values of the type of this name.
    List(&'static str, Vec<&'s dyn Described>),
    /// A struct: its name, and its fields in the order of its declaration.
    Struct(&'static str, Members<'s>),
    /// A variant of an enum.
    Variant(Variant<'s>),
    /// Another table, of a meaning or a view, which others name too.
    Meaning(&'s Meaning<'s>),
    /// Another table, of a resource or a scope, which others name too.
    Container(&'s Container<'s>),
}

/// A variant of an enum.
pub struct Variant<'s> {
    /// The enum's name.
    pub of: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its number in the order of the declaration.
    pub number: usize,
    /// Whether what it holds has names in Rust, too.
    pub named: bool,
    /// What it holds.
    pub holds: Members<'s>,
}

/// Says what plain types are made of.
macro_rules! plain {
    ($($of:ty: $value:ident => $shape:expr;)*) => {$(
        impl Described for $of {
            fn shape(&self) -> Shape<'_> {
                let $value = self;
                $shape
            }

            fn name() -> &'static str {
                stringify!($of)
            }
        }
    )*};
}

plain! {
    &str: text => Shape::Text(text);
    i64: number => Shape::Int(*number);
    u16: number => Shape::Int(i64::from(*number));
    u32: number => Shape::Int(i64::from(*number));
    usize: number => Shape::Int(i64::try_from(*number).unwrap_or(i64::MAX));
    f64: number => Shape::Double(*number);
    bool: truth => Shape::Bool(*truth);
    &Meaning<'_>: meaning => Shape::Meaning(meaning);
    &Container<'_>: container => Shape::Container(container);
}

impl<T: Described> Described for Option<T> {
    fn shape(&self) -> Shape<'_> {
        Shape::Option(self.as_ref().map(|value| value as &dyn Described))
    }

    fn name() -> &'static str {
        T::name()
    }
}

impl<T: Described> Described for &[T] {
    fn shape(&self) -> Shape<'_> {
        Shape::List(T::name(), self.iter().map(|value| value as &dyn Described).collect())
    }

    fn name() -> &'static str {
        T::name()
    }
}

/// Defines types of tables as they stand, and says what they are made of. What a variant holds has names here, by which it is
/// known in other languages, though Rust needs none.
macro_rules! described {
    () => {};
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$a:lifetime>)? { $($(#[$doc:meta])* pub $field:ident: $of:ty,)* }
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        pub struct $name $(<$a>)? { $($(#[$doc])* pub $field: $of,)* }

        impl $(<$a>)? $crate::table::Described for $name $(<$a>)? {
            fn shape(&self) -> $crate::table::Shape<'_> {
                $crate::table::Shape::Struct(stringify!($name), vec![$((stringify!($field), &self.$field)),*])
            }

            fn name() -> &'static str {
                stringify!($name)
            }
        }

        $crate::table::described! { $($rest)* }
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(<$a:lifetime>)? {$(
            $(#[$doc:meta])*
            $variant:ident
            $(($($held:ident: $of:ty),*))?
            $({ $($(#[$inner:meta])* $field:ident: $type_of:ty,)* })?,
        )*}
        $($rest:tt)*
    ) => {
        $(#[$meta])*
        pub enum $name $(<$a>)? {
            $($(#[$doc])* $variant $(($($of),*))? $({ $($(#[$inner])* $field: $type_of,)* })?,)*
        }

        impl $(<$a>)? $crate::table::Described for $name $(<$a>)? {
            fn shape(&self) -> $crate::table::Shape<'_> {
                const VARIANTS: &[&str] = &[$(stringify!($variant)),*];
                let (name, named, holds): (&str, &[&str], $crate::table::Members<'_>) = match self {
                    $($name::$variant $(($($held),*))? $({ $($field),* })? => (
                        stringify!($variant),
                        &[$($(stringify!($field)),*)?],
                        vec![$($((stringify!($held), $held)),*)? $($((stringify!($field), $field)),*)?],
                    ),)*
                };
                let number = VARIANTS.iter().position(|variant| *variant == name).unwrap_or(0);
                let named = !named.is_empty();
                let of = stringify!($name);
                $crate::table::Shape::Variant($crate::table::Variant { of, name, number, named, holds })
            }

            fn name() -> &'static str {
                stringify!($name)
            }
        }

        $crate::table::described! { $($rest)* }
    };
}
pub(crate) use described;
