//! The pixels that later ones may be copied from, and the colours that were last seen (RFC 9649, sections 3.6.2.2 and
//! 3.6.2.3).
#![expect(clippy::inline_always, reason = "the hottest code there is: a call costs as much as the work")]

use crate::Error;

/// The farthest that a pixel is copied from, and the most that are copied at once, as their symbols can tell.
const MAX_DISTANCE: usize = 1 << 20;
const MAX_COPY: usize = 4096;

/// The latest rows of a picture. Row `y` is kept at `y % rows`.
pub(super) struct Recent {
    width: usize,
    rows: usize,
    pixels: Vec<u32>,
}

/// How many rows have to be kept of a picture of which later pixels are decoded, but no earlier ones asked for.
pub(super) fn rows_kept(width: usize, height: usize) -> usize {
    ((MAX_DISTANCE + MAX_COPY).div_ceil(width.max(1)) + 1).min(height)
}

impl Recent {
    pub(super) fn new(width: usize, rows: usize) -> Result<Self, Error> {
        let mut pixels = Vec::new();
        let bytes = (width as u64).saturating_mul(rows as u64).saturating_mul(4);
        pixels.try_reserve_exact(width * rows).map_err(|_| Error::OutOfMemory { bytes })?;
        Ok(Self { width, rows, pixels })
    }

    /// Makes room for a row after `done` pixels and for what a copy adds to it. Memory is touched as it is needed, so
    /// that a header that promises much costs nothing.
    pub(super) fn grow(&mut self, done: usize) {
        let most = self.width * self.rows;
        if self.pixels.len() < most {
            self.pixels.resize((done + self.width + MAX_COPY).max(self.pixels.len()).min(most), 0);
        }
    }

    /// Where pixel `number` of the picture is kept.
    pub(super) fn place(&self, number: usize) -> usize {
        number % (self.width * self.rows).max(1)
    }

    pub(super) fn row(&self, y: usize) -> &[u32] {
        let from = y % self.rows.max(1) * self.width;
        self.pixels.get(from..from + self.width).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn set(&mut self, place: usize, pixel: u32) {
        if let Some(kept) = self.pixels.get_mut(place) {
            *kept = pixel;
        }
    }

    /// Copies `count` pixels to `place` from `distance` before it, and puts them into the cache.
    pub(super) fn copy(&mut self, place: usize, distance: usize, count: usize, cache: &mut Cache) {
        let most = self.width * self.rows;
        let from = if distance <= place { place - distance } else { place + most - distance };
        if from.max(place) + count > most {
            // Around the end.
            for n in 0..count {
                let pixel = self.pixels.get((from + n) % most).copied().unwrap_or(0);
                self.set((place + n) % most, pixel);
                cache.put(pixel);
            }
            return;
        }
        if distance >= count {
            if place + count <= self.pixels.len() && from + count <= self.pixels.len() {
                self.pixels.copy_within(from..from + count, place);
            }
        } else if let Some(pixels) = self.pixels.get_mut(from..place + count) {
            for at in distance..pixels.len() {
                pixels[at] = pixels[at - distance];
            }
        }
        if !cache.is_empty() {
            // What repeats itself leaves the same in the cache as the last time that it comes.
            let last = place + count - count.min(distance)..place + count;
            self.pixels.get(last).unwrap_or_default().iter().for_each(|&pixel| cache.put(pixel));
        }
    }

    /// All pixels, where all rows are kept.
    pub(super) fn into_pixels(mut self) -> Vec<u32> {
        self.pixels.truncate(self.width * self.rows);
        self.pixels
    }
}

/// Recent colours by their hash.
pub(super) struct Cache {
    colours: Vec<u32>,
    /// How far a hash is shifted down.
    shift: u32,
}

impl Cache {
    /// Of 2 to the power of `bits` colours; of none where that is 0.
    pub(super) fn new(bits: u32) -> Self {
        Self { colours: vec![0; if bits == 0 { 0 } else { 1 << bits }], shift: 32 - bits.max(1) }
    }

    pub(super) fn len(&self) -> usize {
        self.colours.len()
    }

    fn is_empty(&self) -> bool {
        self.colours.is_empty()
    }

    #[inline(always)]
    pub(super) fn put(&mut self, pixel: u32) {
        let hash = pixel.wrapping_mul(0x1E35_A7BD) >> self.shift;
        if let Some(colour) = self.colours.get_mut(hash as usize) {
            *colour = pixel;
        }
    }

    /// The colour at an index, which counts as seen once more.
    #[inline(always)]
    pub(super) fn get(&mut self, index: usize) -> u32 {
        let colour = self.colours.get(index).copied().unwrap_or(0);
        // It is where its hash says, unless nothing had been put there.
        if colour == 0 {
            self.put(colour);
        }
        colour
    }
}
