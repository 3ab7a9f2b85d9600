//! What the samples of a strip are, and their way into the form in which they are handed over.

use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::{ExtraSamples, PhotometricInterpretation, SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use crate::decode::{Channels, RowSink, Samples};

/// What a pixel consists of, as the `tiff` crate hands it over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) channels: Channels,
    pub(super) kind: Kind,
    pub(super) bits: u8,
    /// Stored for a pixel, which may be more than are of use.
    pub(super) samples: u16,
    /// Whether colours have been multiplied with alpha.
    is_associated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Several samples to a byte, the first in the highest bits; each row begins with a new byte.
    Packed,
    /// Bytes, words or floats.
    Whole,
}

impl Layout {
    /// What the tags tell; none if it is nothing that is read here.
    pub(super) fn read(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Option<Self>, TiffError> {
        let colour = decoder.colortype()?;
        let formats: Vec<u16> = decoder.find_tag_unsigned_vec(Tag::SampleFormat)?.unwrap_or_default();
        let is_float = formats.first() == Some(&SampleFormat::IEEEFP.to_u16());
        let is_uint = formats.iter().all(|&format| format == SampleFormat::Uint.to_u16());
        let extra: Vec<u16> = decoder.find_tag_unsigned_vec(Tag::ExtraSamples)?.unwrap_or_default();
        let has_alpha = matches!(extra.first(), Some(1 | 2));
        let meaning = decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation)?;
        let is_gray = meaning == Some(PhotometricInterpretation::BlackIsZero.to_u16());
        let (channels, bits, samples) = match colour {
            ColorType::Gray(bits) => (Channels::Gray, bits, 1),
            ColorType::Multiband { bit_depth, num_samples } if is_gray && num_samples > 1 => {
                (if has_alpha { Channels::GrayAlpha } else { Channels::Gray }, bit_depth, num_samples)
            }
            ColorType::GrayA(bits) => (Channels::GrayAlpha, bits, 2),
            ColorType::RGB(bits) => (Channels::Rgb, bits, 3),
            ColorType::RGBA(bits) => (Channels::Rgba, bits, 4),
            ColorType::CMYK(bits) => (Channels::Cmyk, bits, 4),
            ColorType::CMYKA(bits) => (Channels::Cmyk, bits, 5),
            _ => return Ok(None),
        };
        let kind = match (bits, channels) {
            (1 | 2 | 4, Channels::Gray) if is_uint && samples == 1 => Kind::Packed,
            (8 | 16, _) if is_uint => Kind::Whole,
            (32, _) if is_float => Kind::Whole,
            _ => return Ok(None),
        };
        let is_associated =
            channels.has_alpha() && extra.first() == Some(&ExtraSamples::AssociatedAlpha.to_u16());
        Ok(Some(Self { channels, kind, bits, samples, is_associated }))
    }

    /// What a JPEG hands over.
    pub(super) fn of_jpeg(channels: Channels) -> Self {
        let samples = if channels == Channels::Gray { 1 } else { 4 };
        Self { channels, kind: Kind::Whole, bits: 8, samples, is_associated: false }
    }

    /// What a decoded pixel takes at most.
    pub(super) fn pixel_bytes(self) -> u64 {
        u64::from(self.samples) * u64::from(self.bits).div_ceil(8)
    }
}

/// A row in the making.
#[derive(Debug, Default)]
pub(super) struct Row {
    eight: Vec<u8>,
    sixteen: Vec<u16>,
    float: Vec<f32>,
}

impl Row {
    /// Packed samples, spread over 0 to 255.
    pub(super) fn unpack(&mut self, row: &[u8], bits: u8, width: usize) -> &[u8] {
        let most = (1_u8 << bits) - 1;
        self.eight.clear();
        let shifts = (0..8 / bits).rev().map(|index| index * bits);
        let samples = row.iter().flat_map(|&byte| shifts.clone().map(move |shift| (byte >> shift) & most));
        self.eight.extend(samples.take(width).map(|sample| sample * (255 / most)));
        &self.eight
    }

    pub(super) fn eight<'a>(&'a mut self, row: &'a [u8], layout: Layout) -> Samples<'a> {
        let dissociate = |colour: u8, alpha: u8| {
            let times = u32::from(colour) * 255 + u32::from(alpha) / 2;
            u8::try_from(times / u32::from(alpha).max(1)).unwrap_or(u8::MAX)
        };
        Samples::Eight(shape(row, layout, dissociate, &mut self.eight))
    }

    pub(super) fn sixteen<'a>(&'a mut self, row: &'a [u16], layout: Layout) -> Samples<'a> {
        let dissociate = |colour: u16, alpha: u16| {
            let times = u64::from(colour) * 65_535 + u64::from(alpha) / 2;
            u16::try_from(times / u64::from(alpha).max(1)).unwrap_or(u16::MAX)
        };
        Samples::Sixteen(shape(row, layout, dissociate, &mut self.sixteen))
    }

    pub(super) fn float<'a>(&'a mut self, row: &'a [f32], layout: Layout) -> Samples<'a> {
        let dissociate = |colour: f32, alpha: f32| if alpha > 0.0 { colour / alpha } else { 0.0 };
        Samples::Float(shape(row, layout, dissociate, &mut self.float))
    }
}

/// The samples that are of use, with colours as they were before they were multiplied with alpha.
fn shape<'a, S: Copy>(
    row: &'a [S],
    layout: Layout,
    dissociate: impl Fn(S, S) -> S,
    shaped: &'a mut Vec<S>,
) -> &'a [S] {
    let (stored, count) = (usize::from(layout.samples), layout.channels.count());
    if stored == count && !layout.is_associated {
        return row;
    }
    shaped.clear();
    for pixel in row.chunks_exact(stored) {
        let pixel = pixel.get(..count).unwrap_or(pixel);
        match pixel {
            [colours @ .., alpha] if layout.is_associated => {
                shaped.extend(colours.iter().map(|&colour| dissociate(colour, *alpha)));
                shaped.push(*alpha);
            }
            _ => shaped.extend_from_slice(pixel),
        }
    }
    shaped
}

/// Hands over the rows of a strip or tile whose planes were stored apart. None if they are not alike.
pub(super) fn interleave(
    planes: &[DecodingResult],
    layout: Layout,
    (left, top, width): (u32, u32, u32),
    sink: &mut impl RowSink,
) -> Option<()> {
    let mut row = Row::default();
    match planes.first()? {
        DecodingResult::U8(_) => {
            let planes =
                alike(planes, |plane| if let DecodingResult::U8(v) = plane { Some(v) } else { None })?;
            each_row(&planes, width as usize, |y, pixels| {
                sink.row(top.saturating_add(y), left, 1, row.eight(pixels, layout));
            });
        }
        DecodingResult::U16(_) => {
            let planes =
                alike(planes, |plane| if let DecodingResult::U16(v) = plane { Some(v) } else { None })?;
            each_row(&planes, width as usize, |y, pixels| {
                sink.row(top.saturating_add(y), left, 1, row.sixteen(pixels, layout));
            });
        }
        DecodingResult::F32(_) => {
            let planes =
                alike(planes, |plane| if let DecodingResult::F32(v) = plane { Some(v) } else { None })?;
            each_row(&planes, width as usize, |y, pixels| {
                sink.row(top.saturating_add(y), left, 1, row.float(pixels, layout));
            });
        }
        _ => return None,
    }
    Some(())
}

fn alike<S>(
    planes: &[DecodingResult],
    of_kind: impl Fn(&DecodingResult) -> Option<&Vec<S>>,
) -> Option<Vec<&[S]>> {
    planes.iter().map(|plane| of_kind(plane).map(Vec::as_slice)).collect()
}

fn each_row<S: Copy>(planes: &[&[S]], width: usize, mut hand_over: impl FnMut(u32, &[S])) {
    let mut pixels = Vec::with_capacity(width * planes.len());
    let rows = planes.iter().map(|plane| plane.len() / width.max(1)).min().unwrap_or(0);
    for (number, y) in (0..rows).zip(0..) {
        pixels.clear();
        for x in number * width..(number + 1) * width {
            pixels.extend(planes.iter().filter_map(|plane| plane.get(x)));
        }
        hand_over(y, &pixels);
    }
}
