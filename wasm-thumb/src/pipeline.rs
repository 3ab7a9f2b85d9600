//! The steps from the bytes of a picture to the bytes of its thumbnail.

use crate::colour::{ColourSpace, Colours};
use crate::scale::{Crop, Reducer, Small};
use crate::{Error, Format, Inspection, Limits, Options, Orientation, Position, Size, Thumbnail};
use crate::{decode, encode, metadata, orient, scale, sniff};

/// Makes a thumbnail: a baseline JPEG in sRGB of exactly `options.size` pixels, upright, without metadata.
///
/// The largest part of the picture's middle that has the thumbnail's shape is kept; a picture smaller than the
/// thumbnail is enlarged. Averages are taken in linear light. What is transparent becomes white. Of an
/// animation the first frame is taken.
///
/// # Errors
/// See [`Error`]; [`Error::code`] tells the cases apart for programs.
pub fn thumbnail(bytes: &[u8], options: &Options) -> Result<Thumbnail, Error> {
    let (small, source) = unencoded(bytes, options)?;
    let bytes = encode::jpeg(&small, options.quality)?;
    let Small { width, height, .. } = small;
    let Source { width: source_width, height: source_height, format, orientation } = source;
    Ok(Thumbnail { bytes, width, height, source_width, source_height, format, orientation })
}

/// What a picture was; width and height are those of the upright picture.
pub(crate) struct Source {
    width: u32,
    height: u32,
    format: Format,
    orientation: Orientation,
}

/// Every step but the last.
pub(crate) fn unencoded(bytes: &[u8], options: &Options) -> Result<(Small, Source), Error> {
    options.limits.check_input(bytes)?;
    let format = sniff::identify(bytes)?;
    let mut picture = decode::open(bytes, format, &options.limits)?;
    let orientation = metadata::orientation(bytes, format);
    let (width, height) = picture.dimensions();
    let size = orientation.swap_if_sideways(options.size);
    let scale = picture.scale(scale::spare(width, height, size));
    let crop = Crop::cover(width, height, size, scale);
    let (channels, order) = (picture.channels(), picture.order());
    let decoding = picture.decoded_bytes(scale).saturating_add(crop.reducing_bytes(order));
    // Which is kept to the end.
    let profile = picture.profile_bytes();
    let after = [crop.resizing_bytes(size), encoding_bytes(size)].map(|bytes| bytes.saturating_add(profile));
    let steps = [decoding, after[0], after[1]];
    options.limits.check_memory((width, height), steps)?;

    // Pixels are averaged as they are decoded, and turned and given their true colours once they have become few.
    let space = picture.colour_space();
    let mut reducer = Reducer::new(&crop, channels, order)?;
    picture.decode(scale, &options.limits, &mut reducer)?;
    let (upright, kept) = orient::turn(reducer.finish(), crop.kept, orientation);
    let colours = Colours::new(space.as_ref(), channels);
    let small = colours.resize(&upright, kept, options.size)?;
    let (width, height) = orientation.upright(width, height);
    Ok((small, Source { width, height, format, orientation }))
}

/// Reads what the file tells without its pixels: size, orientation, camera and the like.
///
/// # Errors
/// As [`thumbnail`], for what the header shows; a picture that passes here may still prove to be damaged.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspection, Error> {
    limits.check_input(bytes)?;
    let format = sniff::identify(bytes)?;
    let mut picture = decode::open(bytes, format, limits)?;
    let (width, height) = picture.dimensions();
    let space = picture.colour_space();
    let profile = space.as_ref().and_then(ColourSpace::profile);
    let (orientation, metadata) = metadata::read(bytes, format, profile);
    let (width, height) = orientation.upright(width, height);
    Ok(Inspection { format, width, height, orientation, metadata })
}

/// Where a picture was taken, if its metadata tell.
///
/// Kept apart from [`inspect`], so that nobody has it who did not ask for it.
#[must_use]
pub fn position(bytes: &[u8]) -> Option<Position> {
    metadata::position(bytes, sniff::identify(bytes).ok()?)
}

/// What encoding takes: 3 bytes a pixel, 6 more for what the transform makes of them until the tables are known, and
/// the file, which is no longer than its pixels.
pub(crate) fn encoding_bytes(size: Size) -> u64 {
    u64::from(size.width()) * u64::from(size.height()) * 12
}
