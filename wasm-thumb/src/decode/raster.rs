//! WebP, by the decoder of the `image` crate.

use std::io::{Cursor, ErrorKind};

use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, ImageError};

use super::{Channels, Order, RowSink, Samples};
use crate::limits::zeroes;
use crate::{Error, Format, Limits};

/// How a sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Eight,
    Sixteen,
    Float,
}

/// A picture whose header has been read.
pub(crate) struct Opened<'a> {
    format: Format,
    len: usize,
    channels: Channels,
    depth: Depth,
    decoder: Box<dyn ImageDecoder + 'a>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8], format: Format) -> Result<Self, Error> {
        let input = Cursor::new(bytes);
        let decoder = WebPDecoder::new(input).map(boxed);
        let decoder = decoder.map_err(|error| failure(format, bytes.len(), error))?;
        let (channels, depth) = layout(decoder.color_type())
            .ok_or(Error::UnsupportedVariant { format, variant: "this kind of sample" })?;
        Ok(Self { format, len: bytes.len(), channels, depth, decoder })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        self.decoder.dimensions()
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        let pixels = self.decoder.total_bytes();
        match self.format {
            // A frame is decoded beside the canvas that it is put on.
            Format::WebP => pixels.saturating_mul(2),
            _ => pixels,
        }
    }

    pub(super) fn channels(&self) -> Channels {
        self.channels
    }

    #[expect(clippy::unused_self, reason = "as of every format")]
    pub(super) fn order(&self) -> Order {
        Order::Rows
    }

    pub(super) fn profile(&mut self) -> Option<Vec<u8>> {
        // A profile that cannot be read is as good as none.
        self.decoder.icc_profile().unwrap_or(None)
    }

    pub(super) fn decode(mut self, limits: &Limits, sink: &mut impl RowSink) -> Result<(), Error> {
        let (format, len) = (self.format, self.len);
        let failure = |error| failure(format, len, error);
        let (width, _) = self.dimensions();
        let mut budget = image::Limits::no_limits();
        budget.max_alloc = Some(limits.max_alloc_bytes);
        self.decoder.set_limits(budget).map_err(failure)?;
        let size = self.decoder.total_bytes();
        let mut bytes = zeroes(usize::try_from(size).map_err(|_| Error::OutOfMemory { bytes: size })?)?;
        self.decoder.read_image_boxed(&mut bytes).map_err(failure)?;
        let samples = width as usize * self.channels.count();
        let (top, bottom) = sink.wanted().rows;
        let rows = |row_bytes: usize, hand_over: &mut dyn FnMut(u32, &[u8])| {
            let rows = (0..bottom).zip(bytes.chunks_exact(row_bytes));
            rows.skip(top as usize).for_each(|(y, row)| hand_over(y, row));
        };
        match self.depth {
            Depth::Eight => rows(samples, &mut |y, row| sink.row(y, 0, 1, Samples::Eight(row))),
            Depth::Sixteen => rows(2 * samples, &mut |y, row| {
                let row: Vec<u16> =
                    row.as_chunks().0.iter().map(|&value| u16::from_ne_bytes(value)).collect();
                sink.row(y, 0, 1, Samples::Sixteen(&row));
            }),
            Depth::Float => rows(4 * samples, &mut |y, row| {
                let row: Vec<f32> =
                    row.as_chunks().0.iter().map(|&value| f32::from_ne_bytes(value)).collect();
                sink.row(y, 0, 1, Samples::Float(&row));
            }),
        }
        Ok(())
    }
}

fn boxed<'a, D: ImageDecoder + 'a>(decoder: D) -> Box<dyn ImageDecoder + 'a> {
    Box::new(decoder)
}

fn layout(color: ColorType) -> Option<(Channels, Depth)> {
    Some(match color {
        ColorType::L8 => (Channels::Gray, Depth::Eight),
        ColorType::La8 => (Channels::GrayAlpha, Depth::Eight),
        ColorType::Rgb8 => (Channels::Rgb, Depth::Eight),
        ColorType::Rgba8 => (Channels::Rgba, Depth::Eight),
        ColorType::L16 => (Channels::Gray, Depth::Sixteen),
        ColorType::La16 => (Channels::GrayAlpha, Depth::Sixteen),
        ColorType::Rgb16 => (Channels::Rgb, Depth::Sixteen),
        ColorType::Rgba16 => (Channels::Rgba, Depth::Sixteen),
        ColorType::Rgb32F => (Channels::Rgb, Depth::Float),
        ColorType::Rgba32F => (Channels::Rgba, Depth::Float),
        _ => return None,
    })
}

fn failure(format: Format, len: usize, error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(_) => Error::UnsupportedVariant { format, variant: "this coding" },
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Error::Truncated { format, bytes: len }
        }
        ImageError::Limits(error) => Error::DecoderLimit { format, source: Box::new(error) },
        error => Error::Corrupt { format, source: Box::new(error) },
    }
}
