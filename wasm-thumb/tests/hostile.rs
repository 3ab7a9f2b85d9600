//! Bad files are refused with the right code, and nothing makes the engine panic.

mod common;

use wasm_thumb::{Limits, Options, inspect, thumbnail};

#[test]
fn bad_files_are_refused_with_their_code() {
    for bad in fixtures::all_bad() {
        let error = thumbnail(&bad.bytes, &Options::default()).unwrap_err();
        assert_eq!(error.code(), bad.expected_code, "{}: {error}", bad.name);
    }
}

#[test]
fn pictures_of_other_kinds_are_unsupported_and_not_nothing() {
    let kinds: [&[u8]; 9] = [
        b"\0\0\0\x20ftypavif\0\0\0\0avifmif1",
        b"\xFF\x0A\x00\x00",
        b"\0\0\0\x0CJXL \r\n\x87\n",
        b"8BPS\0\x01",
        b"\0\0\x01\0\x01\0",
        b"qoif\0\0",
        b"P6\n3 3\n255\n",
        b"\xEF\xBB\xBF  <svg xmlns='x'/>",
        b"<!-- drawn by hand -->\n<svg>",
    ];
    for bytes in kinds {
        assert_eq!(thumbnail(bytes, &Options::default()).unwrap_err().code(), "unsupported_format");
    }
    let nothing: [&[u8]; 6] =
        [b"", b"B", b"BM", b"BMW drivers", b"<html><svg></html>", b"\0\0\0\x20ftypisom"];
    for bytes in nothing {
        assert_eq!(thumbnail(bytes, &Options::default()).unwrap_err().code(), "not_an_image", "{bytes:?}");
    }
}

#[test]
fn a_jpeg_is_shown_if_most_of_it_is_there_and_corrupt_otherwise() {
    let photo = fixtures::photo_jpeg(320, 240, 1);
    let whole = thumbnail(&photo, &Options::default()).unwrap();
    for percent in [10, 50] {
        let cut = &photo[..photo.len() * percent / 100];
        assert_eq!(thumbnail(cut, &Options::default()).unwrap_err().code(), "corrupt", "{percent} %");
    }
    for percent in [85, 99] {
        let cut = thumbnail(&photo[..photo.len() * percent / 100], &Options::default()).unwrap();
        assert_ne!(cut.bytes, whole.bytes, "{percent} %");
    }
    let tailed = [&photo[..], b"MotionPhoto_Data and more"].concat();
    assert_eq!(thumbnail(&tailed, &Options::default()).unwrap().bytes, whole.bytes);
}

/// One small picture of each format.
fn small() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("jpeg", fixtures::oriented_jpeg(6)),
        ("png", fixtures::palette_png()),
        ("png with exif", fixtures::oriented_png(6)),
        ("gif", fixtures::animated_gif()),
        ("webp", fixtures::oriented_webp(6)),
        ("tiff", fixtures::oriented_tiff(6)),
        ("bmp", fixtures::bmp()),
    ]
}

/// A budget that keeps flipped dimensions from taking long.
fn tight() -> Options {
    let limits = Limits { max_alloc_bytes: 16 << 20, ..Limits::default() };
    Options { limits, ..Options::default() }
}

#[test]
fn truncation_at_every_byte_never_panics_and_is_never_a_success() {
    for (name, bytes) in small() {
        // What follows the pixels may be missing: the directory's end, the last frame, a checksum.
        let tail = match name {
            // A quarter of the blocks, which are all the same and take few bytes, and the end marker.
            "jpeg" => bytes.len() / 4,
            "gif" => bytes.len() / 2,
            "tiff" => 4,
            "webp" => 40,
            "png" | "png with exif" => 16,
            // The padding of the last row.
            "bmp" => 3,
            _ => 0,
        };
        for len in (0..bytes.len()).rev().step_by(if bytes.len() > 5000 { 37 } else { 1 }) {
            let made = thumbnail(&bytes[..len], &tight());
            let _ = inspect(&bytes[..len], &Limits::default());
            let Err(error) = made else {
                assert!(bytes.len() - len <= tail, "{name} cut to {len} of {} passes", bytes.len());
                continue;
            };
            assert!(["corrupt", "not_an_image"].contains(&error.code()), "{name} cut to {len}: {error}");
        }
    }
}

#[test]
fn flipped_bytes_never_panic() {
    for (_, bytes) in small() {
        let step = bytes.len().div_ceil(600);
        for (at, mask) in
            (0..bytes.len()).step_by(step).flat_map(|at| [0x01, 0x80, 0xFF].map(|mask| (at, mask)))
        {
            let mut flipped = bytes.clone();
            flipped[at] ^= mask;
            let _ = thumbnail(&flipped, &tight());
            let _ = inspect(&flipped, &Limits::default());
        }
    }
}

#[test]
fn every_file_of_the_corpus_gives_a_thumbnail_or_a_code() {
    let Some(files) = common::corpus("") else { return };
    let mut made = 0;
    for path in files {
        match thumbnail(&std::fs::read(&path).unwrap(), &Options::default()) {
            Ok(thumbnail) => {
                assert_eq!((thumbnail.width, thumbnail.height), (100, 100), "{}", path.display());
                assert!(
                    thumbnail.bytes.starts_with(&[0xFF, 0xD8]) && thumbnail.bytes.ends_with(&[0xFF, 0xD9])
                );
                made += 1;
            }
            Err(error) => assert_ne!(error.code(), "internal", "{}: {error}", path.display()),
        }
    }
    assert!(made > 200, "only {made} thumbnails");
}

#[test]
fn every_photo_of_the_corpus_gives_a_thumbnail() {
    for folder in ["photos", "orientation", "exif", "icc"] {
        for path in common::corpus(folder).unwrap_or_default() {
            let made = thumbnail(&std::fs::read(&path).unwrap(), &Options::default());
            assert!(made.is_ok(), "{}: {:?}", path.display(), made.err());
        }
    }
}
