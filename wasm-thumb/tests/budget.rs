//! Memory: what is asked for at any time is never more than what the header was judged by.
#![allow(unsafe_code, reason = "an allocator that counts has to be one")]
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::{Duration, Instant};

use wasm_thumb::{Error, Format, Limits, Options, Size, inspect, thumbnail};

/// The system's allocator, which counts what a thread has and has had at most.
struct Counting;

thread_local! {
    static NOW: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn add(bytes: usize) {
    let now = NOW.get() + bytes;
    NOW.set(now);
    MOST.set(MOST.get().max(now));
}

fn subtract(bytes: usize) {
    NOW.set(NOW.get().saturating_sub(bytes));
}

// SAFETY: every call is passed on as it is; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promises are those of the system's allocator.
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
        // For a moment there may be both.
        add(size);
        subtract(layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a call gives, and the most bytes that it had at any time.
fn measured<T>(call: impl FnOnce() -> T) -> (T, usize) {
    NOW.set(0);
    MOST.set(0);
    let given = call();
    (given, MOST.get())
}

fn options(size: (u32, u32), max_alloc_bytes: u64) -> Options {
    let limits = Limits { max_alloc_bytes, ..Limits::default() };
    Options { size: Size::new(size.0, size.1).unwrap(), limits, ..Options::default() }
}

/// What the header says that the thumbnail takes.
fn told(bytes: &[u8], size: (u32, u32)) -> Option<u64> {
    match thumbnail(bytes, &options(size, 0)) {
        Err(Error::TooMuchMemory { bytes, .. }) => Some(bytes),
        _ => None,
    }
}

fn assert_within_what_is_told(name: &str, bytes: &[u8]) {
    let mut failures = Vec::new();
    for size in [(100, 100), (900, 600), (5, 5)] {
        let Some(told) = told(bytes, size) else { continue };
        let (_, most) = measured(|| thumbnail(bytes, &options(size, told)).map_err(drop));
        failures
            .extend((most as u64 > told).then(|| format!("{name} at {size:?}: {most} bytes, told {told}")));
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Whether a picture's decoder is one that this file is about; JPEG and WebP have their own tests.
fn is_by_rows(bytes: &[u8]) -> bool {
    !matches!(wasm_thumb::sniff(bytes), Some(Format::Jpeg | Format::WebP))
}

#[test]
fn no_picture_takes_more_than_its_header_tells() {
    for fixture in fixtures::all_good().into_iter().filter(|fixture| is_by_rows(&fixture.bytes)) {
        assert_within_what_is_told(&fixture.name, &fixture.bytes);
    }
    let photo = image::DynamicImage::from(fixtures::photo(2000, 1500, 4));
    for format in [image::ImageFormat::Png, image::ImageFormat::Bmp, image::ImageFormat::Tiff] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        photo.write_to(&mut bytes, format).unwrap();
        assert_within_what_is_told(&format!("{format:?}"), bytes.get_ref());
    }
    for path in ["png", "gif", "bmp", "tiff"].into_iter().filter_map(common::corpus).flatten() {
        assert_within_what_is_told(&path.display().to_string(), &std::fs::read(&path).unwrap());
    }
}

#[test]
fn rows_are_all_that_a_tall_picture_takes() {
    let tall = |height| fixtures::png(&fixtures::solid(400, height, [9, 99, 199]));
    let most = [tall(1_000), tall(10_000)]
        .map(|bytes| measured(|| thumbnail(&bytes, &Options::default()).map(drop).unwrap()).1);
    assert!(most[1] < most[0] + 4096, "{most:?}");
}

#[test]
fn nothing_hostile_takes_long_or_much() {
    let budget = Limits::default().max_alloc_bytes;
    for path in common::corpus("hostile").unwrap_or_default() {
        let bytes = std::fs::read(&path).unwrap();
        let start = Instant::now();
        let (_, most) = measured(|| thumbnail(&bytes, &Options::default()).map(drop));
        let (_, inspecting) = measured(|| inspect(&bytes, &Limits::default()).map(drop));
        let taken = start.elapsed();
        assert!(most.max(inspecting) as u64 <= budget, "{}: {most} bytes", path.display());
        assert!(taken < Duration::from_secs(1), "{}: {taken:?}", path.display());
    }
}

#[test]
fn headers_that_tell_large_numbers_take_little() {
    // Numbers of a header, each the greatest that it can be, in small pictures of every kind.
    let pictures = [
        fixtures::palette_png(),
        fixtures::animated_gif(),
        fixtures::bmp(),
        fixtures::oriented_tiff(1),
        fixtures::lossless_webp(),
        fixtures::oriented_jpeg(1),
    ];
    for picture in pictures {
        let reached = picture.len().min(200);
        let tail = picture.len().saturating_sub(200).max(reached);
        for at in (0..reached).chain(tail..picture.len().saturating_sub(4)) {
            let mut huge = picture.clone();
            huge[at..(at + 4).min(picture.len())].fill(0xFF);
            let limit = 32 << 20;
            let (made, most) = measured(|| thumbnail(&huge, &options((100, 100), limit)).map(drop));
            assert!(most as u64 <= limit, "{most} bytes with {at} overwritten: {:?}", made.err());
        }
    }
}
