//! Undoing filters (PNG 3, 9.2): a stored byte is the difference to what its neighbours let expect.

use crate::{Error, Format};

/// Undoes the filter of a row into `row`: `stored` is the filter's number and as many bytes, `above` the row above,
/// zeroes for the first one. Neighbours to the left are `pixel_bytes` away.
pub(super) fn undo(stored: &[u8], above: &[u8], row: &mut [u8], pixel_bytes: usize) -> Result<(), Error> {
    let (&filter, stored) = stored.split_first().unwrap_or((&0, &[]));
    match (filter, pixel_bytes) {
        (0, _) => {
            for (byte, &stored) in row.iter_mut().zip(stored) {
                *byte = stored;
            }
        }
        (2, _) => {
            for ((byte, &stored), &above) in row.iter_mut().zip(stored).zip(above) {
                *byte = stored.wrapping_add(above);
            }
        }
        (1 | 3 | 4, 1) => by_pixels::<1>(filter, stored, above, row),
        (1 | 3 | 4, 2) => by_pixels::<2>(filter, stored, above, row),
        (1 | 3 | 4, 3) => by_pixels::<3>(filter, stored, above, row),
        (1 | 3 | 4, 4) => by_pixels::<4>(filter, stored, above, row),
        (1 | 3 | 4, 6) => by_pixels::<6>(filter, stored, above, row),
        (1 | 3 | 4, _) => by_pixels::<8>(filter, stored, above, row),
        _ => return Err(Error::Corrupt { format: Format::Png, source: "a filter that there is not".into() }),
    }
    Ok(())
}

fn by_pixels<const N: usize>(filter: u8, stored: &[u8], above: &[u8], row: &mut [u8]) {
    let pixels = row.as_chunks_mut::<N>().0.iter_mut().zip(stored.as_chunks::<N>().0);
    let pixels = pixels.zip(above.as_chunks::<N>().0);
    let mut left = [0; N];
    match filter {
        1 => {
            for ((pixel, stored), _) in pixels {
                for (left, &stored) in left.iter_mut().zip(stored) {
                    *left = stored.wrapping_add(*left);
                }
                *pixel = left;
            }
        }
        3 => {
            for ((pixel, stored), above) in pixels {
                for ((left, &stored), &above) in left.iter_mut().zip(stored).zip(above) {
                    *left = stored.wrapping_add(left.midpoint(above));
                }
                *pixel = left;
            }
        }
        _ => {
            let (mut left, mut left_above) = ([0; N], [0; N]);
            for ((pixel, stored), above) in pixels {
                // In words of 16 bits throughout, which become lanes of a vector.
                let (stored, above) = (stored.map(i16::from), above.map(i16::from));
                for i in 0..N {
                    left[i] = (stored[i] + paeth(left[i], above[i], left_above[i])) & 0xFF;
                }
                for (byte, word) in pixel.iter_mut().zip(left) {
                    *byte = word.to_le_bytes()[0];
                }
                left_above = above;
            }
        }
    }
}

/// That of the three which is nearest to `left + above - left_above`; of two as near the first.
fn paeth(left: i16, above: i16, left_above: i16) -> i16 {
    // Where `left_above` lies towards the greater of the two, or beyond, the sum lies towards the smaller, and the
    // other way round; in between `left_above` itself is nearest. Two comparisons tell, instead of three distances.
    let (low, high) = (left.min(above), left.max(above));
    let threshold = 3 * left_above - (left + above);
    let near = if high <= threshold { low } else { left_above };
    if threshold <= low { high } else { near }
}
