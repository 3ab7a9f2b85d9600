//! Pixels against those of another decoder.

mod written;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::codecs::webp::WebPDecoder;

use super::Opened;
use crate::decode::{Area, Channels, RowSink, Samples, Scale};
use crate::{Error, Limits};

/// Keeps all rows.
struct Kept {
    wanted: Area,
    channels: usize,
    bytes: Vec<u8>,
    next: u32,
}

impl RowSink for Kept {
    fn wanted(&self) -> Area {
        self.wanted
    }

    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>) {
        let Samples::Eight(samples) = samples else { panic!("8 bits") };
        assert_eq!((y, first, step), (self.next, self.wanted.columns.0, 1));
        self.next += 1;
        let width = (self.wanted.columns.1 - self.wanted.columns.0) as usize;
        assert_eq!(samples.len(), width * self.channels);
        self.bytes.extend_from_slice(samples);
    }
}

/// A part of the picture at a scale.
fn decode(file: &[u8], scale: Scale, part: Option<Area>) -> Result<Vec<u8>, Error> {
    let opened = Opened::new(file)?;
    let (width, height) = opened.dimensions();
    let side = |side: u32| (0, side.div_ceil(scale.denominator()));
    let wanted = part.unwrap_or(Area { columns: side(width), rows: side(height) });
    let mut kept =
        Kept { wanted, channels: opened.channels().count(), bytes: Vec::new(), next: wanted.rows.0 };
    opened.decode(scale, &Limits::default(), &mut kept)?;
    assert_eq!(kept.next, wanted.rows.1);
    Ok(kept.bytes)
}

/// The same picture by another decoder.
fn reference(file: &[u8], channels: Channels) -> Option<Vec<u8>> {
    let decoder = WebPDecoder::new(Cursor::new(file)).ok()?;
    let picture = image::DynamicImage::from_decoder(decoder).ok()?;
    Some(if channels == Channels::Rgb { picture.to_rgb8().into_raw() } else { picture.to_rgba8().into_raw() })
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "webp"))
        .map(|path| (path.file_stem().unwrap().display().to_string(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Those that come with the tests.
fn small_files() -> Vec<(String, Vec<u8>)> {
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/webp"));
    assert!(files.len() > 15);
    files
}

fn small_file(name: &str) -> Vec<u8> {
    small_files().into_iter().find(|(file, _)| file == name).unwrap().1
}

/// Those and what a folder of real pictures has.
fn all_files() -> Vec<(String, Vec<u8>)> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let real = files(&std::env::var_os("IMAGASAUR_CORPUS").map_or(default, PathBuf::from).join("webp"));
    if real.is_empty() {
        eprintln!("skipped: real pictures, of which IMAGASAUR_CORPUS names no folder");
    }
    [small_files(), real].concat()
}

/// Whether two pixels are the same. The other decoder rounds where it lays a frame on an empty canvas: there, what
/// can be seen of a difference counts.
fn are_alike(a: &[u8], b: &[u8], is_animation: bool) -> bool {
    let differs = |a: u8, b: u8, alpha: u8| u32::from(a.abs_diff(b)) * u32::from(alpha) > 255;
    a == b
        || is_animation
            && matches!((a, b), (&[r, g, b, a], &[r2, g2, b2, a2])
                if a == a2 && !differs(r, r2, a) && !differs(g, g2, a) && !differs(b, b2, a))
}

#[test]
fn pixels_are_those_of_another_decoder() {
    let mut wrong = Vec::new();
    for (name, file) in all_files() {
        let opened = Opened::new(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let channels = opened.channels();
        let expected = reference(&file, channels).unwrap_or_else(|| panic!("{name}: no reference"));
        let pixels = decode(&file, Scale::Full, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(pixels.len(), expected.len(), "{name}");
        let is_animation = file.windows(4).any(|bytes| bytes == b"ANMF");
        let pairs = pixels.chunks(channels.count()).zip(expected.chunks(channels.count()));
        let different: Vec<_> =
            pairs.enumerate().filter(|(_, (a, b))| !are_alike(a, b, is_animation)).collect();
        if let Some(first) = different.first() {
            wrong.push(format!("{name}: {} of {}, first {first:?}", different.len(), pixels.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lossless_pixels_are_those_that_were_encoded() {
    for (width, height) in [(1, 1), (3, 2), (200, 150)] {
        let picture = fixtures::photo(width, height, 3);
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, image::ImageFormat::WebP).unwrap();
        assert!(
            decode(&file.into_inner(), Scale::Full, None).unwrap() == picture.into_raw(),
            "{width}×{height}"
        );
    }
}

#[test]
fn a_part_is_the_same_as_in_the_whole() {
    for (name, file) in small_files() {
        let opened = Opened::new(&file).unwrap();
        let (channels, is_shrunk) = (opened.channels().count(), opened.scale(8.0) == Scale::Eighth);
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            if scale != Scale::Full && !is_shrunk {
                continue;
            }
            let side = |side: u32| side.div_ceil(scale.denominator());
            let (width, height) = (side(77), side(61));
            let whole = decode(&file, scale, None).unwrap();
            let part = Area { columns: (width / 3, width - 1), rows: (height / 2, height - height / 4) };
            let rows =
                whole.chunks(width as usize * channels).take(part.rows.1 as usize).skip(part.rows.0 as usize);
            let columns = part.columns.0 as usize * channels..part.columns.1 as usize * channels;
            let expected: Vec<u8> = rows.flat_map(|row| row[columns.clone()].to_vec()).collect();
            assert!(decode(&file, scale, Some(part)).unwrap() == expected, "{name} at {scale:?}");
        }
    }
}

/// The mean difference between samples at a scale and averages of those at full scale.
fn mean_difference(file: &[u8], scale: Scale) -> f64 {
    let (width, height) = Opened::new(file).unwrap().dimensions();
    let (width, height, side) = (width as usize, height as usize, scale.denominator() as usize);
    let (full, small) = (decode(file, Scale::Full, None).unwrap(), decode(file, scale, None).unwrap());
    let (across, down) = (width / side, height / side);
    let mut sum = 0.0;
    for (y, x, channel) in
        (0..down).flat_map(|y| (0..across).flat_map(move |x| (0..3).map(move |channel| (y, x, channel))))
    {
        let square = (0..side * side).map(|n| {
            let (row, column) = (side * y + n / side, side * x + n % side);
            f64::from(full[3 * (row * width + column) + channel])
        });
        let average = square.sum::<f64>() / f64::from(scale.denominator().pow(2));
        sum += (average - f64::from(small[3 * (y * width.div_ceil(side) + x) + channel])).abs();
    }
    sum / f64::from(u32::try_from(3 * across * down).unwrap())
}

#[test]
fn smaller_scales_are_averages() {
    // Sharp edges of colour, of which full scale makes soft ones, are most of the difference.
    for name in ["no-filter", "lossy", "high"] {
        let file = small_file(name);
        for (scale, most) in [(Scale::Half, 4.8), (Scale::Quarter, 2.6), (Scale::Eighth, 1.1)] {
            let difference = mean_difference(&file, scale);
            assert!(difference < most, "{name} at {scale:?}: {difference}");
        }
    }
}

#[test]
fn what_is_cut_off_late_is_left_blank_and_early_is_an_error() {
    for name in ["lossy", "partitions", "lossless", "lossless-alpha"] {
        let file = small_file(name);
        let whole = decode(&file, Scale::Full, None).unwrap();
        let cut = decode(&file[..file.len() - file.len() / 50], Scale::Full, None).unwrap();
        assert_eq!(cut.len(), whole.len());
        assert!(cut[..whole.len() / 2] == whole[..whole.len() / 2], "{name}");
        let last = if name.ends_with("alpha") { 0 } else { 255 };
        assert!(cut[whole.len() - 77 * 3..].iter().all(|sample| *sample == last), "{name}");
        let half = decode(&file[..file.len() / 2], Scale::Full, None);
        assert!(matches!(half, Err(Error::Truncated { .. })), "{name}: {half:?}");
    }
}

#[test]
fn files_cut_anywhere_are_pictures_or_errors() {
    for (name, file) in small_files() {
        // The first bytes are headers and tables; of what follows some cuts are enough.
        for len in (0..file.len()).filter(|len| *len < 400 || len % 7 == 0) {
            let result = decode(&file[..len], Scale::Full, None);
            assert!(result.is_err() || len > file.len() / 3, "{name} cut to {len} bytes");
        }
    }
}

/// A generator of numbers without a pattern (Marsaglia's xorshift, 2003).
fn random(state: &mut u32) -> u32 {
    for shift in [13, -17, 5] {
        *state ^= if shift > 0 { *state << shift } else { *state >> -shift };
    }
    *state
}

#[test]
fn files_with_changed_bytes_are_pictures_or_errors() {
    let mut state = 1;
    for (_, file) in small_files() {
        for _ in 0..300 {
            let mut file = file.clone();
            for _ in 0..=random(&mut state) % 4 {
                // Headers are the most likely to be misunderstood.
                let len = if random(&mut state).is_multiple_of(2) { 60 } else { file.len() };
                let at = random(&mut state) as usize % len.min(file.len());
                file[at] = random(&mut state).to_le_bytes()[0];
            }
            let Ok(opened) = Opened::new(&file) else { continue };
            let (width, height) = opened.dimensions();
            if width * height < 1 << 16 {
                let scale = opened.scale(f64::from(random(&mut state) % 9));
                let _ = decode(&file, scale, None);
            }
        }
    }
}

/// A chunk, padded.
fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = [&kind[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// A file of an extended header and chunks.
fn extended(flags: u8, (width, height): (u32, u32), chunks: &[Vec<u8>]) -> Vec<u8> {
    let less_one = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let header = [vec![flags, 0, 0, 0], less_one(width), less_one(height)].concat();
    let body = [b"WEBP".to_vec(), chunk(*b"VP8X", &header), chunks.concat()].concat();
    chunk(*b"RIFF", &body)
}

#[test]
fn the_first_frame_of_an_animation_is_put_on_a_transparent_canvas() {
    for name in ["lossy", "alpha", "lossless"] {
        let picture = small_file(name);
        let whole = decode(&picture, Scale::Full, None).unwrap();
        let channels = Opened::new(&picture).unwrap().channels().count();
        let chunks = if name == "alpha" { &picture[30..] } else { &picture[12..] };
        // At column 6 and row 10, of 77×61 pixels.
        let place = [3, 0, 0, 5, 0, 0, 76, 0, 0, 60, 0, 0, 0, 0, 0, 0];
        let frame = chunk(*b"ANMF", &[&place[..], chunks].concat());
        let chunks = [chunk(*b"ODD ", b"odd"), chunk(*b"ANIM", &[255; 6]), frame];
        let file = extended(0x02, (100, 80), &chunks);
        let canvas = decode(&file, Scale::Full, None).unwrap();
        for (n, pixel) in canvas.as_chunks::<4>().0.iter().enumerate() {
            let (x, y) = ((n % 100).wrapping_sub(6), (n / 100).wrapping_sub(10));
            if x < 77 && y < 61 {
                let expected = &whole[(y * 77 + x) * channels..][..channels];
                let alpha = if channels == 4 { pixel[3] } else { 255 };
                assert_eq!((&pixel[..channels], pixel[3]), (expected, alpha), "{name}");
            } else {
                assert_eq!(pixel, &[0; 4], "{name}");
            }
        }
        let small = extended(0x02, (82, 80), &chunks);
        assert!(matches!(Opened::new(&small).map(|_| ()), Err(Error::BadHeader { .. })), "{name}");
    }
}

#[test]
fn profiles_are_found_before_and_after_the_pixels() {
    let pixels = small_file("lossy")[12..].to_vec();
    for chunks in [[chunk(*b"ICCP", b"odd"), pixels.clone()], [pixels.clone(), chunk(*b"ICCP", b"odd")]] {
        let file = extended(0x20, (77, 61), &chunks);
        assert_eq!(Opened::new(&file).unwrap().profile().as_deref(), Some(&b"odd"[..]));
        assert_eq!(decode(&file, Scale::Full, None).unwrap().len(), 77 * 61 * 3);
    }
}

#[test]
fn memory_is_that_of_rows_of_lossy_and_of_a_million_pixels_of_lossless_pictures() {
    let lossy = Opened::new(&small_file("lossy")).unwrap().decoded_bytes(Scale::Eighth);
    assert!(lossy < 30_000, "{lossy}");
    let file = small_file("lossless");
    let opened = Opened::new(&file).unwrap();
    let bytes = opened.decoded_bytes(Scale::Full);
    assert!((77 * 61 * 4..77 * 61 * 4 + 2000).contains(&bytes), "{bytes}");
    // Its header says that it is as large as one can be.
    let mut huge = file.clone();
    huge[21..25].copy_from_slice(&0x0FFF_FFFF_u32.to_le_bytes());
    let most = Opened::new(&huge).unwrap().decoded_bytes(Scale::Full);
    assert!(most < 5 << 20, "{most}");
    let area = Area { columns: (0, 77), rows: (0, 61) };
    let mut kept = Kept { wanted: area, channels: 3, bytes: Vec::new(), next: 0 };
    // Tables come on top.
    let limits = Limits { max_alloc_bytes: bytes, ..Limits::default() };
    let result = opened.decode(Scale::Full, &limits, &mut kept);
    assert!(matches!(result, Err(Error::TooMuchMemory { .. })), "{result:?}");
}
