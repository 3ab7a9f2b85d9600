//! Step 3: pixels. A decoder is opened (its header read), judged by the limits, and only then decodes.

mod declared;
pub(crate) mod jpeg;
mod raster;
mod scale;

pub(crate) use scale::Scale;

use crate::{Error, Format, Limits};

/// Decoded pixels, row by row from the top, without padding.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) channels: Channels,
    pub(crate) depth: Depth,
    /// Samples of more than a byte are in the machine's byte order.
    pub(crate) bytes: Vec<u8>,
    /// An embedded ICC profile.
    pub(crate) profile: Option<Vec<u8>>,
}

/// What the samples of a pixel mean. Alpha is not premultiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
}

/// How a sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// `u8`, 0 to 255.
    Eight,
    /// `u16`, 0 to 65535.
    Sixteen,
    /// `f32`, 0 to 1.
    Float,
}

/// A picture whose header has been read.
pub(crate) enum Opened<'a> {
    Jpeg(jpeg::Opened<'a>),
    Raster(raster::Opened<'a>),
}

/// Reads the header and refuses too many pixels.
pub(crate) fn open<'a>(bytes: &'a [u8], format: Format, limits: &Limits) -> Result<Opened<'a>, Error> {
    if let Some((width, height)) = declared::size(bytes, format) {
        limits.check_pixels(width, height)?;
    }
    let opened = match format {
        Format::Jpeg => Opened::Jpeg(jpeg::Opened::new(bytes)?),
        _ => Opened::Raster(raster::Opened::new(bytes, format)?),
    };
    let (width, height) = opened.dimensions();
    if width == 0 || height == 0 {
        return Err(Error::BadHeader { format, defect: "a side of no pixels" });
    }
    limits.check_pixels(width, height)?;
    Ok(opened)
}

impl Opened<'_> {
    /// Width and height as stored, pixels.
    pub(crate) fn dimensions(&self) -> (u32, u32) {
        match self {
            Self::Jpeg(jpeg) => jpeg.dimensions(),
            Self::Raster(raster) => raster.dimensions(),
        }
    }

    /// The scale at which to decode, if the picture may be made `times` smaller.
    pub(crate) fn scale(&self, times: f64) -> Scale {
        match self {
            Self::Jpeg(_) => Scale::at_most(times),
            Self::Raster(_) => Scale::Full,
        }
    }

    /// The most memory that decoding takes, bytes.
    pub(crate) fn decoded_bytes(&self, scale: Scale) -> u64 {
        match self {
            Self::Jpeg(jpeg) => jpeg.decoded_bytes(scale),
            Self::Raster(raster) => raster.decoded_bytes(),
        }
    }

    /// Decodes the pixels at the scale that `scale` chose. The caller has checked `decoded_bytes`.
    pub(crate) fn decode(self, scale: Scale, limits: &Limits) -> Result<Pixels, Error> {
        match self {
            Self::Jpeg(jpeg) => jpeg.decode(scale),
            Self::Raster(raster) => raster.decode(limits),
        }
    }
}
