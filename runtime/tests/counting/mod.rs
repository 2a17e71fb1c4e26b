//! An allocator that counts what each thread asks of it.

// Only an allocator sees allocations, and `GlobalAlloc` is an unsafe trait.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

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
pub(crate) fn allocations<T>(work: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = MADE.get();
    let result = work();
    let after = MADE.get();
    (result, after.0 - before.0, after.1 - before.1)
}
