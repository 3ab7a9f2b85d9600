//! What the samples of a row are, and their way into the form in which they are handed over (TIFF 6.0, sections 3 to
//! 6, 14, 16 and 18; Adobe Photoshop TIFF Technical Note 3, 2005, for the predictor of floats).

use super::directory::{Directory, Values, corrupt};
use super::unsupported;
use crate::decode::{Channels, Samples};
use crate::{Error, Format};

mod tag {
    pub(super) const BITS_PER_SAMPLE: u16 = 258;
    pub(super) const PHOTOMETRIC: u16 = 262;
    pub(super) const SAMPLES_PER_PIXEL: u16 = 277;
    pub(super) const PREDICTOR: u16 = 317;
    pub(super) const COLOR_MAP: u16 = 320;
    pub(super) const EXTRA_SAMPLES: u16 = 338;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
}

/// What a pixel consists of.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) channels: Channels,
    pub(super) bits: usize,
    /// Stored for a pixel, which may be more than are of use.
    pub(super) samples: usize,
    predictor: Predictor,
    is_big_endian: bool,
    /// Whether colours have been multiplied with alpha.
    is_associated: bool,
    /// Whether the greatest gray is black.
    is_inverted: bool,
    /// What each value of a sample means; empty where it means itself.
    colours: Vec<[u8; 3]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Predictor {
    None,
    Horizontal,
    Float,
}

impl Layout {
    /// What the tags tell.
    pub(super) fn read(directory: &Directory<'_>) -> Result<Self, Error> {
        let samples = directory.number(tag::SAMPLES_PER_PIXEL)?.unwrap_or(1);
        let extra = directory.find(tag::EXTRA_SAMPLES)?;
        let colours = samples.checked_sub(extra.map_or(0, |extra| extra.len() as u64));
        let kind = extra.and_then(|extra| extra.get(0));
        let has_alpha = matches!(kind, Some(1 | 2));
        let depths = directory.find(tag::BITS_PER_SAMPLE)?;
        let bits = depths.map_or(Some(1), |depths| depths.get(0)).unwrap_or(0);
        let format = directory.find(tag::SAMPLE_FORMAT)?;
        let is_float = format.is_some_and(|format| format.are_all(3));
        let is_uint = format.is_none_or(|format| format.are_all(1));
        let is_of_one_depth =
            depths.is_none_or(|depths| depths.are_all(bits) && [1, samples].contains(&(depths.len() as u64)));
        if colours.is_none() || samples == 0 || samples > u64::from(u16::MAX) || !is_of_one_depth {
            return Err(corrupt("its directory contradicts itself"));
        }
        let meaning = photometric(directory)?;
        let channels = match (meaning, colours) {
            (0 | 1, _) if has_alpha && samples > 1 => Channels::GrayAlpha,
            (0 | 1, _) => Channels::Gray,
            (2, Some(3)) if has_alpha => Channels::Rgba,
            (2, Some(3)) => Channels::Rgb,
            (2, Some(4)) => Channels::Rgba,
            (3, _) if samples == 1 && bits <= 8 => Channels::Rgb,
            (5, Some(4 | 5)) => Channels::Cmyk,
            _ => return Err(unsupported("this kind of sample")),
        };
        match bits {
            1 | 2 | 4 if is_uint && samples == 1 => {}
            8 | 16 if is_uint => {}
            32 if is_float => {}
            _ => return Err(unsupported("this kind of sample")),
        }
        let predictor = match directory.number(tag::PREDICTOR)? {
            None | Some(1) => Predictor::None,
            Some(2) if bits >= 8 => Predictor::Horizontal,
            Some(3) if is_float => Predictor::Float,
            Some(2 | 3) => return Err(unsupported("this predictor")),
            Some(_) => return Err(corrupt("its predictor is unknown")),
        };
        let bits = usize::try_from(bits).unwrap_or(usize::MAX);
        let colours = match meaning {
            3 => palette(directory.find(tag::COLOR_MAP)?, 1 << bits)?,
            _ if bits < 8 => {
                let most = (1_u8 << bits) - 1;
                (0..=most).map(|value| [value * (255 / most); 3]).collect()
            }
            _ => Vec::new(),
        };
        Ok(Self {
            channels,
            bits,
            samples: usize::try_from(samples).unwrap_or(usize::MAX),
            predictor,
            is_big_endian: directory.file.is_big_endian,
            is_associated: channels.has_alpha() && kind == Some(1),
            is_inverted: meaning == 0,
            colours,
        })
    }

    /// What a JPEG hands over.
    pub(super) fn of_jpeg(channels: Channels) -> Self {
        Self {
            channels,
            bits: 8,
            samples: if channels == Channels::Gray { 1 } else { 4 },
            predictor: Predictor::None,
            is_big_endian: false,
            is_associated: false,
            is_inverted: false,
            colours: Vec::new(),
        }
    }

    /// Bytes of a row of so many samples, the last of which may be filled up.
    pub(super) fn row_bytes(&self, width: u32, samples: usize) -> u64 {
        let bits = (samples * self.bits) as u64;
        u64::from(width).saturating_mul(bits).div_ceil(8)
    }

    /// Whether undoing the predictor takes a second row.
    pub(super) fn needs_second_row(&self) -> bool {
        self.predictor == Predictor::Float
    }

    /// Undoes the predictor on a row of `samples` samples a pixel; samples are little-endian from here on.
    /// `beside` is as long as the row where a second row is needed.
    pub(super) fn restore(&self, row: &mut [u8], beside: &mut [u8], samples: usize) {
        let width = self.bits / 8;
        if self.predictor == Predictor::Float {
            for index in samples..row.len() {
                row[index] = row[index].wrapping_add(row[index - samples]);
            }
            // The highest bytes of all samples come first, then the next ones.
            beside.copy_from_slice(row);
            let count = row.len() / width;
            for (index, sample) in row.chunks_exact_mut(width).enumerate() {
                for (byte, plane) in sample.iter_mut().rev().zip(beside.chunks_exact(count)) {
                    *byte = plane[index];
                }
            }
            return;
        }
        if self.is_big_endian && width > 1 {
            row.chunks_exact_mut(width).for_each(<[u8]>::reverse);
        }
        if self.predictor == Predictor::Horizontal {
            let back = samples * width;
            for first in (back..row.len()).step_by(width) {
                // A sum of several bytes, from the lowest on.
                let mut carry = 0;
                for index in first..first + width {
                    carry += u16::from(row[index]) + u16::from(row[index - back]);
                    row[index] = carry.to_le_bytes()[0];
                    carry >>= 8;
                }
            }
        }
    }
}

/// What tag `PhotometricInterpretation` says.
pub(super) fn photometric(directory: &Directory<'_>) -> Result<u64, Error> {
    let missing = Error::BadHeader { format: Format::Tiff, defect: "no meaning for its samples" };
    directory.number(tag::PHOTOMETRIC)?.ok_or(missing)
}

/// All red values, all green ones and all blue ones, of 16 bits each; some write them as if they were of 8.
fn palette(map: Option<Values<'_>>, count: usize) -> Result<Vec<[u8; 3]>, Error> {
    let missing = || corrupt("its palette is missing or too short");
    let map = map.filter(|map| map.len() >= 3 * count).ok_or_else(missing)?;
    let value = |index| map.get(index).unwrap_or(0);
    let is_of_8_bits = (0..3 * count).all(|index| value(index) < 256);
    let byte = |index| value(index).to_le_bytes()[usize::from(!is_of_8_bits)];
    Ok((0..count).map(|index| [0, 1, 2].map(|channel| byte(channel * count + index))).collect())
}

/// A row in the making.
#[derive(Debug, Default)]
pub(super) struct Row {
    eight: Vec<u8>,
    sixteen: Vec<u16>,
    float: Vec<f32>,
}

impl Row {
    /// The first `width` pixels of a row that has been restored and holds `stored` samples a pixel.
    pub(super) fn convert<'a>(
        &'a mut self,
        row: &'a [u8],
        layout: &Layout,
        stored: usize,
        width: usize,
    ) -> Samples<'a> {
        let count = layout.channels.count();
        let pixel_bytes = (stored * layout.bits).div_ceil(8);
        let pixels = row.chunks_exact(pixel_bytes).take(width).map(|pixel| &pixel[..count * layout.bits / 8]);
        match layout.bits {
            16 => {
                self.sixteen.clear();
                for pixel in pixels {
                    self.sixteen.extend(pixel.as_chunks().0.iter().map(|&sample| u16::from_le_bytes(sample)));
                }
                let dissociate = |colour: u16, alpha: u16| {
                    let times = u64::from(colour) * 65_535 + u64::from(alpha) / 2;
                    u16::try_from(times / u64::from(alpha).max(1)).unwrap_or(u16::MAX)
                };
                finish(&mut self.sixteen, layout, |gray| !gray, dissociate);
                Samples::Sixteen(&self.sixteen)
            }
            32 => {
                self.float.clear();
                for pixel in pixels {
                    self.float.extend(pixel.as_chunks().0.iter().map(|&sample| f32::from_le_bytes(sample)));
                }
                let dissociate = |colour: f32, alpha: f32| if alpha > 0.0 { colour / alpha } else { 0.0 };
                finish(&mut self.float, layout, |gray| 1.0 - gray, dissociate);
                Samples::Float(&self.float)
            }
            8 if layout.colours.is_empty() => {
                if stored == count && !layout.is_associated && !layout.is_inverted {
                    return Samples::Eight(&row[..width * count]);
                }
                self.eight.clear();
                self.eight.extend(pixels.flatten());
                let dissociate = |colour: u8, alpha: u8| {
                    let times = u32::from(colour) * 255 + u32::from(alpha) / 2;
                    u8::try_from(times / u32::from(alpha).max(1)).unwrap_or(u8::MAX)
                };
                finish(&mut self.eight, layout, |gray| !gray, dissociate);
                Samples::Eight(&self.eight)
            }
            bits => {
                self.eight.clear();
                for x in 0..width {
                    let place = x * bits;
                    let value = usize::from(row[place / 8]) >> (8 - bits - place % 8) & ((1 << bits) - 1);
                    self.eight.extend_from_slice(&layout.colours[value][..count]);
                }
                finish(&mut self.eight, layout, |gray| !gray, |colour, _| colour);
                Samples::Eight(&self.eight)
            }
        }
    }
}

/// Turns gray around and gives colours the values that they had before they were multiplied with alpha.
fn finish<S: Copy>(row: &mut [S], layout: &Layout, invert: impl Fn(S) -> S, dissociate: impl Fn(S, S) -> S) {
    for pixel in row.chunks_exact_mut(layout.channels.count()) {
        if layout.is_inverted {
            pixel[0] = invert(pixel[0]);
        }
        if let ([colours @ .., alpha], true) = (pixel, layout.is_associated) {
            for colour in colours {
                *colour = dissociate(*colour, *alpha);
            }
        }
    }
}
