//! The system's allocator, counting what a thread takes: of it a program has to be made the global one.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its nature; every call is handed on to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub(crate) struct Counting;

thread_local! {
    static NOW: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
    static REQUESTS: Cell<usize> = const { Cell::new(0) };
}

/// What a call took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// The most at any time.
    pub(crate) bytes: usize,
    /// How often memory was asked for.
    #[allow(dead_code, reason = "a test has no use for it")]
    pub(crate) requests: usize,
}

/// What a call gives, and what it took.
pub(crate) fn measured<T>(call: impl FnOnce() -> T) -> (T, Taken) {
    for counter in [&NOW, &MOST, &REQUESTS] {
        counter.set(0);
    }
    let given = call();
    (given, Taken { bytes: MOST.get(), requests: REQUESTS.get() })
}

fn add(bytes: usize) {
    let now = NOW.get() + bytes;
    NOW.set(now);
    MOST.set(MOST.get().max(now));
    REQUESTS.set(REQUESTS.get() + 1);
}

fn subtract(bytes: usize) {
    NOW.set(NOW.get().saturating_sub(bytes));
}

// SAFETY: every call is handed on as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        subtract(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be there for a moment, while one is copied to the other.
        add(size);
        subtract(layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
