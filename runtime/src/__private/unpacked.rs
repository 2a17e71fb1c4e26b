//! The table of an event whose struct has the derive, which is read from a text where it is used.

use std::marker::PhantomData;

use slo_model::event::Event;
use slo_model::table::packed::{As, Lists, Reader, Room};

use super::derived::Derived;

/// Something that has an event's table.
pub trait HasTable {
    /// The table.
    const TABLE: &'static Event<'static>;
}

/// What a reading finds.
trait Finds {
    type Found: Copy;
}

macro_rules! unpacked {
    ($a:lifetime $($found:ident $lists:ident after $before:ident {
        $($list:ident $count:ident $of:ty,)*
    })*) => {
        /// The table of `T`, of whose lists those of one kind have so many elements together.
        #[derive(Debug)]
        pub struct Unpacked<T, $($(const $count: usize),*),*>(PhantomData<T>);

        impl<T: Derived, $($(const $count: usize),*),*> HasTable for Unpacked<T, $($($count),*),*> {
            const TABLE: &$a Event<$a> = &Self::read(Self::ALL).0;
        }

        impl<T: Derived, $($(const $count: usize),*),*> Finds for Unpacked<T, $($($count),*),*> {
            type Found = Found<$($($count),*),*>;
        }

        /// A list can point into another one only when that one is there: the text is read once for each depth of lists in
        /// lists. Each list is a constant of its own, or rustc would go through all of them wherever it meets one.
        impl<T: Derived, $($(const $count: usize),*),*> Unpacked<T, $($($count),*),*> {
            const NONE: Lists<$a> = Lists::NONE;
            $(
                const $found: <Self as Finds>::Found = Self::read(Self::$before).1;
                const $lists: Lists<$a> = Lists { $($list: &{ Self::$found.$list },)* ..Self::$before };
            )*

            const fn read(lists: Lists<$a>) -> (Event<$a>, Found<$($($count),*),*>) {
                $($(let mut $list = [As::<$of>::read(&mut Reader::of_nothing()); $count];)*)*
                let mut reader = Reader::new(T::PACKED, lists, Room { $($($list: &mut $list),*),* });
                let event = As::<Event<$a>>::read(&mut reader);
                assert!(reader.is_done(), "the table of an event has more than an event");
                (event, Found { $($($list),*),* })
            }
        }

        /// What one reading finds, to be the lists of the next.
        #[derive(Clone, Copy)]
        struct Found<$($(const $count: usize),*),*> {
            $($($list: [$of; $count],)*)*
        }
    };
}
slo_model::with_lists!(unpacked, 'static);
