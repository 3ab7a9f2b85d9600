//! The inverse transforms (RFC 6386, sections 14.3 and 14.4), in integers of 16 bits.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the upper half, or clamped")]

/// Blocks of a macroblock: 16 of luma, 4 of each chroma.
pub(super) const BLOCKS: usize = 24;

/// Coefficients by their place, then by block: so that what is done to one block is done to all of them at once.
pub(super) type Coefficients = [[i16; BLOCKS]; 16];
/// By row of a block, block and column: rows of neighbouring blocks are rows of a macroblock.
pub(super) type Rows = [[[i16; 4]; BLOCKS]; 4];

/// Times √2·cos(π/8), which is 1 + 20091/65536.
fn by_cosine(a: i16) -> i16 {
    a.wrapping_add(((i32::from(a) * 20_091) >> 16) as i16)
}

/// Times √2·sin(π/8), which is 35468/65536; as that has 16 bits, it is written as 1 − 30068/65536.
fn by_sine(a: i16) -> i16 {
    a.wrapping_add(((i32::from(a) * -30_068) >> 16) as i16)
}

fn pass([i0, i1, i2, i3]: [i16; 4]) -> [i16; 4] {
    let (even, odd) = (i0.wrapping_add(i2), i0.wrapping_sub(i2));
    let low = by_sine(i1).wrapping_sub(by_cosine(i3));
    let high = by_cosine(i1).wrapping_add(by_sine(i3));
    [even.wrapping_add(high), odd.wrapping_add(low), odd.wrapping_sub(low), even.wrapping_sub(high)]
}

/// What is to be added to the prediction. Loops run over blocks, which compilers turn into vector instructions.
#[inline(never)]
pub(super) fn residue(coefficients: &Coefficients, rows: &mut Rows) {
    let mut passed = [[0; BLOCKS]; 16];
    for column in 0..4 {
        for block in 0..BLOCKS {
            let values = pass(std::array::from_fn(|row| coefficients[4 * row + column][block]));
            for (row, value) in values.into_iter().enumerate() {
                passed[4 * row + column][block] = value;
            }
        }
    }
    for (row, values) in rows.iter_mut().zip(passed.as_chunks::<4>().0) {
        for (block, pixels) in row.iter_mut().enumerate() {
            let [first, rest @ ..]: [i16; 4] = std::array::from_fn(|column| values[column][block]);
            // Rounds what is divided by eight.
            *pixels = pass([first.wrapping_add(4), rest[0], rest[1], rest[2]]).map(|value| value >> 3);
        }
    }
}

/// The same if no block has more than its first coefficient.
pub(super) fn flat_residue(firsts: &[i16; BLOCKS], rows: &mut Rows) {
    for row in rows {
        for (pixels, first) in row.iter_mut().zip(firsts) {
            *pixels = [first.wrapping_add(4) >> 3; 4];
        }
    }
}

/// A pixel and its residue.
pub(super) fn sum(pixel: u8, residue: i16) -> u8 {
    residue.saturating_add(i16::from(pixel)).clamp(0, 255) as u8
}

/// Gives each block of luma the first coefficient that the block of averages holds for it, which was told as far
/// as `end`.
pub(super) fn averages(block: &[i16; 16], end: u8, firsts: &mut [i16; BLOCKS]) {
    if end < 2 {
        let all = (i32::from(block[0]) + 3) >> 3;
        firsts[..16].fill(all as i16);
        return;
    }
    let butterfly = |[i0, i1, i2, i3]: [i32; 4]| {
        let (a, b, c, d) = (i0 + i3, i1 + i2, i1 - i2, i0 - i3);
        [a + b, c + d, a - b, d - c]
    };
    let mut rows = [[0; 4]; 4];
    for column in 0..4 {
        let values = butterfly(std::array::from_fn(|row| i32::from(block[4 * row + column])));
        rows.iter_mut().zip(values).for_each(|(row, value)| row[column] = value);
    }
    for (row, firsts) in rows.into_iter().zip(firsts.as_chunks_mut::<4>().0) {
        for (value, first) in butterfly(row).into_iter().zip(firsts) {
            *first = ((value + 3) >> 3) as i16;
        }
    }
}
