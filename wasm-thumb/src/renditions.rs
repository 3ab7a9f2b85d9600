//! Several pictures from one decoding: those that a gallery shows beside thumbnails.
//!
//! The steps are those of [`crate::thumbnail`], but what is decoded and averaged is the whole picture, as large as the
//! largest of what is wanted needs it; each is then resized from that.

use crate::colour::Colours;
use crate::pipeline::encoding_bytes;
use crate::scale::{Crop, Kept, Reducer, Small};
use crate::{Error, Limits, Quality, Size};
use crate::{decode, encode, metadata, orient, sniff};

/// One picture that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The size that it has, or has to fit into.
    pub size: Size,
    /// What of the original it shows.
    pub shape: Shape,
    /// What it is.
    pub coding: Coding,
}

/// What of the original a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The largest part of its middle that has the shape of the size.
    Cover,
    /// All of it, as large as fits into the size.
    Fit,
}

/// What a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// A baseline JPEG file in sRGB, without metadata.
    Jpeg(Quality),
    /// Red, green and blue, 8 bits each in sRGB, row by row.
    Rgb,
}

/// A picture of those that were wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file, or the pixels.
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// How many times the size of the largest picture the decoder has to leave at least: less than for a thumbnail,
/// since a large picture is looked at less closely, and takes longer.
const DECODED_SCALE: f64 = 1.25;

/// Makes several pictures of one, upright and in sRGB, in the order of `specs`.
///
/// None is enlarged: instead of a [`Shape::Cover`] that would have to be there is nothing, and what fits as it is
/// keeps its size.
///
/// # Errors
/// As [`crate::thumbnail`].
pub fn renditions(bytes: &[u8], specs: &[Spec], limits: &Limits) -> Result<Vec<Option<Picture>>, Error> {
    limits.check_input(bytes)?;
    let format = sniff::identify(bytes)?;
    let mut picture = decode::open(bytes, format, limits)?;
    let orientation = metadata::orientation(bytes, format);
    let stored = picture.dimensions();
    let upright = orientation.upright(stored.0, stored.1);
    let sizes: Vec<_> = specs.iter().map(|spec| spec.shape.size(spec.size, upright)).collect();
    let wanted = || sizes.iter().flatten().copied();
    let Some(times) = wanted().map(|size| times(upright, size)).reduce(f64::min) else {
        return Ok(vec![None; specs.len()]);
    };
    let scale = picture.scale(times / DECODED_SCALE);
    let crop = Crop::whole(stored, scale, times);
    let (channels, order) = (picture.channels(), picture.order());
    let decoding = picture.decoded_bytes(scale).saturating_add(crop.reducing_bytes(order));
    let most = |bytes: &dyn Fn(Size) -> u64| wanted().map(bytes).max().unwrap_or(0);
    let (resizing, encoding) = (most(&|size| crop.resizing_bytes(size)), most(&encoding_bytes));
    // The reduced picture is there to the end.
    let after = resizing.saturating_add(encoding).saturating_add(picture.profile_bytes());
    limits.check_memory(stored, [decoding, after, 0])?;

    let space = picture.colour_space();
    let mut reducer = Reducer::new(&crop, channels, order)?;
    picture.decode(scale, limits, &mut reducer)?;
    let (all, whole) = orient::turn(reducer.finish(), crop.kept, orientation);
    let colours = Colours::new(space.as_ref(), channels);
    let make = |(spec, size): (&Spec, &Option<Size>)| {
        let Some(size) = *size else { return Ok(None) };
        let small = colours.resize(&all, spec.shape.kept(whole, size), size)?;
        let Small { width, height, .. } = small;
        let bytes = match spec.coding {
            Coding::Jpeg(quality) => encode::jpeg(&small, quality)?,
            Coding::Rgb => small.pixels.into_flattened(),
        };
        Ok(Some(Picture { bytes, width, height }))
    };
    specs.iter().zip(&sizes).map(make).collect()
}

/// How many times smaller a picture of `size` is.
fn times((width, height): (u32, u32), size: Size) -> f64 {
    (f64::from(width) / f64::from(size.width())).min(f64::from(height) / f64::from(size.height()))
}

impl Shape {
    /// The size of the picture; none if it would have to be enlarged.
    fn size(self, wanted: Size, (width, height): (u32, u32)) -> Option<Size> {
        let (across, down) = (wanted.width(), wanted.height());
        match self {
            Self::Cover => (width >= across && height >= down).then_some(wanted),
            Self::Fit if width <= across && height <= down => Size::new(width, height).ok(),
            Self::Fit => {
                // What of the side that is not filled: rounded, and no less than a pixel.
                let share = |side: u32, by: u32, of: u32| {
                    let (side, by, of) = (u64::from(side), u64::from(by), u64::from(of));
                    u32::try_from((side * by + of / 2) / of).unwrap_or(u32::MAX).max(1)
                };
                if u64::from(width) * u64::from(down) >= u64::from(height) * u64::from(across) {
                    Size::new(across, share(height, across, width)).ok()
                } else {
                    Size::new(share(width, down, height), down).ok()
                }
            }
        }
    }

    /// The part of the whole that is shown at `size`.
    fn kept(self, whole: Kept, size: Size) -> Kept {
        if self == Self::Fit {
            return whole;
        }
        let (across, down) = (f64::from(size.width()), f64::from(size.height()));
        let (width, height) = if whole.width * down <= whole.height * across {
            (whole.width, whole.width * down / across)
        } else {
            (whole.height * across / down, whole.height)
        };
        let (left, top) =
            (whole.left + (whole.width - width) / 2.0, whole.top + (whole.height - height) / 2.0);
        Kept { left, top, width, height }
    }
}
