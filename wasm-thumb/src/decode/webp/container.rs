//! The container: chunks of a RIFF file (RFC 9649, section 2).

use super::defect::Defect;
use super::{lossless, lossy};

/// What a WebP file holds, of an animation its first frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container<'a> {
    /// Width and height of the canvas, pixels.
    pub(super) canvas: (u32, u32),
    pub(super) frame: Frame<'a>,
    pub(super) profile: Option<&'a [u8]>,
}

/// A picture and its place on the canvas.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// Column and row of its first pixel.
    pub(super) place: (u32, u32),
    pub(super) size: (u32, u32),
    pub(super) coding: Coding<'a>,
}

/// How a picture is coded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Coding<'a> {
    Lossy { data: &'a [u8], alpha: Option<&'a [u8]> },
    Lossless { data: &'a [u8], has_alpha: bool },
}

/// A chunk. Where the file ends before it does, its body is what is there.
#[derive(Clone, Copy, Debug)]
struct Chunk<'a> {
    kind: [u8; 4],
    body: &'a [u8],
}

/// Chunks, one after another.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let ([k0, k1, k2, k3, s0, s1, s2, s3], rest) = self.0.split_first_chunk()?;
        let size = u32::from_le_bytes([*s0, *s1, *s2, *s3]);
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        let (body, rest) = rest.split_at(size);
        // A body of an odd size is padded.
        self.0 = if size % 2 == 1 { rest.get(1..).unwrap_or_default() } else { rest };
        Some(Chunk { kind: [*k0, *k1, *k2, *k3], body })
    }
}

impl<'a> Container<'a> {
    /// Reads the headers. The size that the file says it has is not looked at, as nothing depends on it.
    pub(super) fn read(file: &'a [u8]) -> Result<Self, Defect> {
        let chunks = file.get(12..).ok_or(Defect::BreaksOff)?;
        let first = Chunks(chunks).next().ok_or(Defect::BreaksOff)?;
        if &first.kind != b"VP8X" {
            let frame = Frame::read(Chunks(chunks), false)?;
            return Ok(Self { canvas: frame.size, frame, profile: None });
        }
        let [flags, _, _, _, canvas @ ..] = first.body.first_chunk::<10>().ok_or(Defect::BreaksOff)?;
        let canvas = (number_24(canvas, 0) + 1, number_24(canvas, 3) + 1);
        let is_animation = flags & 2 != 0;
        let frame = if is_animation {
            let frame = Chunks(chunks).find(|chunk| &chunk.kind == b"ANMF").ok_or(Defect::BreaksOff)?;
            Frame::read_placed(frame.body)?
        } else {
            Frame::read(Chunks(chunks), true)?
        };
        let (right, bottom) = (frame.place.0 + frame.size.0, frame.place.1 + frame.size.1);
        if right > canvas.0 || bottom > canvas.1 || !is_animation && frame.size != canvas {
            return Err(Defect::Has("a picture that is not of the size of its canvas"));
        }
        let profile = Chunks(chunks).find(|chunk| &chunk.kind == b"ICCP").map(|chunk| chunk.body);
        Ok(Self { canvas, frame, profile })
    }
}

impl<'a> Frame<'a> {
    /// A frame of an animation (RFC 9649, section 2.7.1.1).
    fn read_placed(body: &'a [u8]) -> Result<Self, Defect> {
        let (header, chunks) = body.split_first_chunk::<16>().ok_or(Defect::BreaksOff)?;
        let size = (number_24(header, 6) + 1, number_24(header, 9) + 1);
        let frame = Self::read(Chunks(chunks), true)?;
        if frame.size != size {
            return Err(Defect::Has("a frame of another size than it says"));
        }
        Ok(Self { place: (2 * number_24(header, 0), 2 * number_24(header, 3)), ..frame })
    }

    /// The first picture among the chunks, and the alpha before it where there may be one.
    fn read(chunks: Chunks<'a>, may_have_alpha: bool) -> Result<Self, Defect> {
        let mut alpha = None;
        for chunk in chunks {
            let data = chunk.body;
            match &chunk.kind {
                b"ALPH" if may_have_alpha && alpha.is_none() => alpha = Some(data),
                b"VP8 " => {
                    let size = lossy::dimensions(data)?;
                    return Ok(Self { place: (0, 0), size, coding: Coding::Lossy { data, alpha } });
                }
                b"VP8L" => {
                    let (size, has_alpha) = lossless::header(data)?;
                    return Ok(Self { place: (0, 0), size, coding: Coding::Lossless { data, has_alpha } });
                }
                _ => {}
            }
        }
        Err(Defect::BreaksOff)
    }
}

fn number_24(bytes: &[u8], at: usize) -> u32 {
    let byte = |i: usize| bytes.get(at + i).map_or(0, |&byte| u32::from(byte));
    byte(0) | byte(1) << 8 | byte(2) << 16
}
