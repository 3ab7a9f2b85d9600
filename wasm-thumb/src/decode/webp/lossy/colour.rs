//! From luma and chroma to red, green and blue (ITU-R BT.601, limited range), and chroma at full size.
//!
//! The constants have 14 bits after the point, as in libwebp, to whose values ours are equal.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]

/// Converts a row; each pixel has its own chroma.
pub(super) fn convert(luma: &[u8], chroma: [&[u8]; 2], rgb: &mut [u8]) {
    let chroma = chroma[0].iter().zip(chroma[1]);
    for ((pixel, y), (u, v)) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(luma).zip(chroma) {
        let times = |value: u8, factor: u32| ((u32::from(value) * factor) >> 8).cast_signed();
        let y = times(*y, 19_077);
        let clamp = |value: i32| (value >> 6).clamp(0, 255) as u8;
        *pixel = [
            clamp(y + times(*v, 26_149) - 14_234),
            clamp(y - times(*u, 6_419) - times(*v, 13_320) + 8_708),
            clamp(y + times(*u, 33_050) - 17_685),
        ];
    }
}

/// Chroma for the pixels of a row from its own row of samples and the nearer one of the others. A sample lies in
/// the middle of its four pixels, so each pixel takes 9/16, 3/16, 3/16 and 1/16 of those around it.
pub(super) fn upsample(near: &[u8], far: &[u8], full: &mut [u8]) {
    let at = |i: usize| {
        near.get(i).zip(far.get(i)).map_or(0, |(near, far)| 3 * u16::from(*near) + u16::from(*far))
    };
    let last = near.len().min(far.len()).saturating_sub(1);
    let mut before = at(0);
    let mut here = before;
    for (i, pair) in full.chunks_mut(2).enumerate() {
        let after = at((i + 1).min(last));
        let blend = |other: u16| ((3 * here + other + 8) / 16) as u8;
        let both = [blend(before), blend(after)];
        pair.iter_mut().zip(both).for_each(|(to, from)| *to = from);
        (before, here) = (here, after);
    }
}
