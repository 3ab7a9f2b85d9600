//! Memory: what is asked for at any time is never more than what the header was judged by.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

#[path = "common/counting.rs"]
mod counting;

use std::time::{Duration, Instant};

use wasm_thumb::{Error, Format, Limits, Options, Size, inspect, thumbnail};

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

/// What a call gives, and the most bytes that it had at any time.
fn measured<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let (given, taken) = counting::measured(call);
    (given, taken.bytes)
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

/// A profile of so many bytes, which says so and nothing else.
fn profile(bytes: usize) -> Vec<u8> {
    let mut profile = u32::try_from(bytes).unwrap().to_be_bytes().to_vec();
    profile.resize(bytes, 7);
    profile
}

/// A picture with a profile as its encoder embeds it.
fn with_profile(format: image::ImageFormat, profile: Vec<u8>) -> Vec<u8> {
    use image::ImageEncoder as _;
    let picture = fixtures::photo(40, 30, 2);
    let mut bytes = std::io::Cursor::new(Vec::new());
    let colour = image::ExtendedColorType::Rgb8;
    if format == image::ImageFormat::Png {
        let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(&picture, 40, 30, colour).unwrap();
    } else {
        let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(&picture, 40, 30, colour).unwrap();
    }
    bytes.into_inner()
}

/// A TIFF of one gray pixel and a profile.
fn tiff_with_profile(profile: &[u8]) -> Vec<u8> {
    let length = u32::try_from(profile.len()).unwrap();
    let after = 8 + length;
    let mut bytes = [&b"II*\0"[..], &after.to_le_bytes(), profile].concat();
    let tags = [
        (256_u16, 3_u16, 1, 1),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (279, 4, 1, 1),
        (34_675, 7, length, 8),
    ];
    bytes.extend(u16::try_from(tags.len()).unwrap().to_le_bytes());
    for (tag, kind, count, value) in tags {
        bytes.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        bytes.extend([count.to_le_bytes(), u32::to_le_bytes(value)].concat());
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn profiles_are_in_what_is_told() {
    const MEBIBYTE: usize = 1 << 20;
    for (name, length, bytes) in [
        ("png", 8 * MEBIBYTE, with_profile(image::ImageFormat::Png, profile(8 * MEBIBYTE))),
        ("webp", 5 * MEBIBYTE, with_profile(image::ImageFormat::WebP, profile(5 * MEBIBYTE))),
        ("tiff", 16 * MEBIBYTE, tiff_with_profile(&profile(16 * MEBIBYTE))),
        ("jpeg", 15 * MEBIBYTE, fixtures::ink_jpeg([9; 4], false, Some(&profile(15 * MEBIBYTE)))),
    ] {
        assert_within_what_is_told(name, &bytes);
        let told = told(&bytes, (100, 100)).unwrap();
        assert!((length as u64..length as u64 + 2 * MEBIBYTE as u64).contains(&told), "{name}: {told}");
    }
    // Longer than any profile is: left out.
    let bytes = with_profile(image::ImageFormat::Png, profile(9 * MEBIBYTE));
    assert_within_what_is_told("png", &bytes);
    assert!(told(&bytes, (100, 100)).unwrap() < 2 * MEBIBYTE as u64);
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
