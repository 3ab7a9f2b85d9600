//! The rest of the way, by Lanczos' filter, in linear light: down first, then each row across.
//!
//! In single precision, whose 24 bits are more than the light has, by additions and multiplications in an order of
//! their own: four sums at a time, which compilers turn into whatever the machine has.

use super::lanczos::{AT_ONCE, Weights};
use super::{Kept, Reduced, Small};
use crate::limits::zeroes;
use crate::{Error, Size};

/// The light of white.
const BRIGHTEST: f32 = 65_535.0;

/// What a row of the reduced picture is before it is resized: of each pixel, values of 0 to 65535 in proportion to
/// light.
pub(crate) type Read<'a, const N: usize> = &'a dyn Fn(&[[u16; 4]], &mut [[f32; N]]);
/// What these values, resized, are in 8-bit sRGB.
pub(crate) type Write<'a, const N: usize> = &'a dyn Fn(&[[u16; N]], &mut [[u8; 3]]);

/// The part of the picture that is kept, at `size`.
pub(crate) fn resize<const N: usize>(
    source: &Reduced,
    kept: Kept,
    size: Size,
    read: Read<'_, N>,
    write: Write<'_, N>,
) -> Result<Small, Error> {
    let across = Weights::new(source.width, kept.left, kept.width, size.width())?;
    let down = Weights::new(source.height, kept.top, kept.height, size.height())?;
    let (width, height) = (source.width as usize, source.height as usize);
    let mut shares: Vec<f32> = zeroes(across.shares.len() * N)?;
    for (shares, share) in shares.as_chunks_mut::<N>().0.iter_mut().zip(&across.shares) {
        *shares = [*share; N];
    }
    let shares = shares.as_chunks().0;
    // The last rows that were read, as many as become one; the row that they become, with what the shares find beyond
    // its end; and what that becomes.
    let mut window: Vec<f32> = zeroes(down.taps * width * N)?;
    let mut sums: Vec<f32> = zeroes(across.end().max(width) * N)?;
    let mut row: Vec<u16> = zeroes(size.width() as usize * N)?;
    let mut pixels = zeroes(size.width() as usize * size.height() as usize)?;

    let place = |y: usize| y % down.taps * width * N..(y % down.taps + 1) * width * N;
    let mut next = 0;
    let finished = pixels.chunks_exact_mut(size.width() as usize);
    for ((finished, &first), shares_down) in
        finished.zip(&down.first).zip(down.shares.chunks_exact(down.taps))
    {
        for y in first.max(next)..height.min(first + down.taps) {
            read(&source.pixels[y * width..][..width], window[place(y)].as_chunks_mut().0);
            next = y + 1;
        }
        let sums_down = &mut sums[..width * N];
        sums_down.fill(0.0);
        for (y, &shares) in (first..).step_by(AT_ONCE).zip(shares_down.as_chunks().0) {
            add(sums_down, [0, 1, 2, 3].map(|below| &window[place(y + below)]), shares);
        }
        // Beside edges the filter finds less than no light, which must not spread across.
        for sum in &mut *sums_down {
            *sum = sum.clamp(0.0, BRIGHTEST);
        }
        let sums = sums.as_chunks().0;
        let row = row.as_chunks_mut().0;
        for ((light, &first), shares) in
            row.iter_mut().zip(&across.first).zip(shares.chunks_exact(across.taps))
        {
            *light = sum(&sums[first..][..across.taps], shares);
        }
        write(row, finished);
    }
    Ok(Small { width: size.width(), height: size.height(), pixels })
}

/// Adds shares of four rows.
fn add(sums: &mut [f32], [a, b, c, d]: [&[f32]; AT_ONCE], shares: [f32; AT_ONCE]) {
    for ((((sum, a), b), c), d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *sum += (a * shares[0] + b * shares[1]) + (c * shares[2] + d * shares[3]);
    }
}

/// The sum of the shares of neighbouring pixels.
fn sum<const N: usize>(pixels: &[[f32; N]], shares: &[[f32; N]]) -> [u16; N] {
    let mut sums = [[0.0; N]; AT_ONCE];
    for (pixels, shares) in pixels.as_chunks::<AT_ONCE>().0.iter().zip(shares.as_chunks::<AT_ONCE>().0) {
        for ((sums, pixel), shares) in sums.iter_mut().zip(pixels).zip(shares) {
            for ((sum, light), share) in sums.iter_mut().zip(pixel).zip(shares) {
                *sum += light * share;
            }
        }
    }
    std::array::from_fn(|channel| {
        whole((sums[0][channel] + sums[1][channel]) + (sums[2][channel] + sums[3][channel]))
    })
}

/// The nearest whole number of 0 to 65535.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn whole(light: f32) -> u16 {
    (light.clamp(0.0, BRIGHTEST) + 0.5) as u16
}
