//! Where the lists of a plan are kept, for as long as it is read.

use std::cell::{Cell, OnceCell, RefCell};

use slo_model::event::{
    Field, Level, Log, Lossy, Meaning, Metric, Pair, Slot, SpanEvent, Stream, Test, TextPart, Variant, Writer,
};
use slo_model::{Container, Key, Literal, Member, ObjectMember, Part};

use crate::hash::HashMap;
use crate::ir;

/// How many chunks there are; each has twice the room of the one before.
const CHUNKS: usize = 40;

/// The room of the first chunk.
const FIRST: usize = 64;

/// Keeps the lists and texts of a plan, whose tables borrow from it and from each other.
#[derive(Debug)]
pub struct Arena<'p> {
    chunks: [OnceCell<Box<[OnceCell<Kept<'p>>]>>; CHUNKS],
    count: Cell<usize>,
    /// Lists of members by where they stand in the contract: many fields have one.
    members: RefCell<HashMap<*const ir::Member, &'p [Member<'p>]>>,
}

impl Default for Arena<'_> {
    fn default() -> Self {
        Arena {
            chunks: [const { OnceCell::new() }; CHUNKS],
            count: Cell::new(0),
            members: RefCell::default(),
        }
    }
}

impl<'p> Arena<'p> {
    /// Keeps a text.
    pub(super) fn text(&'p self, text: String) -> &'p str {
        match self.keep(Kept::Text(text.into())) {
            Some(Kept::Text(text)) => text,
            _ => "",
        }
    }

    /// Keeps a list.
    pub(super) fn list<T: Keep<'p>>(&'p self, values: Vec<T>) -> &'p [T] {
        if values.is_empty() {
            return &[];
        }
        self.keep(T::keep(values.into())).map_or(&[], T::kept)
    }

    /// Keeps one value.
    pub(super) fn one<T: Keep<'p>>(&'p self, value: T) -> &'p T {
        match self.list(vec![value]) {
            [one, ..] => one,
            // The chunks hold more than memory does.
            [] => unreachable!(),
        }
    }

    /// The members of a list of the contract, made once.
    pub(super) fn shared(
        &self,
        list: &'p [ir::Member],
        make: impl FnOnce() -> &'p [Member<'p>],
    ) -> &'p [Member<'p>] {
        let known = self.members.borrow().get(&list.as_ptr()).copied();
        // A list that is empty may stand where another one begins.
        known.filter(|known| known.len() == list.len()).unwrap_or_else(|| {
            let made = make();
            self.members.borrow_mut().insert(list.as_ptr(), made);
            made
        })
    }

    fn keep(&'p self, kept: Kept<'p>) -> Option<&'p Kept<'p>> {
        let number = self.count.replace(self.count.get() + 1);
        let chunk = (number / FIRST + 1).ilog2() as usize;
        let room = FIRST << chunk;
        let cells = self.chunks.get(chunk)?.get_or_init(|| (0..room).map(|_| OnceCell::new()).collect());
        Some(cells.get(number + FIRST - room)?.get_or_init(|| kept))
    }
}

/// What can be kept in lists.
pub(super) trait Keep<'p>: Sized {
    fn keep(list: Box<[Self]>) -> Kept<'p>;
    fn kept<'k>(kept: &'k Kept<'p>) -> &'k [Self];
}

macro_rules! kept {
    ($($list:ident: $of:ty,)*) => {
        #[derive(Debug)]
        pub(super) enum Kept<'p> {
            Text(Box<str>),
            $($list(Box<[$of]>),)*
        }

        $(impl<'p> Keep<'p> for $of {
            fn keep(list: Box<[$of]>) -> Kept<'p> {
                Kept::$list(list)
            }

            fn kept<'k>(kept: &'k Kept<'p>) -> &'k [$of] {
                match kept {
                    Kept::$list(list) => list,
                    _ => &[],
                }
            }
        })*
    };
}

kept! {
    Containers: Container<'p>,
    Fields: Field<'p>,
    Keys: Key<'p>,
    Literals: Literal<'p>,
    Levels: Level<'p>,
    Logs: Log<'p>,
    Lossy: Lossy<'p>,
    Meanings: Meaning<'p>,
    Members: Member<'p>,
    Metrics: Metric<'p>,
    Numbers: u16,
    ObjectMembers: ObjectMember<'p>,
    Pairs: Pair<'p>,
    Parts: Part<'p>,
    Slots: Slot<'p>,
    SpanEvents: SpanEvent<'p>,
    Streams: Stream<'p>,
    Tests: Test<'p>,
    TextParts: TextPart<'p>,
    Texts: &'p str,
    Variants: Variant<'p>,
    Writers: Writer<'p>,
}
