//! `peak-heap FILE…`: how many bytes the engine has on the heap at most while it makes a thumbnail, besides the
//! file itself; a line for each file. An allocator that counts slows everything down, hence a program of its own.

#![allow(
    unsafe_code,
    reason = "to be an allocator is unsafe by its nature; all is handed on to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, fs};

use anyhow::{Context, Result};
use wasm_thumb::Options;

struct Counting;

/// Bytes that are taken now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);
/// The most that were taken at a time.
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// How often bytes were asked for.
static REQUESTS: AtomicUsize = AtomicUsize::new(0);

fn taken(bytes: usize) {
    PEAK.fetch_max(TAKEN.fetch_add(bytes, Relaxed) + bytes, Relaxed);
    REQUESTS.fetch_add(1, Relaxed);
}

// SAFETY: every call is handed on to the system's allocator as it came; the counters touch no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // Both may be there at a time while one is copied to the other.
        taken(new_size);
        TAKEN.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<()> {
    for path in env::args().skip(1) {
        let file = fs::read(&path).with_context(|| path.clone())?;
        let before = (TAKEN.load(Relaxed), REQUESTS.load(Relaxed));
        PEAK.store(before.0, Relaxed);
        match wasm_thumb::thumbnail(&file, &Options::default()) {
            Ok(_) => println!("{} {}", PEAK.load(Relaxed) - before.0, REQUESTS.load(Relaxed) - before.1),
            Err(error) => println!("error {error}"),
        }
    }
    Ok(())
}
