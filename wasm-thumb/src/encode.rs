//! Step 7: the file. Chroma is kept at full size: at this size losing it costs more than it saves.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::scale::Small;
use crate::{Error, Quality};

/// A baseline JPEG with Huffman tables made for it, without metadata.
pub(crate) fn jpeg(picture: &Small, quality: Quality) -> Result<Vec<u8>, Error> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Error::Encode(error);
    let width = u16::try_from(picture.width).map_err(|error| failed(error.into()))?;
    let height = u16::try_from(picture.height).map_err(|error| failed(error.into()))?;
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality.get());
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(picture.pixels.as_flattened(), width, height, ColorType::Rgb)
        .map_err(|error| failed(error.into()))?;
    Ok(file)
}
