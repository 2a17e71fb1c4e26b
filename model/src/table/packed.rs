//! A table as one text, and how it is read back while the program is compiled: rustc has nothing to check in a text.
//!
//! The form: a number is decimal digits behind an optional `-`, and ends with `;`; a text is the number of its bytes and the
//! bytes; a double is the number that has its bits; a truth is 0 or 1; an option is 0, or 1 and what it holds; a variant is
//! its number in the order of declaration, and what it holds; a list is the number of its elements, and the elements; a
//! struct is its fields in the order of declaration. Tables that others name too stand beside the text, and are named by
//! their numbers. A text that is not of this form does not compile.
#![allow(clippy::panic, clippy::indexing_slicing, reason = "it is read while the program is compiled")]

use std::marker::PhantomData;

use super::{Described, Shape};
use crate::Container;
use crate::event::Meaning;

/// What a table is read from.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a> {
    /// The text.
    pub text: &'a str,
    /// The meanings and views that it names.
    pub meanings: &'a [&'a Meaning<'a>],
    /// The resources and scopes that it names.
    pub containers: &'a [&'a Container<'a>],
}

/// A text that is being written.
#[derive(Clone, Debug, Default)]
pub struct Packing<'t> {
    /// The text.
    pub text: String,
    /// How many elements there are in all lists of a kind together, in the order of [`with_lists!`](crate::with_lists).
    pub counts: [usize; LISTS],
    /// The meanings and views that it names, each once.
    pub meanings: Vec<&'t Meaning<'t>>,
    /// The resources and scopes that it names, each once.
    pub containers: Vec<&'t Container<'t>>,
}

impl<'t> Packing<'t> {
    /// Adds a value.
    pub fn push(&mut self, value: &'t dyn Described) {
        match value.shape() {
            Shape::Text(text) => {
                self.size(text.len());
                self.text.push_str(text);
            }
            Shape::Int(number) => self.number(number),
            Shape::Double(number) => self.number(number.to_bits().cast_signed()),
            Shape::Bool(truth) => self.number(i64::from(truth)),
            Shape::Option(value) => {
                self.number(i64::from(value.is_some()));
                value.into_iter().for_each(|value| self.push(value));
            }
            Shape::List(of, values) => {
                self.size(values.len());
                let kind = kinds().iter().position(|kind| *kind == of);
                if let Some(count) = kind.and_then(|kind| self.counts.get_mut(kind)) {
                    *count += values.len();
                }
                values.into_iter().for_each(|value| self.push(value));
            }
            Shape::Struct(_, fields) => fields.into_iter().for_each(|(_, value)| self.push(value)),
            Shape::Variant(variant) => {
                self.size(variant.number);
                variant.holds.into_iter().for_each(|(_, value)| self.push(value));
            }
            Shape::Meaning(meaning) => {
                let at = at(&mut self.meanings, meaning, |other| other.name == meaning.name);
                self.size(at);
            }
            Shape::Container(container) => {
                let at = at(&mut self.containers, container, |other| other.name == container.name);
                self.size(at);
            }
        }
    }

    fn number(&mut self, number: i64) {
        self.text.push_str(&number.to_string());
        self.text.push(';');
    }

    fn size(&mut self, number: usize) {
        self.number(i64::try_from(number).unwrap_or(i64::MAX));
    }
}

/// The number of a table among those that stand beside the text.
fn at<T>(tables: &mut Vec<T>, table: T, same: impl Fn(&T) -> bool) -> usize {
    tables.iter().position(same).unwrap_or_else(|| {
        tables.push(table);
        tables.len() - 1
    })
}

/// What stands for a meaning where nothing is read.
const NOTHING: &Meaning<'static> = &Meaning { name: "", variants: &[], lossy: &[], until: None };

/// Reads a text.
pub struct Reader<'r, 'a> {
    packed: Packed<'a>,
    rest: &'a [u8],
    lists: Lists<'a>,
    room: Room<'r, 'a>,
    at: At,
}

impl<'r, 'a> Reader<'r, 'a> {
    /// Reads a text that was read before, and then had these lists; what is in its lists goes into the room.
    #[must_use]
    pub const fn new(packed: Packed<'a>, lists: Lists<'a>, room: Room<'r, 'a>) -> Reader<'r, 'a> {
        Reader { packed, rest: packed.text.as_bytes(), lists, room, at: At::START }
    }

    /// Reads nothing: each number is 0.
    #[must_use]
    pub const fn of_nothing() -> Reader<'r, 'a> {
        Reader::new(Packed { text: "", meanings: &[NOTHING], containers: &[] }, Lists::NONE, Room::none())
    }

    /// Whether all of the text was read.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    const fn number(&mut self) -> i64 {
        if self.packed.text.is_empty() {
            return 0;
        }
        let negative = matches!(self.rest, [b'-', ..]);
        let mut index = negative as usize;
        // Below zero there is one more than above.
        let mut number: i64 = 0;
        while self.rest[index] != b';' {
            number = number * 10 - (self.rest[index] - b'0') as i64;
            index += 1;
        }
        self.rest = self.rest.split_at(index + 1).1;
        if negative { number } else { -number }
    }

    const fn text(&mut self) -> &'a str {
        let bytes = self.number() as usize;
        let (text, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        match str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => panic!("a text ends within a character"),
        }
    }
}

/// Reads values of a type: what is the same of all types is said by `packed!` of each, since no trait has functions for
/// constants.
pub struct As<T>(PhantomData<T>);

/// Says how types are read, and options of them.
macro_rules! readable {
    ($($of:ty: $reader:ident => $read:expr;)*) => {$(
        #[allow(clippy::needless_lifetimes, clippy::extra_unused_lifetimes, reason = "some types have one")]
        impl<'a> $crate::table::packed::As<$of> {
            /// Reads one.
            pub const fn read($reader: &mut $crate::table::packed::Reader<'_, 'a>) -> $of {
                $read
            }
        }

        #[allow(clippy::needless_lifetimes, clippy::extra_unused_lifetimes, reason = "some types have one")]
        impl<'a> $crate::table::packed::As<Option<$of>> {
            /// Reads one, if there is one.
            pub const fn read(reader: &mut $crate::table::packed::Reader<'_, 'a>) -> Option<$of> {
                match $crate::table::packed::As::<bool>::read(reader) {
                    true => Some($crate::table::packed::As::<$of>::read(reader)),
                    false => None,
                }
            }
        }
    )*};
}
pub(crate) use readable;

readable! {
    bool: reader => reader.number() != 0;
    u16: reader => reader.number() as u16;
    u32: reader => reader.number() as u32;
    usize: reader => reader.number() as usize;
    i64: reader => reader.number();
    f64: reader => f64::from_bits(reader.number() as u64);
    &'a str: reader => reader.text();
    &'a Meaning<'a>: reader => reader.packed.meanings[reader.number() as usize];
    &'a Container<'a>: reader => reader.packed.containers[reader.number() as usize];
}

/// `described!`, and how the types are read from a text.
macro_rules! packed {
    ($($items:tt)*) => {
        $crate::table::described! { $($items)* }
        $crate::table::packed::reads! { $($items)* }
    };
}
pub(crate) use packed;

macro_rules! reads {
    () => {};
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$a:lifetime>)? { $($(#[$doc:meta])* pub $field:ident: $of:ty,)* }
        $($rest:tt)*
    ) => {
        $crate::table::packed::readable! {
            $name $(<$a>)?: reader => $name { $($field: $crate::table::packed::As::<$of>::read(reader),)* };
        }
        $crate::table::packed::reads! { $($rest)* }
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
        $crate::table::packed::readable! {
            $name $(<$a>)?: reader => {
                let mut number = $crate::table::packed::As::<usize>::read(reader);
                $(
                    if number == 0 {
                        return $name::$variant
                            $(($($crate::table::packed::As::<$of>::read(reader)),*))?
                            $({ $($field: $crate::table::packed::As::<$type_of>::read(reader),)* })?;
                    }
                    number = number.wrapping_sub(1);
                )*
                let _ = number;
                panic!("an enum has no variant of this number")
            };
        }
        $crate::table::packed::reads! { $($rest)* }
    };
}
pub(crate) use reads;

/// Hands the kinds of lists in a packed table to a macro, those first that others are made of: for each depth the names of what
/// a reading finds and of the lists that are known then; and for each kind its name, one for a constant, and the type of its
/// elements.
#[macro_export]
#[doc(hidden)]
macro_rules! with_lists {
    ($callback:ident, $a:lifetime) => {
        $callback! {
            $a
            FIRST LEAVES after NONE {
                texts TEXTS &$a str,
                ints INTS i64,
                doubles DOUBLES f64,
                truths TRUTHS bool,
                numbers NUMBERS u16,
                patterns PATTERNS $crate::Part<$a>,
                parts PARTS $crate::event::TextPart<$a>,
                levels LEVELS $crate::event::Level<$a>,
            }
            SECOND VALUES after LEAVES {
                members MEMBERS $crate::Member<$a>,
                literals LITERALS $crate::Literal<$a>,
                writers WRITERS $crate::event::Writer<$a>,
            }
            OBJECTS OF_OBJECTS after VALUES {
                object_members OBJECT_MEMBERS $crate::ObjectMember<$a>,
            }
            THIRD PARTS_OF_SIGNALS after OF_OBJECTS {
                tests TESTS $crate::event::Test<$a>,
                fields FIELDS $crate::event::Field<$a>,
            }
            FOURTH ALL after PARTS_OF_SIGNALS {
                metrics METRICS $crate::event::Metric<$a>,
                logs LOGS $crate::event::Log<$a>,
                span_events SPAN_EVENTS $crate::event::SpanEvent<$a>,
            }
        }
    };
}

macro_rules! lists {
    ($a:lifetime $($found:ident $lists:ident after $before:ident {
        $($list:ident $count:ident $of:ty,)*
    })*) => {
        /// How many kinds of lists there are.
        pub const LISTS: usize = [$($(stringify!($list)),*),*].len();

        /// The names of their elements' types.
        #[allow(clippy::extra_unused_lifetimes, reason = "types have it that are named here")]
        fn kinds<$a>() -> [&'static str; LISTS] {
            [$($(<$of>::name()),*),*]
        }

        /// The lists of a table: those of one kind behind each other.
        #[derive(Clone, Copy, Debug)]
        pub struct Lists<$a> {
            $($(#[doc = concat!("Those of ", stringify!($list), ".")] pub $list: &$a [$of],)*)*
        }

        impl Lists<'_> {
            /// None yet.
            pub const NONE: Self = Lists { $($($list: &[]),*),* };
        }

        /// Where the lists go that are read.
        #[derive(Debug)]
        pub struct Room<'r, $a> {
            $($(#[doc = concat!("Those of ", stringify!($list), ".")] pub $list: &'r mut [$of],)*)*
        }

        impl<'r, $a> Room<'r, $a> {
            const fn none() -> Room<'r, $a> {
                Room { $($($list: &mut []),*),* }
            }
        }

        /// Where in them the next list begins.
        struct At {
            $($($list: usize,)*)*
        }

        impl At {
            const START: At = At { $($($list: 0),*),* };
        }

        readable! {$($(
            &$a [$of]: reader => {
                let (count, at) = (reader.number() as usize, reader.at.$list);
                reader.at.$list += count;
                let mut index = 0;
                while index < count {
                    reader.room.$list[at + index] = As::<$of>::read(reader);
                    index += 1;
                }
                part(reader.lists.$list, at, count)
            };
        )*)*}
    };
}
with_lists!(lists, 'a);

/// A part of a list; nothing where that was not read before.
const fn part<T>(list: &[T], at: usize, count: usize) -> &[T] {
    if at + count > list.len() {
        return &[];
    }
    list.split_at(at).1.split_at(count).0
}
