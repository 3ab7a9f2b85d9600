//! What is refused, judged from the header before anything is allocated.

use crate::Error;

/// What is refused. The defaults let a photo of 100 megapixels through in every coding that is not progressive JPEG
/// of which a thumbnail of thousands of pixels is wanted.
///
/// There is no limit of frames, because none is needed: of an animation or a file of many pages the first is read,
/// and what lies behind it is not walked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest input, bytes; 256 MiB if nothing else is said.
    pub max_input_bytes: u64,
    /// The most pixels; 2²⁸ if nothing else is said.
    pub max_pixels: u64,
    /// The most memory beside the input at any time, bytes; 256 MiB if nothing else is said. What a picture takes is
    /// told from its header, and one that would take more is refused before anything of its size is allocated.
    ///
    /// Most formats take some rows and the reduced picture, which is a few times the thumbnail's width and height.
    /// A TIFF whose strips or tiles are JPEGs takes one of them at a time, which may be all of it.
    pub max_alloc_bytes: u64,
}

/// What does not grow with the picture: tables, weights, headers.
const WORKING_BYTES: u64 = 256 << 10;

impl Default for Limits {
    fn default() -> Self {
        Self { max_input_bytes: 256 << 20, max_pixels: 1 << 28, max_alloc_bytes: 256 << 20 }
    }
}

impl Limits {
    /// Refuses an input that is too long.
    pub(crate) fn check_input(&self, bytes: &[u8]) -> Result<(), Error> {
        let (bytes, max_bytes) = (bytes.len() as u64, self.max_input_bytes);
        if bytes > max_bytes { Err(Error::TooManyBytes { bytes, max_bytes }) } else { Ok(()) }
    }

    /// Refuses too many pixels.
    pub(crate) fn check_pixels(&self, width: u32, height: u32) -> Result<(), Error> {
        let max_pixels = self.max_pixels;
        if u64::from(width) * u64::from(height) > max_pixels {
            return Err(Error::TooManyPixels { width, height, max_pixels });
        }
        Ok(())
    }

    /// Refuses a picture of which any step takes too many bytes.
    pub(crate) fn check_memory(&self, (width, height): (u32, u32), steps: [u64; 3]) -> Result<(), Error> {
        let bytes = steps.into_iter().max().unwrap_or(0).saturating_add(WORKING_BYTES);
        let max_bytes = self.max_alloc_bytes;
        if bytes > max_bytes {
            return Err(Error::TooMuchMemory { width, height, bytes, max_bytes });
        }
        Ok(())
    }
}

/// A buffer of zeroes, or an error where the machine has no memory left for it.
pub(crate) fn zeroes<T: Clone + Default>(len: usize) -> Result<Vec<T>, Error> {
    let mut buffer = Vec::new();
    let bytes = (len as u64).saturating_mul(size_of::<T>() as u64);
    buffer.try_reserve_exact(len).map_err(|_| Error::OutOfMemory { bytes })?;
    buffer.resize(len, T::default());
    Ok(buffer)
}
