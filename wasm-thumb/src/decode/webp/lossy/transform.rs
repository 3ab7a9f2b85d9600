//! The inverse transforms (RFC 6386, sections 14.3 and 14.4), in integers of 16 bits.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the upper half, or clamped")]

/// Four values side by side.
type Four = [i16; 4];

fn add(a: Four, b: Four) -> Four {
    std::array::from_fn(|i| a[i].wrapping_add(b[i]))
}

fn subtract(a: Four, b: Four) -> Four {
    std::array::from_fn(|i| a[i].wrapping_sub(b[i]))
}

/// The upper half of the product with a constant.
fn scale<const BY: i16>(a: Four) -> Four {
    a.map(|a| ((i32::from(a) * i32::from(BY)) >> 16) as i16)
}

/// Times √2·cos(π/8), which is 1 + 20091/65536.
fn by_cosine(a: Four) -> Four {
    add(a, scale::<20091>(a))
}

/// Times √2·sin(π/8), which is 35468/65536; as that has 16 bits, it is written as 1 − 30068/65536.
fn by_sine(a: Four) -> Four {
    add(a, scale::<-30068>(a))
}

fn pass([i0, i1, i2, i3]: [Four; 4]) -> [Four; 4] {
    let (even, odd) = (add(i0, i2), subtract(i0, i2));
    let low = subtract(by_sine(i1), by_cosine(i3));
    let high = add(by_cosine(i1), by_sine(i3));
    [add(even, high), add(odd, low), subtract(odd, low), subtract(even, high)]
}

fn transpose(rows: [Four; 4]) -> [Four; 4] {
    std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i]))
}

/// The residue of a block of 4×4 pixels, row by row.
pub(super) fn residue(block: &[i16; 16]) -> [Four; 4] {
    let rows = std::array::from_fn(|i| std::array::from_fn(|j| block[4 * i + j]));
    let mut columns = transpose(pass(rows));
    // Rounds what is divided by eight at the end.
    columns[0] = add(columns[0], [4; 4]);
    transpose(pass(columns)).map(|row| row.map(|value| value >> 3))
}

/// A pixel and its residue.
pub(super) fn sum(pixel: u8, residue: i16) -> u8 {
    residue.saturating_add(i16::from(pixel)).clamp(0, 255) as u8
}

/// Gives each block of luma the first coefficient that the block of averages holds for it, which was told as far
/// as `end`.
pub(super) fn averages(block: &[i16; 16], end: u8, blocks: &mut [[i16; 16]; 24]) {
    if end < 2 {
        let all = (i32::from(block[0]) + 3) >> 3;
        blocks[..16].iter_mut().for_each(|block| block[0] = all as i16);
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
    for (row, blocks) in rows.into_iter().zip(blocks.as_chunks_mut::<4>().0) {
        for (value, block) in butterfly(row).into_iter().zip(blocks) {
            block[0] = ((value + 3) >> 3) as i16;
        }
    }
}
