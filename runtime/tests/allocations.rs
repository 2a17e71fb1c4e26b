//! What is known when the program is compiled is never copied: the number of allocations and their bytes tell.

// Only an allocator sees allocations, and `GlobalAlloc` is an unsafe trait.
#![allow(clippy::unwrap_used, unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use slo::{Container, ContainerKind, Key, Literal, SloAttributes, Source, ValueType, Visitor};

struct Counting;

thread_local! {
    /// How many allocations this thread has made, and of how many bytes together. The test harness's own threads
    /// must not count.
    static MADE: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

// SAFETY: both functions pass their arguments on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (count, bytes) = MADE.get();
        MADE.set((count + 1, bytes + layout.size()));
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps `dealloc`'s contract, and `pointer` came from `System.alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations `work` makes, and of how many bytes together.
fn allocations<T>(work: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = MADE.get();
    let result = work();
    let after = MADE.get();
    (result, after.0 - before.0, after.1 - before.1)
}

const fn fixed(name: &'static str, text: &'static str) -> Key<'static> {
    Key { source: Source::Static(Literal::String(text)), ..Key::new(name, ValueType::String, "") }
}

const fn container(keys: &'static [Key<'static>]) -> Container<'static> {
    Container {
        name: "Service",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: Some("https://example.com/1"),
        closed: false,
        keys,
        flattened: &[],
    }
}

struct Short;

impl SloAttributes for Short {
    type Kind = slo::Resource;
    const CONTAINER: &'static Container<'static> =
        &container(&[fixed("a", "1"), fixed("b", "2"), fixed("c", "3"), fixed("d", "4")]);

    fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
}

struct Long;

impl SloAttributes for Long {
    type Kind = slo::Resource;
    const CONTAINER: &'static Container<'static> = &container(&[
        fixed(
            "a.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
        fixed(
            "b.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
        fixed(
            "c.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
        fixed(
            "d.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
    ]);

    fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
}

#[test]
fn constants_are_borrowed_up_to_and_into_the_sdk() {
    let (short, short_count, short_bytes) =
        allocations(|| Short.assemble().environment(|_| None).build().unwrap());
    let (long, long_count, long_bytes) =
        allocations(|| Long.assemble().environment(|_| None).build().unwrap());
    // The table of keys, what became of each, and the attributes.
    assert_eq!(short_count, 3);
    assert_eq!((long_count, long_bytes), (short_count, short_bytes));

    let (_, short_count, short_bytes) = allocations(|| short.to_resource());
    let (_, long_count, long_bytes) = allocations(|| long.to_resource());
    assert_eq!((long_count, long_bytes), (short_count, short_bytes));
}
