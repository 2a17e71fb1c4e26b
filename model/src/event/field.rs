//! Fields of events, and payloads of variants.

use super::Meaning;
use crate::table::packed::packed;
use crate::{Key, Literal};

packed! {
    /// What a value may be that stands in a field or that a variant carries.
    #[derive(Clone, Copy, Debug)]
    pub struct Slot<'a> {
        /// Its key with type and constraints. Where the Rust type of the value is a generated enum, `members` are that
        /// type's variants in their order.
        pub key: Key<'a>,
        /// The members that are allowed here, by their numbers, where these are not all.
        pub only: Option<&'a [u16]>,
        /// How many distinct values labels and names of spans may show.
        pub bounded: Option<Bounded<'a>>,
        /// What a label shows for the values beyond the members of an open enum.
        pub other: Option<Literal<'a>>,
    }

    /// A bound on distinct values.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Bounded<'a> {
        /// How many.
        pub values: u32,
        /// What stands for the rest.
        pub other: Literal<'a>,
    }

    /// A field of an event.
    #[derive(Clone, Copy, Debug)]
    pub struct Field<'a> {
        /// Its name in the contract.
        pub name: &'a str,
        /// What it holds.
        pub kind: FieldKind<'a>,
        /// The number of its value among the event's values.
        pub at: u16,
        /// Whether it is known when the event begins: it is neither optional nor has it an `unset`, nor is it the elapsed
        /// time.
        pub at_begin: bool,
    }

    /// What a field holds.
    #[derive(Clone, Copy, Debug)]
    #[allow(clippy::large_enum_variant, reason = "it stands in tables that are never moved")]
    pub enum FieldKind<'a> {
        /// A plain value.
        Plain {
            /// Which values.
            slot: Slot<'a>,
            /// What it is where nobody set it; what it always is, where the contract says that.
            unset: Option<Literal<'a>>,
        },
        /// A meaning, by the number of its variant; its payloads stand behind it.
        Meaning {
            /// The meaning itself.
            meaning: &'a Meaning<'a>,
            /// The number of the variant that it is where nobody set it.
            unset: Option<u16>,
        },
        /// The contexts of other spans.
        Contexts,
    }

    /// Where the time from an event's begin to its end stands.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Elapsed {
        /// The number of the field.
        pub field: u16,
        /// How many nanoseconds are one of its unit.
        pub nanoseconds: f64,
    }
}
