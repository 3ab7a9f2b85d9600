//! JPEG (ITU-T T.81), decoded without vector instructions: one code path for every machine.

mod frame;
mod segments;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

pub(crate) use self::segments::{APP1, Segments};
use super::{Channels, Depth, Pixels};
use crate::limits::zeroes;
use crate::{Error, Format};
use frame::Frame;

/// More scans than any encoder makes; each one costs a pass over the whole picture.
const MAX_SCANS: usize = 100;

/// A JPEG whose frame header has been read.
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    frame: Frame,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        Ok(Self { bytes, frame: Frame::read(bytes)? })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        (self.frame.width, self.frame.height)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        self.frame.decoded_bytes()
    }

    pub(super) fn decode(self) -> Result<Pixels, Error> {
        // The decoder fills what is missing with grey; a picture that breaks off must not pass for whole.
        if !segments::reaches_end(self.bytes) {
            return Err(Error::Truncated { format: Format::Jpeg, bytes: self.bytes.len() });
        }
        let Frame { width, height, .. } = self.frame;
        let (channels, space) = match self.frame.components {
            1 => (Channels::Gray, ColorSpace::Luma),
            _ => (Channels::Rgb, ColorSpace::RGB),
        };
        let options = DecoderOptions::new_safe()
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            .jpeg_set_max_scans(MAX_SCANS)
            .jpeg_set_out_colorspace(space);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(self.bytes), options);
        decoder.decode_headers().map_err(|error| self.failure(error))?;
        let expected = u64::from(width) * u64::from(height) * self.frame.components.min(3);
        let size = decoder.output_buffer_size().unwrap_or(0);
        if size as u64 != expected {
            return Err(Error::BadHeader { format: Format::Jpeg, defect: "two frame headers that differ" });
        }
        let mut pixels = zeroes(size)?;
        decoder.decode_into(&mut pixels).map_err(|error| self.failure(error))?;
        let profile = decoder.icc_profile();
        Ok(Pixels { width, channels, depth: Depth::Eight, bytes: pixels, profile })
    }

    fn failure(&self, error: DecodeErrors) -> Error {
        match error {
            DecodeErrors::Unsupported(_) => {
                Error::UnsupportedVariant { format: Format::Jpeg, variant: "this coding" }
            }
            DecodeErrors::ExhaustedData => Error::Truncated { format: Format::Jpeg, bytes: self.bytes.len() },
            error => Error::Corrupt { format: Format::Jpeg, source: Box::new(error) },
        }
    }
}
