//! Step 6: the size, in two goes. While the decoded rows are turned into linear light, squares of whole pixels
//! are averaged to one, down to a few times the size wanted; Lanczos' filter does the rest.

mod average;
mod crop;
mod lanczos;
mod light;
mod reduce;

pub(crate) use crop::{Crop, Kept, spare};
pub(crate) use lanczos::resize;
pub(crate) use reduce::Reducer;

/// A reduced picture in linear light of 0 to 65535: red, green, blue, each times alpha, and alpha. Of
/// [`crate::decode::Channels::Cmyk`] these four instead, as they are encoded.
pub(crate) struct Reduced {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<[u16; 4]>,
}

/// An opaque picture in linear light of 0 to 65535.
pub(crate) struct Opaque {
    /// Whether its colours are those of sRGB already, and not those of the picture's profile had by sRGB's curve.
    pub(crate) is_srgb: bool,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<fast_image_resize::pixels::U16x3>,
}

/// A picture of the final size in 8-bit sRGB.
pub(crate) struct Small {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<[u8; 3]>,
}
