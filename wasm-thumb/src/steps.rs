//! The steps of the pipeline with what one hands to the next, for the benchmark of each alone. Not part of the
//! interface: it may change at any time. All make thumbnails of the default size.

#![allow(missing_debug_implementations, reason = "nobody prints these")]

pub use crate::encode::{PlaneTuning, Tuning};

use crate::colour::{ColourSpace, Colours};
use crate::decode::{self, Area, Channels, Order, RowSink, Samples};
use crate::scale::{Crop, Kept, Reduced, Reducer, Small};
use crate::{Error, Limits, Options, Quality, encode, metadata, pipeline, sniff};

/// Sniffs, reads the header and the metadata that the pipeline needs; width and height upright.
pub fn header(bytes: &[u8]) -> Result<(u32, u32), Error> {
    let format = sniff::identify(bytes)?;
    let picture = decode::open(bytes, format, &Limits::default())?;
    let (width, height) = picture.dimensions();
    Ok(metadata::orientation(bytes, format).upright(width, height))
}

/// The samples of a picture that was decoded at a scale, before they are reduced.
pub struct Rows {
    crop: Crop,
    channels: Channels,
    order: Order,
    space: Option<ColourSpace>,
    pieces: Vec<Piece>,
}

/// What a decoder handed over at a time.
struct Piece {
    y: u32,
    first: u32,
    step: u32,
    /// Those of 8 bits only.
    samples: Vec<u8>,
}

/// Takes rows and keeps them, or does not.
struct Collector {
    wanted: Area,
    keep: bool,
    rows: Vec<Piece>,
}

impl RowSink for Collector {
    fn wanted(&self) -> Area {
        self.wanted
    }

    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>) {
        if let (true, Samples::Eight(samples)) = (self.keep, samples) {
            self.rows.push(Piece { y, first, step, samples: samples.to_vec() });
        }
    }
}

impl Rows {
    /// Decodes at one `denominator`-th of the scale: 1, 2, 4 or 8 for a JPEG, otherwise 1.
    pub fn of(bytes: &[u8], denominator: u32) -> Result<Self, Error> {
        decoded(bytes, denominator, true)
    }

    /// Averages squares of them in linear light.
    pub fn reduce(&self) -> Result<Light, Error> {
        let mut reducer = Reducer::new(&self.crop, self.channels, self.order)?;
        for Piece { y, first, step, samples } in &self.pieces {
            reducer.row(*y, *first, *step, Samples::Eight(samples));
        }
        let Reduced { width, height, pixels } = reducer.finish();
        let (channels, space) = (self.channels, self.space.clone());
        Ok(Light { size: (width, height), pixels, kept: self.crop.kept, channels, space })
    }
}

/// Decodes as [`Rows::of`] does and throws the samples away.
pub fn decode(bytes: &[u8], denominator: u32) -> Result<(), Error> {
    decoded(bytes, denominator, false).map(|_| ())
}

fn decoded(bytes: &[u8], denominator: u32, keep: bool) -> Result<Rows, Error> {
    let limits = Limits::default();
    let mut picture = decode::open(bytes, sniff::identify(bytes)?, &limits)?;
    let (width, height) = picture.dimensions();
    let scale = picture.scale(denominator.into());
    let crop = Crop::cover(width, height, Options::default().size, scale);
    let (channels, order, space) = (picture.channels(), picture.order(), picture.colour_space());
    let wanted = Reducer::new(&crop, channels, order)?.wanted();
    let mut collector = Collector { wanted, keep, rows: Vec::new() };
    picture.decode(scale, &limits, &mut collector)?;
    Ok(Rows { crop, channels, order, space, pieces: collector.rows })
}

/// A reduced picture, and what it is before its colours are those of sRGB.
#[derive(Clone)]
pub struct Light {
    size: (u32, u32),
    pixels: Vec<[u16; 4]>,
    kept: Kept,
    channels: Channels,
    space: Option<ColourSpace>,
}

impl Light {
    /// The size, on white, and the colours.
    pub fn resize(self) -> Result<Finished, Error> {
        let Self { size: (width, height), pixels, kept, channels, space } = self;
        let colours = Colours::new(space.as_ref(), channels);
        colours.resize(&Reduced { width, height, pixels }, kept, Options::default().size).map(Finished)
    }
}

/// The thumbnail before it is encoded.
pub struct Finished(Small);

impl Finished {
    /// The file.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        encode::jpeg(&self.0, Options::default().quality)
    }
}

/// The thumbnail before it is encoded: 8-bit sRGB, row by row, of `options.size`.
///
/// # Errors
/// As [`crate::thumbnail`].
pub fn unencoded(bytes: &[u8], options: &Options) -> Result<Vec<[u8; 3]>, Error> {
    pipeline::unencoded(bytes, options).map(|(small, _)| small.pixels)
}

/// Encodes `width` × `height` pixels of 8-bit sRGB, row by row.
///
/// # Errors
/// [`Error::Encode`] if there are not that many pixels.
pub fn encode(
    pixels: Vec<[u8; 3]>,
    (width, height): (u32, u32),
    quality: Quality,
    tuning: &Tuning,
) -> Result<Vec<u8>, Error> {
    if pixels.is_empty() || pixels.len() as u64 != u64::from(width) * u64::from(height) {
        return Err(Error::Encode("the pixels do not make the picture".into()));
    }
    encode::tuned(&Small { width, height, pixels }, quality, tuning)
}
