//! What a file tells besides its pixels is read, and none of it gets into a thumbnail.

#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use wasm_thumb::{Exposure, Inspection, Limits, Options, Orientation, inspect, position, thumbnail};

/// A value of an entry: kind and bytes, little-endian.
type Value = (u16, Vec<u8>);

fn text(text: &str) -> Value {
    (2, [text.as_bytes(), b"\0"].concat())
}

fn short(value: u16) -> Value {
    (3, value.to_le_bytes().to_vec())
}

fn fractions(values: &[(u32, u32)]) -> Value {
    (5, values.iter().flat_map(|&(n, d)| [n.to_le_bytes(), d.to_le_bytes()].concat()).collect())
}

/// A directory at `offset`, with the values that do not fit into its entries after it.
fn directory(offset: usize, entries: &[(u16, Value)]) -> Vec<u8> {
    let kind_bytes = |kind: u16| [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8][usize::from(kind)];
    let mut table = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut rest: Vec<u8> = Vec::new();
    let rest_offset = offset + 2 + 12 * entries.len() + 4;
    for (tag, (kind, bytes)) in entries {
        table.extend(tag.to_le_bytes());
        table.extend(kind.to_le_bytes());
        table.extend(u32::try_from(bytes.len() / kind_bytes(*kind)).unwrap().to_le_bytes());
        if bytes.len() <= 4 {
            table.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            table.extend(u32::try_from(rest_offset + rest.len()).unwrap().to_le_bytes());
            rest.extend(bytes);
        }
    }
    table.extend([0; 4]);
    table.extend(rest);
    table
}

/// EXIF data of a camera that tells everything, with a position in the south-west.
fn exif() -> Vec<u8> {
    let long = |offset: usize| (4, u32::try_from(offset).unwrap().to_le_bytes().to_vec());
    let details = |offset| {
        directory(
            offset,
            &[
                (0x829A, fractions(&[(10, 2500)])),
                (0x829D, fractions(&[(28, 10)])),
                (0x8827, short(400)),
                (0x9003, text("2026:05:01 12:34:56")),
                (0x9011, text("+02:00")),
                (0x9204, (10, [1i32.to_le_bytes(), 3i32.to_le_bytes()].concat())),
                (0x920A, fractions(&[(425, 100)])),
                (0xA405, short(26)),
                (0xA434, text("Test 4.25mm f/2.8")),
            ],
        )
    };
    let place = |offset| {
        directory(
            offset,
            &[
                (1, text("S")),
                (2, fractions(&[(33, 1), (30, 1), (36, 1)])),
                (3, text("W")),
                (4, fractions(&[(70, 1), (15, 1), (0, 1)])),
                (6, fractions(&[(1234, 10)])),
            ],
        )
    };
    let first = |details: usize, place: usize| {
        directory(
            8,
            &[
                (0x010F, text("Imagasaur Works")),
                (0x0110, text("Mark\u{202E} I")),
                (0x0112, short(6)),
                (0x8769, long(details)),
                (0x8825, long(place)),
            ],
        )
    };
    let details_at = 8 + first(0, 0).len();
    let place_at = details_at + details(details_at).len();
    [b"II*\0\x08\0\0\0".to_vec(), first(details_at, place_at), details(details_at), place(place_at)].concat()
}

fn jpeg_with(exif: &[u8]) -> Vec<u8> {
    let picture = fixtures::photo_jpeg(60, 40, 1);
    let length = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
    [&picture[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", exif, &picture[2..]].concat()
}

fn inspected(bytes: &[u8]) -> Inspection {
    inspect(bytes, &Limits::default()).unwrap()
}

#[test]
fn tells_what_the_camera_told() {
    let found = inspected(&jpeg_with(&exif()));
    assert_eq!((found.width, found.height, found.orientation), (40, 60, Orientation::RightTop));
    let metadata = found.metadata;
    assert_eq!(metadata.camera.as_deref(), Some("Imagasaur Works Mark I"));
    assert_eq!(metadata.lens.as_deref(), Some("Test 4.25mm f/2.8"));
    assert_eq!(metadata.taken_at.as_deref(), Some("2026-05-01T12:34:56+02:00"));
    let expected = Exposure {
        time_s: Some((1, 250)),
        f_number: Some(2.8),
        iso: Some(400),
        focal_length_mm: Some(4.25),
        focal_length_35_mm: Some(26),
        bias_ev: Some(1.0 / 3.0),
    };
    assert_eq!(metadata.exposure, expected);
    assert!(metadata.has_position);
    assert_eq!(metadata.profile, None);
}

#[test]
fn tells_the_place_to_who_asks() {
    let place = position(&jpeg_with(&exif())).unwrap();
    assert!((place.latitude_deg + 33.51).abs() < 1e-9 && (place.longitude_deg + 70.25).abs() < 1e-9);
    assert_eq!(place.altitude_m, Some(123.4));
    assert_eq!(position(&fixtures::photo_jpeg(60, 40, 1)), None);
}

#[test]
fn tells_the_profile() {
    let red = fixtures::solid(8, 8, [255, 0, 0]);
    let mut profile = fixtures::profile(&[0, 1, 2], 563);
    assert_eq!(inspected(&fixtures::tagged_png(&red, profile.clone())).metadata.profile, None);
    // The last tag becomes a name, in the form of version 2 and of version 4.
    let entry = 132 + 12 * 5;
    let offset = profile.len();
    profile[entry..entry + 4].copy_from_slice(b"desc");
    for name in [
        &b"desc\0\0\0\0\0\0\0\x05Mine\0"[..],
        b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS\0\0\0\x08\0\0\0\x1C\0M\0i\0n\0e",
    ] {
        profile.truncate(offset);
        profile[entry + 4..entry + 8].copy_from_slice(&u32::try_from(offset).unwrap().to_be_bytes());
        profile[entry + 8..entry + 12].copy_from_slice(&u32::try_from(name.len()).unwrap().to_be_bytes());
        profile.extend(name);
        let length = u32::try_from(profile.len()).unwrap().to_be_bytes();
        profile[..4].copy_from_slice(&length);
        let found = inspected(&fixtures::tagged_png(&red, profile.clone()));
        assert_eq!(found.metadata.profile.as_deref(), Some("Mine"));
    }
}

#[test]
fn damaged_metadata_are_no_error() {
    let exif = exif();
    for end in 0..exif.len() {
        let bytes = jpeg_with(&exif[..end]);
        inspected(&bytes);
        let _ = position(&bytes);
    }
    for (index, mask) in (0..exif.len()).flat_map(|index| [0x01, 0x80, 0xFF].map(|mask| (index, mask))) {
        let mut flipped = exif.clone();
        flipped[index] ^= mask;
        let bytes = jpeg_with(&flipped);
        inspected(&bytes);
        let _ = position(&bytes);
    }
}

#[test]
fn no_metadata_get_into_a_thumbnail() {
    let made = thumbnail(&jpeg_with(&exif()), &Options::default()).unwrap().bytes;
    let mut markers: Vec<u8> = Vec::new();
    let mut rest: &[u8] = &made[2..];
    while let &[0xFF, marker, high, low, ..] = rest {
        markers.push(marker);
        if marker == 0xDA {
            break;
        }
        rest = &rest[2 + usize::from(u16::from_be_bytes([high, low]))..];
    }
    assert!(markers.contains(&0xDA));
    assert!(!markers.iter().any(|marker| (0xE1..=0xEF).contains(marker) || *marker == 0xFE), "{markers:X?}");
}

#[test]
fn real_cameras_are_read() {
    let Some(files) = common::corpus("photos") else { return };
    let found: Vec<_> = files.iter().map(|path| inspected(&std::fs::read(path).unwrap()).metadata).collect();
    let count =
        |has: fn(&wasm_thumb::Metadata) -> bool| found.iter().filter(|metadata| has(metadata)).count();
    assert!(count(|m| m.camera.is_some()) >= 10, "{found:#?}");
    assert!(count(|m| m.taken_at.is_some()) >= 10, "{found:#?}");
    assert!(count(|m| m.exposure.f_number.is_some()) >= 9, "{found:#?}");
}
