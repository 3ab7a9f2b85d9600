//! PNG, WebP, GIF, BMP and TIFF, by the decoders of the `image` crate.

use std::io::{Cursor, ErrorKind};

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, ImageError};

use super::{Channels, Depth, Pixels};
use crate::limits::zeroes;
use crate::{Error, Format, Limits};

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
        let decoder = match format {
            Format::Png => PngDecoder::new(input).map(boxed),
            Format::WebP => WebPDecoder::new(input).map(boxed),
            Format::Gif => GifDecoder::new(input).map(boxed),
            Format::Bmp => BmpDecoder::new(input).map(boxed),
            Format::Tiff | Format::Jpeg => TiffDecoder::new(input).map(boxed),
        };
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
            Format::Gif | Format::WebP => pixels.saturating_mul(2),
            _ => pixels,
        }
    }

    pub(super) fn decode(mut self, limits: &Limits) -> Result<Pixels, Error> {
        let (format, len) = (self.format, self.len);
        let failure = |error| failure(format, len, error);
        let (width, _) = self.dimensions();
        let mut budget = image::Limits::no_limits();
        budget.max_alloc = Some(limits.max_alloc_bytes);
        self.decoder.set_limits(budget).map_err(failure)?;
        // A profile that cannot be read is as good as none.
        let profile = self.decoder.icc_profile().unwrap_or(None);
        let size = self.decoder.total_bytes();
        let mut bytes = zeroes(usize::try_from(size).map_err(|_| Error::OutOfMemory { bytes: size })?)?;
        self.decoder.read_image_boxed(&mut bytes).map_err(failure)?;
        Ok(Pixels { width, channels: self.channels, depth: self.depth, bytes, profile })
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
