//! Step 3: pixels. A decoder is opened (its header read), judged by the limits, and only then decodes.

mod bmp;
mod gif;
pub(crate) mod jpeg;
mod png;
mod rows;
mod scale;
mod tiff;
mod webp;

pub(crate) use rows::{Area, Channels, Order, RowSink, Samples};
pub(crate) use scale::Scale;

use crate::colour::ColourSpace;
use crate::{Error, Format, Limits};

/// A picture whose header has been read.
pub(crate) enum Opened<'a> {
    Jpeg(jpeg::Opened<'a>),
    Png(Box<png::Opened<'a>>),
    Gif(Box<gif::Opened<'a>>),
    Bmp(bmp::Opened<'a>),
    Tiff(Box<tiff::Opened<'a>>),
    WebP(webp::Opened<'a>),
}

/// Reads the header and refuses too many pixels.
pub(crate) fn open<'a>(bytes: &'a [u8], format: Format, limits: &Limits) -> Result<Opened<'a>, Error> {
    let opened = match format {
        Format::Jpeg => Opened::Jpeg(jpeg::Opened::new(bytes)?),
        Format::Png => Opened::Png(Box::new(png::Opened::new(bytes)?)),
        Format::Tiff => Opened::Tiff(Box::new(tiff::Opened::new(bytes)?)),
        Format::Gif => Opened::Gif(Box::new(gif::Opened::new(bytes)?)),
        Format::Bmp => Opened::Bmp(bmp::Opened::new(bytes)?),
        Format::WebP => Opened::WebP(webp::Opened::new(bytes)?),
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
            Self::Png(png) => png.dimensions(),
            Self::Gif(gif) => gif.dimensions(),
            Self::Bmp(bmp) => bmp.dimensions(),
            Self::Tiff(tiff) => tiff.dimensions(),
            Self::WebP(webp) => webp.dimensions(),
        }
    }

    /// The scale at which to decode, if the picture may be made `times` smaller.
    pub(crate) fn scale(&self, times: f64) -> Scale {
        match self {
            Self::Jpeg(_) => Scale::at_most(times),
            Self::WebP(webp) => webp.scale(times),
            _ => Scale::Full,
        }
    }

    /// The most memory that decoding takes, bytes.
    pub(crate) fn decoded_bytes(&self, scale: Scale) -> u64 {
        match self {
            Self::Jpeg(jpeg) => jpeg.decoded_bytes(scale),
            Self::Png(png) => png.decoded_bytes(),
            Self::Gif(gif) => gif.decoded_bytes(),
            Self::Bmp(bmp) => bmp.decoded_bytes(),
            Self::Tiff(tiff) => tiff.decoded_bytes(),
            Self::WebP(webp) => webp.decoded_bytes(scale),
        }
    }

    /// What a profile takes, bytes; it is among what decoding takes.
    pub(crate) fn profile_bytes(&self) -> u64 {
        match self {
            Self::Jpeg(jpeg) => jpeg.profile_bytes(),
            Self::Png(png) => png.profile_bytes(),
            Self::Gif(gif) => gif.profile_bytes(),
            Self::Bmp(bmp) => bmp.profile_bytes(),
            Self::Tiff(tiff) => tiff.profile_bytes(),
            Self::WebP(webp) => webp.profile_bytes(),
        }
    }

    /// What the samples mean that `decode` hands over.
    pub(crate) fn channels(&self) -> Channels {
        match self {
            Self::Jpeg(jpeg) => jpeg.channels(),
            Self::Png(png) => png.channels(),
            Self::Gif(gif) => gif.channels(),
            Self::Bmp(bmp) => bmp.channels(),
            Self::Tiff(tiff) => tiff.channels(),
            Self::WebP(webp) => webp.channels(),
        }
    }

    /// In which order `decode` hands over pixels.
    pub(crate) fn order(&self) -> Order {
        match self {
            Self::Jpeg(_) => Order::Rows,
            Self::Png(png) => png.order(),
            Self::Gif(gif) => gif.order(),
            Self::Bmp(bmp) => bmp.order(),
            Self::Tiff(tiff) => tiff.order(),
            Self::WebP(webp) => webp.order(),
        }
    }

    /// What the file tells of its colours.
    pub(crate) fn colour_space(&mut self) -> Option<ColourSpace> {
        let profile = match self {
            Self::Png(png) => return png.colour_space(),
            Self::Jpeg(jpeg) => jpeg.profile(),
            Self::Gif(gif) => gif.profile(),
            Self::Bmp(bmp) => bmp.profile(),
            Self::Tiff(tiff) => tiff.profile(),
            Self::WebP(webp) => webp.profile(),
        };
        profile.map(ColourSpace::Profile)
    }

    /// Decodes the pixels at the scale that `scale` chose. The caller has checked `decoded_bytes`.
    pub(crate) fn decode(self, scale: Scale, limits: &Limits, sink: &mut impl RowSink) -> Result<(), Error> {
        match self {
            Self::Jpeg(jpeg) => jpeg.decode(scale, sink),
            Self::Png(png) => png.decode(sink),
            Self::Gif(gif) => gif.decode(sink),
            Self::Bmp(bmp) => bmp.decode(sink),
            Self::Tiff(tiff) => tiff.decode(sink),
            Self::WebP(webp) => webp.decode(scale, limits, sink),
        }
    }
}
