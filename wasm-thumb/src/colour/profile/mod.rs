//! ICC profiles (ICC.1:2022), versions 2 and 4: a matrix and curves, one curve, or a table of colours.
//!
//! Read and followed by code of our own because the same bytes have to come out everywhere: in additions,
//! multiplications and divisions of doubles, which are the same on every machine, where colour engines use
//! multiplications that round differently on machines that have them. The power function is that of the `libm`
//! crate, not the platform's.

mod curve;
mod grid;
mod ink;
mod matrix;
mod name;
mod space;
mod table;
mod tags;
#[cfg(test)]
mod tests;

pub(crate) use name::profile_name;
pub(super) use space::D50;

use super::{Chromaticities, Transfer, srgb};
use crate::decode::Channels;
use curve::Curve;
use matrix::Matrix;
use table::Table;
use tags::Tags;

/// How the values of a picture become light.
#[allow(clippy::large_enum_variant, reason = "there is one of it; on 32 bits it is not large")]
pub(super) enum Profile<'a> {
    Matrix(Matrix),
    Table(Table<'a>),
}

impl<'a> Profile<'a> {
    /// Reads a profile; `None` if it is of another kind than the picture, or damaged.
    pub(super) fn parse(bytes: &'a [u8], channels: Channels) -> Option<Self> {
        let tags = Tags::new(bytes)?;
        let expected = match channels {
            Channels::Gray | Channels::GrayAlpha => b"GRAY",
            Channels::Rgb | Channels::Rgba => b"RGB ",
            Channels::Cmyk => b"CMYK",
        };
        if tags.colour_space()? != expected {
            return None;
        }
        // Where there are both, the table says more (ICC.1:2022, 8.10.2: a table comes first).
        if let Some(table) = Table::parse(&tags) {
            return Some(Self::Table(table));
        }
        match channels {
            Channels::Gray | Channels::GrayAlpha => Matrix::gray(&tags).map(Self::Matrix),
            Channels::Rgb | Channels::Rgba => Matrix::rgb(&tags).map(Self::Matrix),
            Channels::Cmyk => None,
        }
    }

    /// The same of primaries and a curve; `None` if they make no colours, or there are inks.
    pub(super) fn of_primaries(
        chromaticities: Chromaticities,
        transfer: Transfer,
        channels: Channels,
    ) -> Option<Self> {
        let curve = Curve::of_transfer(transfer)?;
        match channels {
            Channels::Gray | Channels::GrayAlpha => Some(Self::Matrix(Matrix::of_one(curve))),
            Channels::Rgb | Channels::Rgba => {
                Matrix::of_primaries(chromaticities.to_d50()?, curve).map(Self::Matrix)
            }
            Channels::Cmyk => None,
        }
    }

    /// Whether values mean what they mean without a profile.
    pub(super) fn is_srgb(&self) -> bool {
        matches!(self, Self::Matrix(matrix) if matrix.is_srgb())
    }

    /// Linear light of sRGB, 0 to 65535, of values of 0 to 65535: three of a picture with colour or in grey, four
    /// of inks. What sRGB cannot show is cut off.
    pub(super) fn to_linear_srgb(&self, values: [u16; 4]) -> [u16; 3] {
        whole(match self {
            Self::Matrix(matrix) => matrix.to_linear_srgb([values[0], values[1], values[2]]),
            Self::Table(table) => table.to_linear_srgb(values),
        })
    }

    /// The same of inks of which is known what each lets through, if that were encoded as sRGB is.
    pub(super) fn inks_to_linear_srgb(&self, through: [u16; 4]) -> [u16; 3] {
        match self {
            Self::Table(table) => whole(table.inks_to_linear_srgb(through)),
            Self::Matrix(_) => {
                self.to_linear_srgb(through.map(|through| u16::MAX - srgb::encode_16(through)))
            }
        }
    }
}

/// What is no number becomes 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn whole(light: [f64; 3]) -> [u16; 3] {
    light.map(|light| (light.clamp(0.0, 1.0) * 65_535.0 + 0.5) as u16)
}
