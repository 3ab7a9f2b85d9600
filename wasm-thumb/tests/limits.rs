//! What is too large is refused from the header, before anything is allocated.

#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use wasm_thumb::{Error, InvalidOption, Limits, Options, Quality, Size, inspect, thumbnail};

fn with(limits: Limits) -> Options {
    Options { limits, ..Options::default() }
}

#[test]
fn a_pixel_flood_is_refused() {
    let flood = fixtures::pixel_flood_png();
    let error = thumbnail(&flood, &Options::default()).unwrap_err();
    assert!(matches!(error, Error::TooManyPixels { width: 50_000, height: 50_000, .. }), "{error}");
    assert_eq!(inspect(&flood, &Limits::default()).unwrap_err().code(), "too_many_pixels");
}

#[test]
fn the_limits_are_exact() {
    let photo = fixtures::photo_jpeg(64, 48, 1);
    let (pixels, len) = (64 * 48, photo.len() as u64);
    let limits = Limits { max_pixels: pixels, max_input_bytes: len, ..Limits::default() };
    assert!(thumbnail(&photo, &with(limits)).is_ok());
    let fewer_pixels = Limits { max_pixels: pixels - 1, ..limits };
    assert!(matches!(thumbnail(&photo, &with(fewer_pixels)), Err(Error::TooManyPixels { .. })));
    let fewer_bytes = Limits { max_input_bytes: len - 1, ..limits };
    assert!(matches!(thumbnail(&photo, &with(fewer_bytes)), Err(Error::TooManyBytes { .. })));
}

#[test]
fn memory_is_budgeted() {
    for fixture in fixtures::all_good() {
        let limits = Limits { max_alloc_bytes: 1000, ..Limits::default() };
        let error = thumbnail(&fixture.bytes, &with(limits)).unwrap_err();
        assert!(matches!(error, Error::TooMuchMemory { .. }), "{}: {error}", fixture.name);
        assert_eq!(error.code(), "too_many_pixels");
    }
}

/// Small pictures whose headers say that they have 60,000 pixels each way, or as near to that as they can.
fn floods() -> Vec<(&'static str, Vec<u8>)> {
    const SIDE: u32 = 60_000;
    let mut png = fixtures::pixel_flood_png();
    // Without a chunk of pixels that is whole.
    png.truncate(png.len() / 2);
    let mut bmp = fixtures::bmp();
    bmp[18..22].copy_from_slice(&SIDE.to_le_bytes());
    bmp[22..26].copy_from_slice(&SIDE.wrapping_neg().to_le_bytes());
    let lossless = fixtures::lossless_webp();
    let mut webp = lossless.clone();
    webp[21..25].copy_from_slice(&0x0FFF_FFFF_u32.to_le_bytes());
    // An animation whose first frame is small, on a canvas of 2²⁴ pixels each way.
    let size = u32::from_le_bytes(*lossless[21..].first_chunk().unwrap());
    let less_one = |number: u32| number.to_le_bytes()[..3].to_vec();
    let pixels = &lossless[12..];
    let frame = [vec![0; 6], less_one(size & 0x3FFF), less_one(size >> 14 & 0x3FFF), vec![0; 4]].concat();
    let length = u32::try_from(frame.len() + pixels.len()).unwrap().to_le_bytes();
    let canvas =
        [&lossless[..12], b"VP8X\x0A\0\0\0\x02\0\0\0", &[0xFF; 6], b"ANMF", &length, &frame, pixels].concat();
    vec![("png", png), ("bmp", bmp), ("webp", webp), ("webp canvas", canvas)]
}

#[test]
fn a_flood_is_called_one_whatever_else_is_wrong_with_the_file() {
    for (name, bytes) in floods() {
        let limits = Limits { max_pixels: 1 << 27, ..Limits::default() };
        for error in [thumbnail(&bytes, &with(limits)).unwrap_err(), inspect(&bytes, &limits).unwrap_err()] {
            assert!(matches!(error, Error::TooManyPixels { .. }), "{name}: {error}");
        }
    }
}

/// A JPEG that declares this size and contains next to nothing, under a coding of 0xC0 (baseline) or 0xC2
/// (progressive).
fn declared(width: u16, height: u16, coding: u8) -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8, 0xFF, coding, 0, 17, 8];
    jpeg.extend(height.to_be_bytes());
    jpeg.extend(width.to_be_bytes());
    jpeg.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    jpeg.extend([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0xFF, 0xD9]);
    jpeg
}

#[test]
fn a_hundred_megapixels_are_within_the_defaults() {
    for coding in [0xC0, 0xC2] {
        let error = thumbnail(&declared(12_000, 8_400, coding), &Options::default()).unwrap_err();
        // It is refused for what it lacks, not for its size.
        assert_eq!(error.code(), "corrupt", "{error}");
        let error = thumbnail(&declared(40_000, 8_400, coding), &Options::default()).unwrap_err();
        assert_eq!(error.code(), "too_many_pixels", "{error}");
    }
    // A thumbnail of thousands of pixels needs every one of the picture's, and with them the coefficients.
    let large = Options { size: Size::new(4096, 4096).unwrap(), ..Options::default() };
    let error = thumbnail(&declared(15_000, 15_000, 0xC2), &large).unwrap_err();
    assert!(matches!(error, Error::TooMuchMemory { .. }), "{error}");
}

#[test]
fn options_out_of_range_cannot_be_made() {
    assert_eq!(Size::new(0, 100), Err(InvalidOption::Size { width: 0, height: 100 }));
    assert!(Size::new(100, Size::MAX_SIDE_PX + 1).is_err());
    assert_eq!(Quality::new(0), Err(InvalidOption::Quality(0)));
    assert!(Quality::new(101).is_err() && Quality::new(1).is_ok() && Quality::new(100).is_ok());
}

#[test]
fn extreme_shapes_are_cropped_all_the_same() {
    for (width, height) in [(1, 1), (1, 5000), (5000, 1), (2, 700), (16_000, 3)] {
        let picture = fixtures::png(&fixtures::solid(width, height, [9, 99, 199]));
        for size in [Size::default(), Size::new(1, 300).unwrap(), Size::new(300, 1).unwrap()] {
            let made = thumbnail(&picture, &Options { size, ..Options::default() }).unwrap();
            assert_eq!((made.width, made.height), (size.width(), size.height()), "{width}×{height}");
        }
    }
}
