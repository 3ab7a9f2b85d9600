//! Step 6: the size, in two goes. While the decoded rows are turned into linear light, squares of whole pixels
//! are averaged to one, down to a few times the size wanted; Lanczos' filter does the rest.

mod average;
mod crop;
mod lanczos;
mod light;
mod reduce;
mod resize;

pub(crate) use crop::{Crop, Kept, spare};
pub(crate) use reduce::Reducer;
pub(crate) use resize::{Read, Write, resize};

/// A reduced picture in linear light of 0 to 65535: red, green, blue, each times alpha, and alpha. Of
/// [`crate::decode::Channels::Cmyk`] what each of the four inks lets through, taken for encoded as sRGB is.
pub(crate) struct Reduced {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<[u16; 4]>,
}

/// A picture of the final size in 8-bit sRGB.
pub(crate) struct Small {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<[u8; 3]>,
}
