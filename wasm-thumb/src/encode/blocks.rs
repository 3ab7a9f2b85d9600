//! The picture as blocks of coefficients, a band of rows of blocks at a time.

use super::transform::{SAMPLE_FRACTION_BITS, forward};
use crate::scale::Small;

/// Bits of the fraction of the factors below.
const FACTOR_BITS: u32 = 16;
/// From red, green and blue to luma and the two chroma components, of which 0 is the middle: JFIF 1.02 (ITU-T
/// T.871), section 7. The rows of chroma add up to nothing, so that grey stays grey.
const FACTORS: [[i32; 3]; 3] =
    [[19_595, 38_470, 7_471], [-11_058, -21_710, 32_768], [32_768, -27_439, -5_329]];
/// What luma is moved by, so that its middle is 0 too.
const MIDDLE: [i32; 3] = [128 << SAMPLE_FRACTION_BITS, 0, 0];

/// One block of one component.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// In the order of the zigzag, with [`super::transform::COEFFICIENT_FRACTION_BITS`].
    pub(super) coefficients: [i16; 64],
    /// How many of its samples belong to the picture, 1 to 64; the rest is cut off by whoever decodes it.
    pub(super) visible: u8,
}

/// A picture that is cut into blocks.
pub(super) struct Grid<'a> {
    picture: &'a Small,
    /// 3, or 1 where nothing has a colour.
    pub(super) components: usize,
}

impl<'a> Grid<'a> {
    pub(super) fn new(picture: &'a Small) -> Self {
        let is_grey = picture.pixels.iter().all(|[red, green, blue]| red == green && green == blue);
        Self { picture, components: if is_grey { 1 } else { 3 } }
    }

    /// Rows of blocks.
    pub(super) fn rows(&self) -> u32 {
        self.picture.height.div_ceil(8)
    }

    /// Blocks of a row, of all components.
    pub(super) fn blocks_per_row(&self) -> usize {
        self.picture.width.div_ceil(8) as usize * self.components
    }

    /// Puts the blocks of some rows into `blocks`, in the order in which they are written: from left to right, the
    /// components of a place one after the other.
    pub(super) fn read(&self, rows: std::ops::Range<u32>, blocks: &mut Vec<Block>) {
        blocks.clear();
        for row in rows {
            for column in 0..self.picture.width.div_ceil(8) {
                let (left, top) = (column * 8, row * 8);
                let (width, height) = (self.picture.width - left, self.picture.height - top);
                let visible = u8::try_from(width.min(8) * height.min(8)).unwrap_or(64);
                let pixels = self.pixels(left, top);
                for component in 0..self.components {
                    let coefficients = forward(&samples(&pixels, component));
                    blocks.push(Block { coefficients, visible });
                }
            }
        }
    }

    /// The pixels of a block. What lies outside is the picture mirrored at its edge: it continues smoothly, and a
    /// block that is half outside has no odd frequencies across, so that its 4 columns take 4 coefficients.
    fn pixels(&self, left: u32, top: u32) -> [[[u8; 3]; 8]; 8] {
        let Small { width, height, pixels } = self.picture;
        let columns: [usize; 8] = std::array::from_fn(|x| mirrored(left as usize + x, *width as usize));
        std::array::from_fn(|y| {
            let row = mirrored(top as usize + y, *height as usize) * *width as usize;
            columns.map(|column| pixels[row + column])
        })
    }
}

/// The place that is shown at `at` when `length` places are mirrored at their end, and again at their beginning.
fn mirrored(at: usize, length: usize) -> usize {
    let at = at % (2 * length);
    at.min(2 * length - 1 - at)
}

fn samples(pixels: &[[[u8; 3]; 8]; 8], component: usize) -> [[i32; 8]; 8] {
    const SHIFT: u32 = FACTOR_BITS - SAMPLE_FRACTION_BITS;
    let [red, green, blue] = FACTORS[component];
    pixels.map(|row| {
        row.map(|pixel| {
            let [r, g, b] = pixel.map(i32::from);
            ((red * r + green * g + blue * b + (1 << (SHIFT - 1))) >> SHIFT) - MIDDLE[component]
        })
    })
}
