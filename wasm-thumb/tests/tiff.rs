//! Every packing and layout of a TIFF shows the same picture, and none that is broken takes long or panics.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::time::{Duration, Instant};

use fax::{Color, VecWriter};
use image::{DynamicImage, RgbImage};
use wasm_thumb::{Error, Limits, Options, thumbnail};

/// Number of tag `Compression` for each packing that is tried.
const PACKINGS: [u16; 5] = [1, 5, 8, 32_946, 32_773];

/// How a file is written.
#[derive(Clone, Copy, Debug)]
struct Way {
    packing: u16,
    is_big_endian: bool,
    /// 64-bit places.
    is_wide: bool,
    /// By the difference from the pixel before.
    is_predicted: bool,
}

impl Way {
    fn number(self, value: u64, bytes: usize) -> Vec<u8> {
        let little = &value.to_le_bytes()[..bytes];
        if self.is_big_endian { little.iter().rev().copied().collect() } else { little.to_vec() }
    }

    /// A file of these tags, whose numbers have 16 bits if they fit in them, and these pieces.
    fn file(self, tags: &[(u16, &[u64])], pieces: &[Vec<u8>], is_tiled: bool) -> Vec<u8> {
        let width = if self.is_wide { 8 } else { 4 };
        let mut bytes = if self.is_big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        bytes.extend(self.number(if self.is_wide { 43 } else { 42 }, 2));
        if self.is_wide {
            bytes.extend(self.number(8, 4));
        }
        let pointer = bytes.len();
        bytes.extend(vec![0; width]);
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        for piece in pieces {
            offsets.push(bytes.len() as u64);
            lengths.push(piece.len() as u64);
            bytes.extend(piece);
        }
        let packing = [u64::from(self.packing)];
        let mut tags = tags.to_vec();
        tags.push((259, &packing));
        tags.push((if is_tiled { 324 } else { 273 }, &offsets));
        tags.push((if is_tiled { 325 } else { 279 }, &lengths));
        if self.is_predicted {
            tags.push((317, &[2]));
        }
        tags.sort_unstable();
        let mut directory = self.number(tags.len() as u64, if self.is_wide { 8 } else { 2 });
        for (tag, values) in tags {
            let is_short = values.iter().all(|&value| value < 65_536);
            let mut data: Vec<u8> =
                values.iter().flat_map(|&value| self.number(value, if is_short { 2 } else { 4 })).collect();
            if data.len() > width {
                let place = bytes.len() as u64;
                bytes.extend(data);
                data = self.number(place, width);
            }
            data.resize(width, 0);
            directory.extend(self.number(tag.into(), 2));
            directory.extend(self.number(if is_short { 3 } else { 4 }, 2));
            directory.extend(self.number(values.len() as u64, width));
            directory.extend(data);
        }
        let place = self.number(bytes.len() as u64, width);
        bytes[pointer..pointer + width].copy_from_slice(&place);
        bytes.extend(directory);
        bytes
    }

    /// Rows of samples of 8 or 16 bits, predicted and packed.
    fn pack(self, rows: &[Vec<u16>], bits: usize, samples: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for row in rows {
            for (index, &sample) in row.iter().enumerate() {
                let before = if self.is_predicted && index >= samples { row[index - samples] } else { 0 };
                bytes.extend(self.number(sample.wrapping_sub(before).into(), bits / 8));
            }
        }
        packed(self.packing, &bytes)
    }
}

fn packed(packing: u16, bytes: &[u8]) -> Vec<u8> {
    match packing {
        5 => weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(bytes).unwrap(),
        8 | 32_946 => fdeflate::compress_to_vec(bytes),
        // Runs of two or more, nothings, and the rest as it is.
        32_773 => bytes
            .chunk_by(|a, b| a == b)
            .flat_map(|run| run.chunks(128))
            .flat_map(|run| match u8::try_from(run.len()).unwrap() {
                1 => vec![128, 0, run[0]],
                count => vec![1_u8.wrapping_sub(count), run[0]],
            })
            .collect(),
        _ => bytes.to_vec(),
    }
}

/// Samples of part of a picture, by rows; zeroes outside of it.
fn part(picture: &RgbImage, place: (u32, u32, u32, u32), samples: &[usize], bits: usize) -> Vec<Vec<u16>> {
    let (left, top, width, height) = place;
    let scale = if bits == 8 { 1 } else { 257 };
    let pixel = |x, y| picture.get_pixel_checked(x, y).map_or([0; 3], |pixel| pixel.0);
    let row = |y| (left..left + width).flat_map(move |x| samples.iter().map(move |&s| pixel(x, y)[s]));
    (top..top + height).map(|y| row(y).map(|value| u16::from(value) * scale).collect()).collect()
}

fn ways() -> Vec<Way> {
    let mut ways = Vec::new();
    for packing in PACKINGS {
        for (is_big_endian, is_wide, is_predicted) in
            [(false, false, false), (true, false, true), (false, true, true), (true, true, false)]
        {
            ways.push(Way { packing, is_big_endian, is_wide, is_predicted });
        }
    }
    ways
}

/// The picture in strips, tiles, planes of strips and planes of tiles.
fn layouts(way: Way, picture: &RgbImage, bits: usize) -> Vec<Vec<u8>> {
    let (width, height) = picture.dimensions();
    let strips: Vec<_> = (0..height).step_by(7).map(|top| (0, top, width, 7.min(height - top))).collect();
    let across = |top| (0..width).step_by(32).map(move |left| (left, top, 32, 16));
    let tiles: Vec<_> = (0..height).step_by(16).flat_map(across).collect();
    let mut files = Vec::new();
    for (places, is_tiled) in [(&strips, false), (&tiles, true)] {
        let depth = [bits as u64; 3];
        let tags: &[(u16, &[u64])] = &[
            (256, &[width.into()]),
            (257, &[height.into()]),
            (258, &depth),
            (262, &[2]),
            (277, &[3]),
            (278, &[7]),
            (322, &[32]),
            (323, &[16]),
        ];
        let together: Vec<_> =
            places.iter().map(|&place| way.pack(&part(picture, place, &[0, 1, 2], bits), bits, 3)).collect();
        files.push(way.file(tags, &together, is_tiled));
        let apart: Vec<_> = [0, 1, 2]
            .iter()
            .flat_map(|&c| {
                places.iter().map(move |&place| way.pack(&part(picture, place, &[c], bits), bits, 1))
            })
            .collect();
        files.push(way.file(&[tags, &[(284, &[2])]].concat(), &apart, is_tiled));
    }
    files
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn shown(bytes: &[u8]) -> Vec<u8> {
    thumbnail(bytes, &common::at(40, 40)).unwrap().bytes
}

#[test]
fn every_packing_and_layout_shows_the_same_picture() {
    let picture = fixtures::photo(83, 61, 5);
    let expected = shown(&png(picture.clone()));
    for way in ways() {
        for bits in [8, 16] {
            for (number, file) in layouts(way, &picture, bits).iter().enumerate() {
                assert!(shown(file) == expected, "{way:?}, {bits} bits, layout {number}");
            }
        }
    }
}

#[test]
fn palettes_are_looked_up() {
    for (bits, is_of_8_bits) in [(1_usize, false), (2, true), (4, false), (8, true), (8, false)] {
        let colours = 1_u32 << bits;
        let colour = |index: u32| [index * 255 / (colours - 1), 255 - index % 200, (index * 37) % 256];
        let index = |x: u32, y: u32| (x * 3 + y * y) % colours;
        let picture = RgbImage::from_fn(51, 40, |x, y| {
            image::Rgb(colour(index(x, y)).map(|value| u8::try_from(value).unwrap()))
        });
        let scale = if is_of_8_bits { 1 } else { 257 };
        let map: Vec<u64> = (0..3)
            .flat_map(|channel| (0..colours).map(move |index| u64::from(colour(index)[channel] * scale)))
            .collect();
        let mut data = vec![0_u8; (51 * bits).div_ceil(8) * 40];
        for (x, y, _) in picture.enumerate_pixels() {
            let place = x as usize * bits;
            data[(51 * bits).div_ceil(8) * y as usize + place / 8] |=
                u8::try_from(index(x, y) << (8 - bits - place % 8)).unwrap();
        }
        let tags: &[(u16, &[u64])] =
            &[(256, &[51]), (257, &[40]), (258, &[bits as u64]), (262, &[3]), (278, &[40]), (320, &map)];
        for packing in PACKINGS {
            let way = Way { packing, is_big_endian: false, is_wide: false, is_predicted: false };
            let file = way.file(tags, &[packed(packing, &data)], false);
            assert!(shown(&file) == shown(&png(picture.clone())), "{bits} bits, {packing}");
        }
        let way = Way { packing: 1, is_big_endian: false, is_wide: false, is_predicted: false };
        let without: Vec<_> = tags.iter().copied().filter(|(tag, _)| *tag != 320).collect();
        let error = thumbnail(&way.file(&without, &[data], false), &Options::default()).unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    }
}

/// A drawing of black and white in strips of 16 rows, as a fax.
fn fax(is_reversed: bool) -> (Vec<u8>, image::GrayImage) {
    let is_black = |x: u32, y: u32| (x / 5 + y / 3).is_multiple_of(3) || x.abs_diff(50) + y.abs_diff(30) < 20;
    let strip = |top: u32| {
        let mut encoder = fax::encoder::Encoder::new(VecWriter::new());
        for y in top..(top + 16).min(61) {
            let colour = |x| if is_black(x, y) { Color::Black } else { Color::White };
            encoder.encode_line((0..101).map(colour), 101).unwrap();
        }
        let bytes = encoder.finish().unwrap().finish();
        bytes.into_iter().map(|byte| if is_reversed { byte.reverse_bits() } else { byte }).collect()
    };
    let strips: Vec<Vec<u8>> = (0..61).step_by(16).map(strip).collect();
    let order = 1 + u64::from(is_reversed);
    let tags: &[(u16, &[u64])] = &[(256, &[101]), (257, &[61]), (262, &[0]), (266, &[order]), (278, &[16])];
    let way = Way { packing: 4, is_big_endian: false, is_wide: false, is_predicted: false };
    let drawing = image::GrayImage::from_fn(101, 61, |x, y| image::Luma([255 * u8::from(!is_black(x, y))]));
    (way.file(tags, &strips, false), drawing)
}

#[test]
fn faxes_are_read() {
    for is_reversed in [false, true] {
        let (file, drawing) = fax(is_reversed);
        assert!(shown(&file) == shown(&png(drawing)), "reversed: {is_reversed}");
    }
}

#[test]
fn broken_files_of_every_kind_are_refused_without_panic() {
    let limits = Limits { max_alloc_bytes: 16 << 20, ..Limits::default() };
    let options = Options { limits, ..common::at(8, 8) };
    let picture = fixtures::photo(35, 18, 5);
    let mut files: Vec<_> = ways().into_iter().flat_map(|way| layouts(way, &picture, 8)).collect();
    files.push(fax(false).0);
    for file in files {
        let step = file.len().div_ceil(150);
        for len in (0..file.len()).rev().step_by(step) {
            let error = thumbnail(&file[..len], &options).unwrap_err();
            assert!(["corrupt", "not_an_image"].contains(&error.code()), "{len}: {error}");
        }
        // The directory is at the end.
        for at in (0..file.len()).step_by(step).chain(file.len() - 200..file.len()) {
            for mask in [0x01, 0x80, 0xFF] {
                let mut flipped = file.clone();
                flipped[at] ^= mask;
                let _ = thumbnail(&flipped, &options);
            }
        }
    }
}

#[test]
fn tiles_that_share_bytes_do_not_multiply_work() {
    // What is not a pixel, again and again, before the one that is.
    let padded = |nothing: &[u8], pixel: &[u8]| [&nothing.repeat(1 << 20), pixel].concat();
    let stored = padded(&[0, 0, 0, 0xFF, 0xFF], &[1, 1, 0, 0xFE, 0xFF, 9]);
    for (packing, data) in [(32_773, padded(&[128], &[0, 9])), (8, [&[0x78, 0x01], &stored[..]].concat())] {
        let way = Way { packing, is_big_endian: false, is_wide: false, is_predicted: false };
        let tags: &[(u16, &[u64])] =
            &[(256, &[300]), (257, &[300]), (258, &[8]), (262, &[1]), (322, &[1]), (323, &[1])];
        // As many tiles as pixels, which are then told to be at the place of the first.
        let mut pieces = vec![Vec::new(); 300 * 300];
        pieces[0].clone_from(&data);
        let mut file = way.file(tags, &pieces, true);
        let length = u32::try_from(data.len()).unwrap();
        let after = (8 + length).to_le_bytes();
        let offsets = file.windows(4).position(|window| window == after).unwrap() - 4;
        let lengths = offsets + 4 * pieces.len();
        assert_eq!(file[lengths..lengths + 4], length.to_le_bytes());
        for tile in 0..pieces.len() {
            file.copy_within(offsets..offsets + 4, offsets + 4 * tile);
            file.copy_within(lengths..lengths + 4, lengths + 4 * tile);
        }
        let start = Instant::now();
        let error = thumbnail(&file, &Options::default()).unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(2), "{packing}: {:?}", start.elapsed());
    }
}

#[test]
fn samples_that_are_not_read_are_called_unsupported_and_image_reads_none_of_them() {
    // Meaning, bits and samples: CIE L*a*b* in two ways, YCbCr, a palette of 65,536, whole numbers of 32 bits.
    for (meaning, bits, samples) in [(8, 8u16, 3), (9, 8, 3), (6, 8, 3), (3, 16, 1), (1, 32, 1), (2, 32, 3)] {
        let depths = vec![u64::from(bits); samples];
        let map = vec![7; if meaning == 3 { 3 << 16 } else { 1 }];
        let tags: &[(u16, &[u64])] = &[
            (256, &[6]),
            (257, &[5]),
            (258, &depths),
            (262, &[meaning]),
            (277, &[samples as u64]),
            (278, &[5]),
            (320, &map),
        ];
        let way = Way { packing: 1, is_big_endian: false, is_wide: false, is_predicted: false };
        let file = way.file(tags, &[vec![100; 6 * 5 * samples * usize::from(bits) / 8]], false);
        let error = thumbnail(&file, &Options::default()).unwrap_err();
        assert_eq!(error.code(), "unsupported_format", "{meaning}, {bits} bits: {error}");
        assert!(image::load_from_memory(&file).is_err(), "{meaning}, {bits} bits");
    }
}
