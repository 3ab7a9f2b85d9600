//! From stored samples to those that are handed over: of 8 or 16 bits, palettes looked up, transparency as alpha.

use super::header::Kind;
use super::info::Info;
use crate::Error;
use crate::decode::{Channels, Samples};
use crate::limits::zeroes;

/// Expands rows.
pub(super) struct Expander {
    depth: u8,
    /// Samples a pixel, stored and handed over.
    channels: (usize, usize),
    /// What each stored value means, if that is not itself.
    table: Option<Box<[[u8; 4]; 256]>>,
    /// The colour that is transparent, if there is one.
    transparent: Option<[u16; 3]>,
    indices: Vec<u8>,
    eight: Vec<u8>,
    sixteen: Vec<u16>,
}

/// What is handed over of a picture.
pub(super) fn channels(info: &Info) -> Channels {
    match (info.header.kind, info.transparency) {
        (Kind::Gray, None) => Channels::Gray,
        (Kind::Gray, Some(_)) | (Kind::GrayAlpha, _) => Channels::GrayAlpha,
        (Kind::Rgb | Kind::Indexed, None) => Channels::Rgb,
        (Kind::Rgb | Kind::Indexed, Some(_)) | (Kind::Rgba, _) => Channels::Rgba,
    }
}

impl Expander {
    /// For rows of up to `width` pixels.
    pub(super) fn new(info: &Info, width: usize) -> Result<Self, Error> {
        let depth = info.header.depth;
        let channels = (usize::from(info.header.kind.samples()), channels(info).count());
        let table = match info.header.kind {
            Kind::Indexed => Some(palette(info)),
            Kind::Gray if depth < 8 => Some(grays(info)),
            _ => None,
        };
        let transparent = info.transparency.filter(|_| table.is_none()).map(|colour| {
            let mut pairs = colour.as_chunks().0.iter().map(|&pair| u16::from_be_bytes(pair));
            [0; 3].map(|_: u16| pairs.next().unwrap_or(0))
        });
        let samples = width.saturating_mul(channels.1);
        let is_changed = table.is_some() || transparent.is_some();
        Ok(Self {
            depth,
            channels,
            table,
            transparent,
            indices: zeroes(if depth < 8 { width.saturating_add(8) } else { 0 })?,
            eight: zeroes(if depth <= 8 && is_changed { samples } else { 0 })?,
            sixteen: zeroes(if depth == 16 { samples } else { 0 })?,
        })
    }

    /// A row of `width` pixels.
    pub(super) fn row<'r>(&'r mut self, row: &'r [u8], width: usize) -> Samples<'r> {
        let len = width.saturating_mul(self.channels.1);
        if self.depth == 16 {
            let samples = self.sixteen.get_mut(..len).unwrap_or_default();
            let stored = row.as_chunks().0;
            match (self.transparent, self.channels.0) {
                (None, _) => {
                    for (sample, &pair) in samples.iter_mut().zip(stored) {
                        *sample = u16::from_be_bytes(pair);
                    }
                }
                (Some([gray, ..]), 1) => {
                    with_alpha::<_, _, 1, 2>(stored, samples, [gray], u16::from_be_bytes);
                }
                (Some(colour), _) => with_alpha::<_, _, 3, 4>(stored, samples, colour, u16::from_be_bytes),
            }
            return Samples::Sixteen(samples);
        }
        let samples = self.eight.get_mut(..len).unwrap_or_default();
        if let Some(table) = &self.table {
            let indices = match self.depth {
                1 => unpacked::<1, 8>(row, &mut self.indices),
                2 => unpacked::<2, 4>(row, &mut self.indices),
                4 => unpacked::<4, 2>(row, &mut self.indices),
                _ => row,
            };
            match self.channels.1 {
                1 => looked_up::<1>(indices, table, samples),
                2 => looked_up::<2>(indices, table, samples),
                3 => looked_up::<3>(indices, table, samples),
                _ => looked_up::<4>(indices, table, samples),
            }
            return Samples::Eight(samples);
        }
        // Of 16 bits, which they are told in, the lower eight count.
        let transparent = self.transparent.map(|colour| colour.map(|sample| sample.to_le_bytes()[0]));
        match (transparent, self.channels.0) {
            (None, _) => return Samples::Eight(row.get(..len).unwrap_or_default()),
            (Some([gray, ..]), 1) => with_alpha::<_, _, 1, 2>(row, samples, [gray], |byte| byte),
            (Some(colour), _) => with_alpha::<_, _, 3, 4>(row, samples, colour, |byte| byte),
        }
        Samples::Eight(samples)
    }
}

/// Red, green, blue and alpha of every entry; those that are not told are black.
fn palette(info: &Info) -> Box<[[u8; 4]; 256]> {
    let mut table = Box::new([[0, 0, 0, u8::MAX]; 256]);
    let colours = info.palette.as_chunks::<3>().0;
    for (entry, &[red, green, blue]) in table.iter_mut().zip(colours) {
        *entry = [red, green, blue, u8::MAX];
    }
    // More alphas than colours are none at all, as libpng takes it.
    let alphas = info.transparency.filter(|alphas| alphas.len() <= colours.len()).unwrap_or_default();
    for (entry, &alpha) in table.iter_mut().zip(alphas) {
        entry[3] = alpha;
    }
    table
}

/// Gray and alpha of every value of fewer than eight bits.
fn grays(info: &Info) -> Box<[[u8; 4]; 256]> {
    let mut table = Box::new([[0; 4]; 256]);
    let greatest = (1_u8 << info.header.depth.min(7)) - 1;
    let transparent = info.transparency.and_then(|gray| gray.get(1));
    for (entry, value) in table.iter_mut().zip(0..=greatest) {
        let alpha = if transparent == Some(&value) { 0 } else { u8::MAX };
        *entry = [value * (u8::MAX / greatest), alpha, 0, 0];
    }
    table
}

/// Values of `BITS` bits, the first in the highest, `COUNT` a byte.
fn unpacked<'v, const BITS: usize, const COUNT: usize>(row: &[u8], values: &'v mut [u8]) -> &'v [u8] {
    for (values, &byte) in values.as_chunks_mut::<COUNT>().0.iter_mut().zip(row) {
        for (value, place) in values.iter_mut().rev().zip(0..) {
            *value = byte >> (place * BITS) & ((1 << BITS) - 1);
        }
    }
    values
}

fn looked_up<const N: usize>(indices: &[u8], table: &[[u8; 4]; 256], samples: &mut [u8]) {
    for (pixel, &index) in samples.as_chunks_mut::<N>().0.iter_mut().zip(indices) {
        let entry = table[usize::from(index)];
        pixel.copy_from_slice(entry.get(..N).unwrap_or_default());
    }
}

/// Copies pixels of `N` samples to such of `M`, one more, which is alpha: nothing for the transparent colour.
fn with_alpha<T: Copy, S: Sample, const N: usize, const M: usize>(
    stored: &[T],
    samples: &mut [S],
    transparent: [S; N],
    sample: impl Fn(T) -> S,
) {
    for (pixel, stored) in samples.as_chunks_mut::<M>().0.iter_mut().zip(stored.as_chunks::<N>().0) {
        let colour = stored.map(&sample);
        let alpha = if colour == transparent { S::default() } else { S::MAX };
        *pixel = [alpha; M];
        for (sample, value) in pixel.iter_mut().zip(colour) {
            *sample = value;
        }
    }
}

trait Sample: Copy + Default + PartialEq {
    const MAX: Self;
}

impl Sample for u8 {
    const MAX: Self = Self::MAX;
}

impl Sample for u16 {
    const MAX: Self = Self::MAX;
}
