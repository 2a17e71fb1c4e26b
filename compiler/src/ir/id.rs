//! What the things of a contract refer to each other by: their numbers in its lists.

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident,)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name(pub u32);

        impl $name {
            /// The number as an index.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of what stands at an index. Limits on what is read keep indexes far below its range.
            #[must_use]
            pub const fn at(index: usize) -> $name {
                $name(index as u32)
            }
        }
    )*};
}

ids! {
    /// A meaning or a view, in [`Contract::meanings`](super::Contract::meanings).
    MeaningId,
    /// An event, in [`Contract::events`](super::Contract::events).
    EventId,
    /// A resource or a scope, in [`Contract::containers`](super::Contract::containers).
    ContainerId,
    /// A field, in [`Event::fields`](super::Event::fields) of the event at hand.
    FieldId,
    /// What a variant carries, in [`Variant::payload`](super::Variant::payload) of the variant at hand.
    PayloadId,
}
