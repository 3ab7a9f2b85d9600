//! Every variant of a format shows what another decoder sees in it.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::io::Cursor;

use common::{assert_near, at, pixels_of};
use image::{DynamicImage, ImageFormat, RgbImage};
use wasm_thumb::{Options, thumbnail};

/// A picture as the engine is known to read it.
fn plain(picture: &DynamicImage) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    DynamicImage::from(picture.to_rgba16()).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Fails unless the thumbnail is that of what `image` decodes.
fn assert_as_image_decodes(name: &str, bytes: &[u8]) {
    let picture = image::load_from_memory(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_shows(name, bytes, &picture);
}

fn assert_shows(name: &str, bytes: &[u8], picture: &DynamicImage) {
    for (width, height) in [(100, 100), (37, 11), (3, 3)] {
        let made = thumbnail(bytes, &at(width, height)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = thumbnail(&plain(picture), &at(width, height)).unwrap();
        assert!(made.bytes == expected.bytes, "{name} at {width}×{height}");
    }
}

/// A photo with a transparent corner, in several sizes.
fn pictures() -> impl Iterator<Item = DynamicImage> {
    [(1, 1), (7, 5), (64, 48), (201, 333)].into_iter().map(|(width, height)| {
        let mut picture = DynamicImage::from(fixtures::photo(width, height, 5)).to_rgba16();
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            pixel.0 = pixel.0.map(|value| value ^ u16::try_from((x * 7 + y * 13) % 200).unwrap());
            pixel.0[3] = if x < width / 3 { u16::try_from(x * 700 % 65_536).unwrap() } else { u16::MAX };
        }
        DynamicImage::from(picture)
    })
}

#[test]
fn every_kind_of_sample_is_read() {
    for picture in pictures() {
        let kinds = [
            DynamicImage::from(picture.to_luma8()),
            DynamicImage::from(picture.to_luma_alpha8()),
            DynamicImage::from(picture.to_rgb8()),
            DynamicImage::from(picture.to_rgba8()),
            DynamicImage::from(picture.to_luma16()),
            DynamicImage::from(picture.to_luma_alpha16()),
            DynamicImage::from(picture.to_rgb16()),
            picture.clone(),
        ];
        for kind in kinds {
            let name = format!("{:?} {}×{}", kind.color(), kind.width(), kind.height());
            assert_shows(&format!("png {name}"), &encoded(&kind, ImageFormat::Png), &kind);
            let has_two = kind.color().channel_count() == 2;
            if !has_two {
                assert_as_image_decodes(&format!("tiff {name}"), &encoded(&kind, ImageFormat::Tiff));
            }
            if kind.color().bytes_per_pixel() == kind.color().channel_count() && !has_two {
                assert_as_image_decodes(&format!("bmp {name}"), &encoded(&kind, ImageFormat::Bmp));
            }
        }
        assert_as_image_decodes("gif", &encoded(&DynamicImage::from(picture.to_rgba8()), ImageFormat::Gif));
        let float = DynamicImage::from(picture.to_rgb32f());
        assert_as_image_decodes("tiff of floats", &encoded(&float, ImageFormat::Tiff));
    }
}

/// Chunks of a PNG of 8-bit red, green and blue with pixels of zlib's kind that is not compressed.
fn png(width: u32, height: u32, is_interlaced: bool, rows: &[u8], before: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, u8::from(is_interlaced)]);
    let mut zlib = vec![0x78, 0x01];
    let mut blocks = rows.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap();
        zlib.push(u8::from(blocks.peek().is_none()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    let (a, b) = rows.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    zlib.extend((b << 16 | a).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1A\n".to_vec();
    let mut chunks = vec![(b"IHDR", header.as_slice())];
    chunks.extend(before);
    chunks.extend([(b"IDAT", zlib.as_slice()), (b"IEND", &[])]);
    for (kind, data) in chunks {
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let start = png.len();
        png.extend(kind);
        png.extend(data);
        let sum = crc32fast::hash(&png[start..]);
        png.extend(sum.to_be_bytes());
    }
    png
}

/// Rows as they are stored, each after its filter, which is none.
fn stored(picture: &RgbImage, (left, top, across, down): (u32, u32, usize, usize)) -> Vec<u8> {
    let mut bytes = Vec::new();
    for y in (top..picture.height()).step_by(down) {
        let row: Vec<u8> =
            (left..picture.width()).step_by(across).flat_map(|x| picture.get_pixel(x, y).0).collect();
        if !row.is_empty() {
            bytes.push(0);
            bytes.extend(row);
        }
    }
    bytes
}

/// Rows as they are stored in the passes of Adam7.
fn interlaced(picture: &RgbImage) -> Vec<u8> {
    // First column and row of each, and the steps.
    let passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    passes.iter().flat_map(|&pass| stored(picture, pass)).collect()
}

#[test]
fn whole_chunks_of_too_few_pixels_or_of_unknown_filters_are_refused() {
    let picture = fixtures::photo(13, 11, 5);
    for (is_interlaced, rows) in [(true, interlaced(&picture)), (false, stored(&picture, (0, 0, 1, 1)))] {
        assert!(thumbnail(&png(13, 11, is_interlaced, &rows, &[]), &Options::default()).is_ok());
        for len in 0..rows.len() {
            let cut = png(13, 11, is_interlaced, &rows[..len], &[]);
            let error = thumbnail(&cut, &at(13, 11)).unwrap_err();
            assert_eq!(error.code(), "corrupt", "{len} of {}: {error}", rows.len());
        }
        let mut unknown = rows.clone();
        unknown[0] = 5;
        let error = thumbnail(&png(13, 11, is_interlaced, &unknown, &[]), &at(13, 11)).unwrap_err();
        assert_eq!(error.code(), "corrupt", "{error}");
    }
}

#[test]
fn interlaced_pngs_show_what_the_others_show() {
    for (width, height) in
        (1..=9).flat_map(|w| [1, 2, 3, 5, 9].map(|h| (w, h))).chain([(320, 200), (99, 410)])
    {
        let picture = fixtures::photo(width, height, 5);
        let laced = interlaced(&picture);
        let whole = stored(&picture, (0, 0, 1, 1));
        for size in [Options::default(), at(5, 3)] {
            let made = thumbnail(&png(width, height, true, &laced, &[]), &size).unwrap();
            let expected = thumbnail(&png(width, height, false, &whole, &[]), &size).unwrap();
            assert!(made.bytes == expected.bytes, "{width}×{height}");
        }
    }
}

fn middle_of(chunks: &[(&[u8; 4], &[u8])]) -> [u8; 3] {
    let picture = fixtures::solid(20, 20, [200, 100, 50]);
    let bytes = png(20, 20, false, &stored(&picture, (0, 0, 1, 1)), chunks);
    pixels_of(&bytes, &at(20, 20))[210]
}

fn numbers(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

#[test]
fn colours_of_a_png_are_told_as_browsers_take_them() {
    let srgb = [200, 100, 50];
    let gamma = |value| numbers(&[value]);
    let chromaticities =
        |r: [u32; 2], g: [u32; 2], b: [u32; 2]| numbers(&[[31_270, 32_900], r, g, b].concat());
    let own = chromaticities([64_000, 33_000], [30_000, 60_000], [15_000, 6_000]);
    let p3 = chromaticities([68_000, 32_000], [26_500, 69_000], [15_000, 6_000]);
    assert_near(middle_of(&[]), srgb, 2);
    assert_near(middle_of(&[(b"gAMA", &gamma(45_455)), (b"cHRM", &own)]), srgb, 2);
    // Linear light of 200, 100 and 50 of 255.
    assert_near(middle_of(&[(b"gAMA", &gamma(100_000))]), [229, 168, 122], 2);
    // What is said to be sRGB is that.
    assert_near(middle_of(&[(b"sRGB", &[0]), (b"gAMA", &gamma(100_000))]), srgb, 2);
    // By the formula: the same colour has more red in the smaller space.
    let wide = [215, 93, 31];
    assert_near(middle_of(&[(b"gAMA", &gamma(45_455)), (b"cHRM", &p3)]), wide, 3);
    assert_near(middle_of(&[(b"cICP", &[12, 13, 0, 1])]), wide, 3);
    // The coding point comes first of all.
    assert_near(middle_of(&[(b"cICP", &[1, 13, 0, 1]), (b"gAMA", &gamma(100_000))]), srgb, 2);
    for nonsense in [[0; 2], [1; 2], [u32::MAX; 2]] {
        let chunk = chromaticities(nonsense, nonsense, nonsense);
        middle_of(&[(b"gAMA", &gamma(nonsense[0])), (b"cHRM", &chunk)]);
    }
}

#[test]
fn damaged_chunks_matter_only_where_pixels_need_them() {
    let picture = fixtures::solid(20, 20, [200, 100, 50]);
    let rows = stored(&picture, (0, 0, 1, 1));
    let whole = png(20, 20, false, &rows, &[(b"gAMA", &numbers(&[100_000]))]);
    let place = |kind: &[u8]| whole.windows(4).position(|window| window == kind).unwrap();
    let mut damaged = whole.clone();
    damaged[place(b"gAMA") + 4] ^= 1;
    assert_near(pixels_of(&damaged, &at(20, 20))[0], [200, 100, 50], 2);
    for kind in [b"IHDR", b"IDAT"] {
        let mut damaged = whole.clone();
        let sum = place(kind) - 4;
        let length = u32::from_be_bytes(damaged[sum..sum + 4].try_into().unwrap()) as usize;
        damaged[sum + 8 + length] ^= 1;
        let error = thumbnail(&damaged, &Options::default()).unwrap_err();
        assert_eq!(error.code(), "corrupt", "{kind:?}: {error}");
    }
}

#[test]
fn what_lies_below_a_crop_is_not_decoded_but_has_to_be_there() {
    let picture = fixtures::photo(100, 1000, 5);
    let whole = png(100, 1000, false, &stored(&picture, (0, 0, 1, 1)), &[]);
    assert!(thumbnail(&whole, &Options::default()).is_ok());
    let cut = &whole[..whole.len() * 9 / 10];
    assert_eq!(thumbnail(cut, &Options::default()).unwrap_err().code(), "corrupt");
}

/// A TIFF of little-endian words with these tags, each of numbers of 16 or 32 bits, and these pieces of data.
fn tiff(tags: &[(u16, &[u32])], pieces: &[Vec<u8>], is_tiled: bool) -> Vec<u8> {
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    let mut places = Vec::new();
    for piece in pieces {
        places.push((u32::try_from(bytes.len()).unwrap(), u32::try_from(piece.len()).unwrap()));
        bytes.extend(piece);
    }
    let offsets: Vec<u32> = places.iter().map(|place| place.0).collect();
    let lengths: Vec<u32> = places.iter().map(|place| place.1).collect();
    let mut tags: Vec<(u16, Vec<u32>)> = tags.iter().map(|(tag, values)| (*tag, values.to_vec())).collect();
    tags.push((if is_tiled { 324 } else { 273 }, offsets));
    tags.push((if is_tiled { 325 } else { 279 }, lengths));
    tags.sort();
    let mut directory = u16::try_from(tags.len()).unwrap().to_le_bytes().to_vec();
    for (tag, values) in &tags {
        directory.extend(tag.to_le_bytes());
        // Tables of JPEG are bytes, the kind of alpha is of 16 bits; the others may be of 32.
        let is_bytes = *tag == 347;
        let kind = match *tag {
            338 => 3_u16,
            347 => 7,
            _ => 4,
        };
        directory.extend(kind.to_le_bytes());
        directory.extend(u32::try_from(values.len()).unwrap().to_le_bytes());
        if is_bytes {
            directory.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
            bytes.extend(values.iter().map(|&value| u8::try_from(value).unwrap()));
        } else if let [value] = values[..] {
            directory.extend(value.to_le_bytes());
        } else {
            directory.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
    }
    let start = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    bytes[4..8].copy_from_slice(&start);
    bytes.extend(directory);
    bytes.extend([0; 4]);
    bytes
}

/// Part of a picture, as bytes of the samples named; outside of the picture zeroes.
fn part(picture: &RgbImage, (left, top, width, height): (u32, u32, u32, u32), samples: &[usize]) -> Vec<u8> {
    let pixels = (top..top + height).flat_map(|y| (left..left + width).map(move |x| (x, y)));
    let value = |(x, y)| picture.get_pixel_checked(x, y).map_or([0; 3], |pixel| pixel.0);
    pixels.flat_map(|place| samples.iter().map(move |&sample| value(place)[sample])).collect()
}

#[test]
fn tiles_and_planes_of_a_tiff_are_put_together() {
    for (width, height) in [(100, 60), (33, 49), (16, 16), (150, 40)] {
        let picture = fixtures::photo(width, height, 5);
        let shown = DynamicImage::from(picture.clone());
        let tiles: Vec<_> = (0..height)
            .step_by(16)
            .flat_map(|top| (0..width).step_by(32).map(move |left| (left, top, 32, 16)))
            .collect();
        let common: &[(u16, &[u32])] = &[(256, &[width]), (257, &[height]), (258, &[8, 8, 8]), (277, &[3])];
        let in_tiles = [common, &[(262, &[2]), (322, &[32]), (323, &[16])]].concat();
        let pieces: Vec<_> = tiles.iter().map(|&tile| part(&picture, tile, &[0, 1, 2])).collect();
        assert_shows("tiles", &tiff(&in_tiles, &pieces, true), &shown);
        let planar = [&in_tiles[..], &[(284, &[2])]].concat();
        let pieces: Vec<_> =
            [0, 1, 2].iter().flat_map(|&c| tiles.iter().map(move |&tile| (tile, c))).collect();
        let pieces: Vec<_> = pieces.iter().map(|&(tile, c)| part(&picture, tile, &[c])).collect();
        assert_shows("planes of tiles", &tiff(&planar, &pieces, true), &shown);
        let strips: Vec<_> = (0..height).step_by(7).map(|top| (0, top, width, 7.min(height - top))).collect();
        let striped = [common, &[(262, &[2]), (278, &[7])]].concat();
        let pieces: Vec<_> = strips.iter().map(|&strip| part(&picture, strip, &[0, 1, 2])).collect();
        assert_shows("strips", &tiff(&striped, &pieces, false), &shown);
    }
}

#[test]
fn tiffs_of_few_bits_and_of_white_for_zero_are_read() {
    let (width, height) = (51, 40);
    for bits in [1, 2, 4, 8] {
        let most = (1_u32 << bits) - 1;
        let value = |x: u32, y: u32| (x * 3 + y * 5 + x * y) & most;
        let row = |y: u32| {
            let mut bytes = vec![0_u8; (width as usize * bits).div_ceil(8)];
            for x in 0..width {
                let place = x as usize * bits;
                bytes[place / 8] |= u8::try_from(value(x, y) << (8 - bits - place % 8)).unwrap();
            }
            bytes
        };
        let data: Vec<u8> = (0..height).flat_map(row).collect();
        for is_white_zero in [true, false] {
            let tags: &[(u16, &[u32])] = &[
                (256, &[width]),
                (257, &[height]),
                (258, &[u32::try_from(bits).unwrap()]),
                (262, &[u32::from(!is_white_zero)]),
                (278, &[height]),
            ];
            let shown = image::GrayImage::from_fn(width, height, |x, y| {
                let value = if is_white_zero { most - value(x, y) } else { value(x, y) };
                image::Luma([u8::try_from(value * 255 / most).unwrap()])
            });
            let name = format!("{bits} bits, white is zero: {is_white_zero}");
            assert_shows(&name, &tiff(tags, std::slice::from_ref(&data), false), &shown.into());
        }
    }
}

#[test]
fn alpha_that_colours_were_multiplied_with_is_taken_out() {
    let tags: &[(u16, &[u32])] =
        &[(256, &[8]), (257, &[8]), (258, &[8; 4]), (262, &[2]), (277, &[4]), (278, &[8]), (338, &[1])];
    let bytes = tiff(tags, &[[100, 50, 25, 128].repeat(64)], false);
    let shown = image::RgbaImage::from_pixel(8, 8, image::Rgba([199, 100, 50, 128]));
    assert_shows("associated alpha", &bytes, &shown.into());
}

#[test]
fn jpegs_inside_a_tiff_are_read() {
    let jpeg = fixtures::photo_jpeg(96, 80, 3);
    let common: &[(u16, &[u32])] =
        &[(256, &[96]), (257, &[80]), (258, &[8, 8, 8]), (259, &[7]), (262, &[6]), (277, &[3]), (278, &[80])];
    let made = thumbnail(&tiff(common, std::slice::from_ref(&jpeg), false), &Options::default()).unwrap();
    assert!(made.bytes == thumbnail(&jpeg, &Options::default()).unwrap().bytes);
    // Its tables, from the first to the frame header, are told once for all strips.
    let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    let tables = [&jpeg[..frame], &[0xFF, 0xD9]].concat();
    let rest = [&[0xFF, 0xD8], &jpeg[frame..]].concat();
    let values: Vec<u32> = tables.iter().map(|&byte| byte.into()).collect();
    let bytes = tiff(&[common, &[(347, &values)]].concat(), &[rest], false);
    match thumbnail(&bytes, &Options::default()) {
        Ok(shared) => assert!(shared.bytes == made.bytes),
        Err(error) => panic!("tables apart: {error}"),
    }
    // A piece that claims to be far larger than it says.
    let mut flood = jpeg.clone();
    flood[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    let error = thumbnail(&tiff(common, &[flood], false), &Options::default()).unwrap_err();
    assert_eq!(error.code(), "corrupt", "{error}");
}

/// A bitmap of these header fields, palette and data.
fn bmp(width: i32, height: i32, bits: u16, coding: u32, palette: &[[u8; 4]], data: &[u8]) -> Vec<u8> {
    let offset = u32::try_from(54 + 4 * palette.len()).unwrap();
    let mut bytes = b"BM\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend(offset.to_le_bytes());
    bytes.extend(40_u32.to_le_bytes());
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(coding.to_le_bytes());
    bytes.extend([0; 12]);
    bytes.extend(u32::try_from(palette.len()).unwrap().to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(palette.as_flattened());
    bytes.extend(data);
    bytes
}

#[test]
fn run_lengths_of_a_bitmap_are_followed() {
    let palette: Vec<[u8; 4]> = (0..16).map(|i| [i * 16, 255 - i * 10, i * 3, 0]).collect();
    // A run, indices as they are with padding, the end of a row, a jump, runs again, the end.
    let eight = [5, 3, 0, 3, 1, 2, 9, 0, 0, 0, 2, 4, 4, 1, 0, 2, 1, 1, 7, 2, 0, 0, 10, 15, 0, 1];
    assert_as_image_decodes("8 bits", &bmp(10, 6, 8, 1, &palette, &eight));
    let four = [5, 0x3A, 0, 5, 0x12, 0x9F, 0x40, 0, 0, 0, 4, 0x41, 0, 2, 1, 1, 3, 0x21, 0, 0, 10, 0xF0, 0, 1];
    assert_as_image_decodes("4 bits", &bmp(10, 6, 4, 2, &palette, &four));
    for len in 0..eight.len() - 2 {
        let cut = bmp(10, 6, 8, 1, &palette, &eight[..len]);
        assert_eq!(thumbnail(&cut, &Options::default()).unwrap_err().code(), "corrupt", "{len}");
    }
}

#[test]
fn the_corpus_shows_what_image_decodes() {
    for folder in ["gif", "bmp", "tiff", "png"] {
        for path in common::corpus(folder).unwrap_or_default() {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.display().to_string();
            // Those that tell their colours in a way that `image` does not follow, or inks, or wrong alpha.
            let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
            let has_colours =
                [&b"gAMA"[..], b"cHRM", b"iCCP", b"ICC_PROFILE", b"acsp"].iter().any(|word| has(word));
            if has_colours || name.contains("cmyk") || name.contains("hpredict") {
                continue;
            }
            let Ok(picture) = image::load_from_memory(&bytes) else { continue };
            let made =
                thumbnail(&bytes, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let turned = thumbnail(&plain(&picture), &Options::default()).unwrap();
            if made.orientation == wasm_thumb::Orientation::TopLeft {
                assert!(made.bytes == turned.bytes, "{name}");
            }
        }
    }
}

#[test]
fn a_gif_that_does_not_fill_its_screen_is_transparent_around() {
    let mut bytes = b"GIF89a\x14\0\x14\0\x80\0\0\xFF\0\0\0\0\xFF".to_vec();
    // One pixel of the first colour at (5, 5): clear, 0, end.
    bytes.extend(b",\x05\0\x05\0\x01\0\x01\0\0\x02\x02\x44\x01\0;");
    let pixels = pixels_of(&bytes, &at(20, 20));
    assert_near(pixels[15 * 20 + 15], [255; 3], 3);
    assert_ne!(pixels[5 * 20 + 5], [255; 3]);
    assert_as_image_decodes("gif", &bytes);
}
