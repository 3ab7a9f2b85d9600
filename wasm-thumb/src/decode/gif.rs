//! GIF (89a), its first frame, by the decoder of the `gif` crate, row by row. What of its screen the frame does not
//! cover is transparent.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, MemoryLimit};

use super::{Channels, Order, RowSink, Samples};
use crate::{Error, Format};

/// What is kept of a profile and of a description, each.
const MAX_EXTENSION_BYTES: u64 = 32 << 20;
/// The dictionary of LZW, the palettes, and room to move in.
const WORKING_BYTES: u64 = 256 << 10;

/// First row of each pass, and how far apart its rows are (GIF 89a, appendix E).
const PASSES: [(u32, usize); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];
const WHOLE: [(u32, usize); 1] = [(0, 1)];

/// A picture of which everything before the pixels of its first frame has been read.
pub(crate) struct Opened<'a> {
    bytes: &'a [u8],
    decoder: Decoder<&'a [u8]>,
    frame: Frame,
}

/// Where the frame lies on the screen.
#[derive(Clone, Copy, Debug)]
struct Frame {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    is_interlaced: bool,
}

impl<'a> Opened<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let failure = |error| failure(bytes, error);
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        options.set_memory_limit(
            NonZeroU64::new(MAX_EXTENSION_BYTES).map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes),
        );
        let mut decoder = options.read_info(bytes).map_err(failure)?;
        let none = Error::BadHeader { format: Format::Gif, defect: "no frame" };
        let frame = decoder.next_frame_info().map_err(failure)?.ok_or(none)?;
        let frame = Frame {
            left: frame.left.into(),
            top: frame.top.into(),
            width: frame.width.into(),
            height: frame.height.into(),
            is_interlaced: frame.interlaced,
        };
        Ok(Self { bytes, decoder, frame })
    }

    pub(super) fn dimensions(&self) -> (u32, u32) {
        (self.decoder.width().into(), self.decoder.height().into())
    }

    #[expect(clippy::unused_self, reason = "as of every format")]
    pub(super) fn channels(&self) -> Channels {
        Channels::Rgba
    }

    pub(super) fn order(&self) -> Order {
        if self.frame.is_interlaced { Order::Any } else { Order::Rows }
    }

    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        self.decoder.icc_profile().map(<[u8]>::to_vec)
    }

    pub(super) fn decoded_bytes(&self) -> u64 {
        u64::from(self.frame.width) * 8 + WORKING_BYTES + self.profile_bytes()
    }

    /// A profile has been read into memory that doubled as it grew, and is copied.
    pub(super) fn profile_bytes(&self) -> u64 {
        3 * self.decoder.icc_profile().map_or(0, <[u8]>::len) as u64
    }

    pub(super) fn decode(mut self, sink: &mut impl RowSink) -> Result<(), Error> {
        let Frame { left, top, width, height, is_interlaced } = self.frame;
        let mut row = vec![0; width as usize * Channels::Rgba.count()];
        let passes: &[_] = if is_interlaced { &PASSES } else { &WHOLE };
        for &(first, step) in passes {
            for y in (first..height).step_by(step) {
                // Values that the palette does not have leave their pixel as it was.
                row.fill(0);
                if !self.decoder.fill_buffer(&mut row).map_err(|error| failure(self.bytes, error))? {
                    return Err(Error::Truncated { format: Format::Gif, bytes: self.bytes.len() });
                }
                sink.row(top + y, left, 1, Samples::Eight(&row));
            }
        }
        Ok(())
    }
}

fn failure(bytes: &[u8], error: DecodingError) -> Error {
    let format = Format::Gif;
    match error {
        DecodingError::UnexpectedEof => Error::Truncated { format, bytes: bytes.len() },
        DecodingError::MemoryLimit | DecodingError::OutOfMemory => {
            Error::DecoderLimit { format, source: "a profile or a description".into() }
        }
        error => Error::Corrupt { format, source: error.to_string().into() },
    }
}
