//! How decoded samples leave a decoder: row by row, while it decodes, so that no buffer of the whole picture
//! need exist.

/// Where decoded samples go.
pub(crate) trait RowSink {
    /// What is of use. Everything else need not be handed over, nor decoded where that can be avoided.
    fn wanted(&self) -> Area;

    /// Takes the pixels of row `y` at columns `first`, `first + step`, `first + 2 * step` and so on.
    ///
    /// A row may come in pieces, but no pixel twice. Those outside of what is wanted are passed over; of those that
    /// are wanted none may be missing but transparent ones.
    fn row(&mut self, y: u32, first: u32, step: u32, samples: Samples<'_>);
}

/// A part of a picture, in the pixels that are left of it at the scale it is decoded at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    /// From and to (not included).
    pub(crate) columns: (u32, u32),
    /// From and to (not included).
    pub(crate) rows: (u32, u32),
}

/// Samples of neighbouring pixels, all those of a pixel together; what they mean, [`Channels`] tells.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Samples<'a> {
    /// 0 to 255.
    Eight(&'a [u8]),
    /// 0 to 65535.
    Sixteen(&'a [u16]),
    /// 0 to 1; what lies outside counts as the nearer of these, and what is no number as 0.
    Float(&'a [f32]),
}

impl Samples<'_> {
    /// Up to `count` pixels of `channels` samples each, after the first `before`.
    pub(crate) fn cut(self, channels: usize, before: usize, count: usize) -> Self {
        let (from, len) = (before.saturating_mul(channels), count.saturating_mul(channels));
        match self {
            Self::Eight(samples) => Self::Eight(part(samples, from, len)),
            Self::Sixteen(samples) => Self::Sixteen(part(samples, from, len)),
            Self::Float(samples) => Self::Float(part(samples, from, len)),
        }
    }
}

fn part<S>(samples: &[S], from: usize, len: usize) -> &[S] {
    let rest = samples.get(from..).unwrap_or_default();
    rest.get(..len).unwrap_or(rest)
}

/// What the samples of a pixel mean. Alpha is not premultiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Cyan, magenta, yellow and black: 0 for no ink, the greatest value for full ink. There is no light to be
    /// had from these before they are converted; what each lets through is averaged.
    Cmyk,
}

impl Channels {
    /// Samples a pixel.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    /// Whether the last sample is alpha.
    pub(crate) fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }
}

/// In which order a decoder hands over pixels, which decides how much of the sum has to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Row after row, down or up; every pixel of a row before the next one.
    Rows,
    /// Any: interlaced, or in tiles.
    Any,
}
