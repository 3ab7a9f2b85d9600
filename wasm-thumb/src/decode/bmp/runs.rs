//! Run lengths ("Bitmap Compression", Windows GDI). What a jump passes over is black, and so is what never comes.

use super::header::Header;
use crate::decode::{RowSink, Samples};

/// Hands over rows from below, each put together in `row`. None if the data breaks off.
pub(super) fn decode(
    data: &[u8],
    header: &Header,
    bits: usize,
    row: &mut [u8],
    sink: &mut impl RowSink,
) -> Option<()> {
    let in_a_byte = 8 / bits;
    let (top, _) = sink.wanted().rows;
    let mut input = data.iter().copied();
    // Rows that are left, this one included, and the column.
    let (mut rows, mut x) = (header.height, 0);
    while rows > top {
        let mut rows_on = 0;
        match (input.next()?, input.next()?) {
            (0, 0) => (x, rows_on) = (0, 1),
            (0, 1) => break,
            (0, 2) => {
                x += usize::from(input.next()?);
                rows_on = u32::from(input.next()?);
            }
            (0, count) => {
                let stored = usize::from(count).div_ceil(in_a_byte);
                for place in 0..stored {
                    let left = usize::from(count) - place * in_a_byte;
                    x = put(row, x, header, (input.next()?, bits), left.min(in_a_byte));
                }
                if stored % 2 == 1 {
                    input.next()?;
                }
            }
            (count, byte) => {
                for place in 0..usize::from(count).div_ceil(in_a_byte) {
                    let left = usize::from(count) - place * in_a_byte;
                    x = put(row, x, header, (byte, bits), left.min(in_a_byte));
                }
            }
        }
        // A run that is too long ends with its row.
        x = x.min(header.width as usize);
        if rows_on > 0 {
            let after = rows.saturating_sub(rows_on);
            finish(row, (after, rows), sink);
            rows = after;
        }
    }
    finish(row, (0, rows), sink);
    Some(())
}

/// Hands over the lowest of the rows that are left, and black ones above it that a jump passes over.
fn finish(row: &mut [u8], (after, rows): (u32, u32), sink: &mut impl RowSink) {
    for y in (after..rows).rev() {
        sink.row(y, 0, 1, Samples::Eight(row));
        row.fill(0);
    }
}

/// Puts the indices of a byte, from the highest bits, into the row; tells the column after them.
fn put(row: &mut [u8], mut x: usize, header: &Header, (byte, bits): (u8, usize), count: usize) -> usize {
    for place in 1..=count {
        let index = (byte >> (8 - bits * place)) & (0xFF >> (8 - bits));
        let colour = header.palette.get(usize::from(index)).copied().unwrap_or_default();
        if let Some(pixel) = row.as_chunks_mut::<3>().0.get_mut(x) {
            *pixel = colour;
        }
        x += 1;
    }
    x
}
