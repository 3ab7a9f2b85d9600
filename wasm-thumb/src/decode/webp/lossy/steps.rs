//! Quantisation steps (RFC 6386, section 14.1).

/// Of the first coefficient, by index.
#[rustfmt::skip]
const DC: [u8; 128] = [
    4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23, 23,
    24, 25, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46,
    46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70,
    71, 72, 73, 74, 75, 76, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 91, 93, 95, 96, 98,
    100, 101, 102, 104, 106, 108, 110, 112, 114, 116, 118, 122, 124, 126, 128, 130, 132, 134, 136, 138,
    140, 143, 145, 148, 151, 154, 157,
];

/// Of the other coefficients, by index.
#[rustfmt::skip]
const AC: [u16; 128] = [
    4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
    30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
    55, 56, 57, 58, 60, 62, 64, 66, 68, 70, 72, 74, 76, 78, 80, 82, 84, 86, 88, 90, 92, 94, 96, 98, 100,
    102, 104, 106, 108, 110, 112, 114, 116, 119, 122, 125, 128, 131, 134, 137, 140, 143, 146, 149, 152,
    155, 158, 161, 164, 167, 170, 173, 177, 181, 185, 189, 193, 197, 201, 205, 209, 213, 217, 221, 225,
    229, 234, 239, 245, 249, 254, 259, 264, 269, 274, 279, 284,
];

/// The steps of a macroblock, of the first coefficient and of the others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Steps {
    pub(super) luma: [i16; 2],
    /// Of the block of the luma blocks' averages.
    pub(super) averages: [i16; 2],
    pub(super) chroma: [i16; 2],
}

/// What the frame header adds to the index of each kind of step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offsets {
    pub(super) luma_dc: i8,
    pub(super) averages: [i8; 2],
    pub(super) chroma: [i8; 2],
}

impl Steps {
    pub(super) fn new(index: i16, offsets: Offsets) -> Self {
        let at = |offset: i8| usize::try_from((index + i16::from(offset)).clamp(0, 127)).unwrap_or(0);
        let dc = |offset| i16::from(DC[at(offset)]);
        let ac = |offset| AC[at(offset)].cast_signed();
        let wide = i32::from(ac(offsets.averages[1])) * 155 / 100;
        Self {
            luma: [dc(offsets.luma_dc), ac(0)],
            averages: [2 * dc(offsets.averages[0]), i16::try_from(wide).unwrap_or(i16::MAX).max(8)],
            chroma: [dc(offsets.chroma[0]).min(132), ac(offsets.chroma[1])],
        }
    }
}
