//! Pixels against those of another decoder.

use std::io::Cursor;
use std::path::PathBuf;

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

fn files(folder: PathBuf) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "webp"))
        .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn all_files() -> Vec<(String, Vec<u8>)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let corpus = std::env::var_os("IMAGASAUR_CORPUS").map_or(root.join("../../shared/corpus"), PathBuf::from);
    let mut all = files(root.join("tests/data/webp"));
    all.extend(files(corpus.join("webp")));
    all
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
