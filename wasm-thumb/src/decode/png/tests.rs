//! Pixels against those of another decoder, of every kind, filter and order, whole and damaged.

use image::DynamicImage;

use super::Opened;
use crate::decode::{Area, Channels, RowSink, Samples};
use crate::{Error, Limits, Options, Size, thumbnail};

/// Keeps all pixels, in 16 bits a sample.
struct Kept {
    wanted: Area,
    size: (u32, u32),
    channels: usize,
    samples: Vec<Option<u16>>,
}

impl RowSink for Kept {
    fn wanted(&self) -> Area {
        self.wanted
    }

    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>) {
        let samples: Vec<u16> = match samples {
            Samples::Eight(samples) => samples.iter().map(|&sample| u16::from(sample) * 257).collect(),
            Samples::Sixteen(samples) => samples.to_vec(),
            Samples::Float(_) => panic!("integers"),
        };
        let columns = (first..self.size.0).step_by(step as usize);
        assert_eq!(samples.len(), columns.len() * self.channels);
        for (x, pixel) in columns.zip(samples.chunks(self.channels)) {
            let at = (y * self.size.0 + x) as usize * self.channels;
            for (kept, &sample) in self.samples[at..].iter_mut().zip(pixel) {
                assert_eq!(kept.replace(sample), None, "a pixel twice");
            }
        }
    }
}

/// The rows `from` to `to`; `None` where nothing was handed over.
fn decoded_rows(bytes: &[u8], rows: (u32, u32)) -> Result<(Channels, Vec<Option<u16>>), Error> {
    let opened = Opened::new(bytes)?;
    let (size, channels) = (opened.dimensions(), opened.channels());
    let len = size.0 as usize * size.1 as usize * channels.count();
    let wanted = Area { columns: (0, size.0), rows };
    let mut kept = Kept { wanted, size, channels: channels.count(), samples: vec![None; len] };
    opened.decode(&mut kept)?;
    Ok((channels, kept.samples))
}

fn decoded(bytes: &[u8]) -> Result<(Channels, Vec<u16>), Error> {
    let (channels, samples) = decoded_rows(bytes, (0, u32::MAX))?;
    Ok((channels, samples.into_iter().map(|sample| sample.expect("every pixel")).collect()))
}

fn assert_as_other(name: &str, bytes: &[u8]) {
    let other = image::load_from_memory(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (channels, samples) = decoded(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected = match channels {
        Channels::Gray => other.to_luma16().into_raw(),
        Channels::GrayAlpha => other.to_luma_alpha16().into_raw(),
        Channels::Rgb => other.to_rgb16().into_raw(),
        _ => other.to_rgba16().into_raw(),
    };
    assert_eq!(other.color().has_color(), matches!(channels, Channels::Rgb | Channels::Rgba), "{name}");
    assert_eq!(other.color().has_alpha(), channels.has_alpha(), "{name}");
    assert!(samples == expected, "{name}");
}

/// Numbers that look like chance.
struct Chance(u32);

impl Chance {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0.to_be_bytes()[0]
    }
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let checked = [kind, data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &checked, &crc32fast::hash(&checked).to_be_bytes()].concat()
}

/// A picture of bytes by chance after the filter `filter`, or after all in turn. Filtered bytes are as good as any,
/// so nothing need be filtered here.
fn picture(
    (kind, depth): (u8, u8),
    (width, height): (u32, u32),
    filter: Option<u8>,
    is_interlaced: bool,
    before: &[(&[u8; 4], &[u8])],
) -> Vec<u8> {
    let bits = [1, 0, 3, 1, 2, 0, 4][usize::from(kind)] * u32::from(depth);
    let passes: &[_] = if is_interlaced { &super::ADAM7 } else { &super::WHOLE };
    let (mut chance, mut rows) = (Chance(width * 7919 + height), Vec::new());
    for &(left, top, across, down) in passes {
        let row_bytes = (width.saturating_sub(left).div_ceil(across) * bits).div_ceil(8);
        for y in (top..height).step_by(down as usize).filter(|_| row_bytes > 0) {
            rows.push(filter.unwrap_or(u8::try_from(y % 5).unwrap()));
            // Some that are alike, so that there is something to compress.
            let alike = chance.byte();
            rows.extend((0..row_bytes).map(|i| if i / 5 % 2 == 0 { alike } else { chance.byte() }));
        }
    }
    let header =
        [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, kind, 0, 0, is_interlaced.into()]];
    let mut bytes = [&b"\x89PNG\r\n\x1A\n"[..], &chunk(b"IHDR", &header.concat())].concat();
    bytes.extend(before.iter().flat_map(|(kind, data)| chunk(*kind, data)));
    let zlib = fdeflate::compress_to_vec(&rows);
    // In pieces of every length, one of them empty.
    let (head, tail) = zlib.split_at(zlib.len() / 3);
    bytes.extend([&head[..1], &head[1..], &[], tail].iter().flat_map(|piece| chunk(b"IDAT", piece)));
    bytes.extend(chunk(b"IEND", &[]));
    bytes
}

const KINDS: [(u8, u8); 15] = [
    (0, 1),
    (0, 2),
    (0, 4),
    (0, 8),
    (0, 16),
    (2, 8),
    (2, 16),
    (3, 1),
    (3, 2),
    (3, 4),
    (3, 8),
    (4, 8),
    (4, 16),
    (6, 8),
    (6, 16),
];

/// Chunks that make some of a picture's colours transparent, and the palette.
fn extras(kind: u8, depth: u8, has_transparency: bool) -> Vec<(&'static [u8; 4], Vec<u8>)> {
    let mut chance = Chance(u32::from(depth));
    // Fewer than there are indices in eight bits: the rest is black.
    let entries = (1_usize << depth.min(8)).min(200);
    let palette = (0..entries * 3).map(|_| chance.byte()).collect();
    let mut chunks = Vec::new();
    if kind == 3 {
        chunks.push((b"PLTE", palette));
    }
    if has_transparency {
        let greatest = u8::try_from((1_u32 << depth.min(8)) - 1).unwrap();
        let gray = [if depth == 16 { 0x4D } else { 0 }, 0x4D & greatest];
        chunks.push((
            b"tRNS",
            if kind == 3 { vec![0, 99] } else { gray.repeat(if kind == 2 { 3 } else { 1 }) },
        ));
    }
    chunks
}

#[test]
fn every_kind_and_filter_and_order_is_as_another_decoder_has_it() {
    for (kind, depth) in KINDS {
        for has_transparency in [false, true] {
            if has_transparency && kind > 3 {
                continue;
            }
            let extras = extras(kind, depth, has_transparency);
            let extras: Vec<_> = extras.iter().map(|(kind, data)| (*kind, data.as_slice())).collect();
            for filter in [None, Some(0), Some(1), Some(2), Some(3), Some(4)] {
                for size in [(1, 1), (3, 2), (5, 9), (17, 13), (64, 40)] {
                    for is_interlaced in [false, true] {
                        let name =
                            format!("{kind} {depth} {has_transparency} {filter:?} {size:?} {is_interlaced}");
                        let bytes = picture((kind, depth), size, filter, is_interlaced, &extras);
                        assert_as_other(&name, &bytes);
                    }
                }
            }
        }
    }
}

#[test]
fn rows_longer_than_the_window_are_whole() {
    for kind in [(2, 8), (6, 16), (0, 1)] {
        assert_as_other("wide", &picture(kind, (70_000, 5), None, false, &[]));
    }
    // More than the window, which therefore moves, and references that reach far back.
    assert_as_other("tall", &picture((2, 8), (100, 3000), None, true, &[]));
    let photo = DynamicImage::from(fixtures::photo(900, 700, 3));
    let mut bytes = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    assert_as_other("photo", bytes.get_ref());
}

#[test]
fn references_reach_as_far_back_as_they_may() {
    // 32 rows of 1,024 bytes as they are, and 300 times 4 matches of 258 bytes, each from 32,768 bytes back.
    let mut chance = Chance(5);
    let rows: Vec<u8> = (0..32 << 10).map(|i| if i % 1024 == 0 { 0 } else { chance.byte() }).collect();
    let mut zlib = [&[0x78, 1, 0, 0, 0x80, 0xFF, 0x7F][..], &rows].concat();
    // A last block of fixed codes; length 285, distance 29 with all its further bits; the end.
    let matches = "11000101 11101 1111111111111".repeat(1200);
    let bits: Vec<u8> = format!("110 {matches} 0000000").bytes().filter(|&bit| bit != b' ').collect();
    zlib.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | (bit - b'0'))));
    zlib.extend([0; 4]);
    let header = [&1023_u32.to_be_bytes()[..], &332_u32.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &zlib), chunk(b"IEND", &[])].concat();
    let bytes = [&b"\x89PNG\r\n\x1A\n"[..], &chunks].concat();
    assert_as_other("far", &bytes);
    let (_, samples) = decoded(&bytes).unwrap();
    assert!(samples.chunks(1023 * 32).all(|rows| samples.starts_with(rows)));
}

#[test]
fn only_the_rows_that_are_wanted_are_handed_over() {
    for is_interlaced in [false, true] {
        let bytes = picture((2, 8), (20, 30), None, is_interlaced, &[]);
        let (_, whole) = decoded(&bytes).unwrap();
        let (_, some) = decoded_rows(&bytes, (7, 19)).unwrap();
        for (row, (some, whole)) in some.chunks(60).zip(whole.chunks(60)).enumerate() {
            let is_wanted = (7..19).contains(&row);
            assert!(
                some.iter().zip(whole).all(|(some, &whole)| *some == is_wanted.then_some(whole)),
                "{row}"
            );
        }
    }
}

#[test]
fn a_colour_is_transparent_only_if_all_its_bits_are() {
    let row = [0x12, 0x34, 0x12, 0x35, 0x13, 0x34];
    let mut header = [3_u32.to_be_bytes(), 1_u32.to_be_bytes()].concat();
    header.extend([16, 0, 0, 0, 0]);
    let zlib = fdeflate::compress_to_vec(&[&[0][..], &row].concat());
    let chunks = [chunk(b"IHDR", &header), chunk(b"tRNS", &[0x12, 0x34]), chunk(b"IDAT", &zlib)].concat();
    let bytes = [&b"\x89PNG\r\n\x1A\n"[..], &chunks].concat();
    let expected = vec![0x1234, 0, 0x1235, 0xFFFF, 0x1334, 0xFFFF];
    assert_eq!(decoded(&bytes).unwrap(), (Channels::GrayAlpha, expected));
}

#[test]
fn impossible_headers_are_refused() {
    let whole = picture((2, 8), (3, 2), None, false, &[]);
    let with_header = |change: &dyn Fn(&mut [u8])| {
        let mut data = whole[16..29].to_vec();
        change(&mut data);
        [&whole[..8], &chunk(b"IHDR", &data), &whole[33..]].concat()
    };
    assert!(decoded(&with_header(&|_| {})).is_ok());
    // A depth or kind that there is not, together or at all; compression, filter, interlacing; no width, no height.
    for (at, value) in
        [(8, 4), (8, 0), (8, 32), (9, 1), (9, 5), (9, 7), (10, 1), (11, 1), (12, 2), (3, 0), (7, 0)]
    {
        let error = decoded(&with_header(&|data| data[at] = value)).unwrap_err();
        assert!(matches!(error, Error::BadHeader { .. }), "{at} {value}: {error}");
    }
    let refused = |chunks: &[Vec<u8>]| decoded(&[&whole[..8], &chunks.concat()].concat()).unwrap_err().code();
    let (header, pixels) = (whole[8..33].to_vec(), whole[33..].to_vec());
    let palette = chunk(b"PLTE", &[1, 2, 3]);
    for chunks in [
        vec![pixels.clone()],
        vec![palette.clone(), header.clone(), pixels.clone()],
        vec![header.clone(), header.clone(), pixels.clone()],
        vec![header.clone(), palette.clone(), palette.clone(), pixels.clone()],
        vec![header.clone(), chunk(b"PLTE", &[]), pixels.clone()],
        vec![header.clone(), chunk(b"PLTE", &[0; 771]), pixels.clone()],
        vec![header.clone(), chunk(b"NEWS", &[]), pixels.clone()],
        vec![header.clone(), chunk(b"IEND", &[]), pixels.clone()],
    ] {
        assert_eq!(refused(&chunks), "corrupt");
    }
    assert!(decoded(&picture((3, 8), (3, 2), None, false, &[])).is_err(), "no palette");
    assert!(decoded(&picture((2, 8), (3, 2), Some(5), false, &[])).is_err(), "no such filter");
    let mut unsigned = whole.clone();
    unsigned[7] = b'\r';
    assert!(decoded(&unsigned).is_err(), "the signature");
}

#[test]
fn fewer_pixels_than_told_are_corrupt_and_more_are_passed_over() {
    let pieces = |rows: &[u8], height: u32| {
        let mut header = [2_u32.to_be_bytes(), height.to_be_bytes()].concat();
        header.extend([8, 0, 0, 0, 0]);
        let pixels = chunk(b"IDAT", &fdeflate::compress_to_vec(rows));
        [&b"\x89PNG\r\n\x1A\n"[..], &chunk(b"IHDR", &header), &pixels, &chunk(b"IEND", &[])].concat()
    };
    let rows = [0, 1, 2, 0, 3, 4];
    assert!(decoded(&pieces(&rows, 2)).is_ok());
    assert!(decoded(&pieces(&rows, 1)).is_ok());
    assert_eq!(decoded(&pieces(&rows, 3)).unwrap_err().code(), "corrupt");
    assert_eq!(decoded(&pieces(&rows[..5], 2)).unwrap_err().code(), "corrupt");
}

#[test]
fn chunks_between_those_of_the_pixels_are_passed_over_if_they_may_be() {
    let whole = picture((2, 8), (30, 20), None, false, &[]);
    let second = whole.windows(4).position(|window| window == b"IDAT").unwrap() + 9;
    let with = |kind| decoded(&[&whole[..second], &chunk(kind, b"between"), &whole[second..]].concat());
    assert_eq!(with(b"teXt").unwrap(), decoded(&whole).unwrap());
    assert_eq!(with(b"NEWS").unwrap_err().code(), "corrupt");
}

#[test]
fn the_checksum_of_the_stream_is_not_looked_at() {
    let whole = picture((0, 8), (9, 9), None, false, &[]);
    let row = [&[0][..], &[7; 9]].concat().repeat(9);
    let mut zlib = fdeflate::compress_to_vec(&row);
    *zlib.last_mut().unwrap() ^= 1;
    let bytes = [&whole[..33], &chunk(b"IDAT", &zlib), &chunk(b"IEND", &[])].concat();
    assert_eq!(decoded(&bytes).unwrap().1, vec![7 * 257; 81]);
}

#[test]
fn damage_anywhere_never_panics() {
    let limits = Limits { max_pixels: 1 << 12, ..Limits::default() };
    let small = Options { size: Size::new(4, 4).unwrap(), limits, ..Options::default() };
    for (kind, depth) in KINDS {
        let extras = extras(kind, depth, kind <= 3);
        let extras: Vec<_> = extras.iter().map(|(kind, data)| (*kind, data.as_slice())).collect();
        let whole = picture((kind, depth), (9, 7), None, depth > 4, &extras);
        let end = whole.windows(4).rposition(|window| window == b"IDAT").unwrap();
        for len in 0..whole.len() {
            assert!(decoded(&whole[..len]).is_err() || len > end, "{kind} {depth} cut to {len}");
        }
        for at in 0..whole.len() {
            for mask in [1, 0x20, 0xFF] {
                let mut damaged = whole.clone();
                damaged[at] ^= mask;
                let _ = thumbnail(&damaged, &small);
                // The same with checksums that are right, so that more than those is asked.
                let _ = thumbnail(&mended(&damaged), &small);
            }
        }
    }
}

/// With the right checksum in every chunk.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let (mut mended, mut rest) = (bytes[..8].to_vec(), &bytes[8..]);
    while let Some(length) = rest.first_chunk().map(|&length| u32::from_be_bytes(length) as usize)
        && let Some((head, tail)) = rest.split_at_checked(length.saturating_add(12))
    {
        mended.extend(chunk(&head[4..8], &head[8..8 + length]));
        rest = tail;
    }
    mended.extend(rest);
    mended
}

#[test]
fn checksums_are_those_of_another_implementation() {
    let crc = super::crc::Crc::new();
    let mut chance = Chance(9);
    let bytes: Vec<u8> = (0..1000).map(|_| chance.byte()).collect();
    for len in (0..100).chain([999, 1000]) {
        assert_eq!(crc.of(&bytes[..len]), crc32fast::hash(&bytes[..len]), "{len}");
    }
}
