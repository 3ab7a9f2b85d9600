//! Curves from values to light (ICC.1:2022, 10.6 and 10.18).

use super::tags::{fixed, number};

/// Steps of the table that a curve is turned into.
const STEPS: u16 = 4096;

/// Light of 0 to 1 at `STEPS + 1` values from 0 to 65535.
#[derive(Clone)]
pub(super) struct Curve(Vec<f64>);

impl Curve {
    pub(super) fn parse(tag: &[u8]) -> Option<Self> {
        if let Some(data) = tag.strip_prefix(b"curv\0\0\0\0") {
            let count = number(data, 0)?;
            let entries = data.get(4..4 + count.checked_mul(2)?)?.as_chunks::<2>().0;
            return Some(match entries {
                [] => Self::of(|x| x),
                [gamma] => {
                    let gamma = f64::from(u16::from_be_bytes(*gamma)) / 256.0;
                    Self::of(|x| libm::pow(x, gamma))
                }
                entries => Self::of(|x| interpolate(entries, x)),
            });
        }
        let data = tag.strip_prefix(b"para\0\0\0\0")?;
        let kind = u16::from_be_bytes(*data.first_chunk()?);
        let count = *[1, 3, 4, 5, 7].get(usize::from(kind))?;
        let mut p = [0.0; 7];
        for (index, parameter) in p.iter_mut().take(count).enumerate() {
            *parameter = fixed(data, 4 + 4 * index)?;
        }
        Some(Self::parametric(kind, p))
    }

    /// The five kinds of formula.
    #[expect(clippy::many_single_char_names, reason = "the names of the specification")]
    fn parametric(kind: u16, [g, a, b, c, d, e, f]: [f64; 7]) -> Self {
        let power = |x: f64| libm::pow((a * x + b).max(0.0), g);
        match kind {
            0 => Self::of(|x| libm::pow(x, g)),
            1 => Self::of(|x| if a * x >= -b { power(x) } else { 0.0 }),
            2 => Self::of(|x| if a * x >= -b { power(x) + c } else { c }),
            3 => Self::of(|x| if x >= d { power(x) } else { c * x }),
            _ => Self::of(|x| if x >= d { power(x) + e } else { c * x + f }),
        }
    }

    fn of(curve: impl Fn(f64) -> f64) -> Self {
        let light = |step| curve(f64::from(step) / f64::from(STEPS)).clamp(0.0, 1.0);
        Self((0..=STEPS).map(light).map(|light| if light.is_nan() { 0.0 } else { light }).collect())
    }

    /// The light of a value, between the two steps of the table.
    pub(super) fn at(&self, value: u16) -> f64 {
        let position = u32::from(value) * u32::from(STEPS);
        let (index, rest) = ((position / 65_535) as usize, f64::from(position % 65_535) / 65_535.0);
        let low = self.0[index];
        let high = self.0[(index + 1).min(usize::from(STEPS))];
        low + (high - low) * rest
    }
}

/// The value at `x`, 0 to 1, of a table that spans it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
#[expect(clippy::cast_precision_loss, reason = "a profile has fewer entries than a double has integers")]
fn interpolate(entries: &[[u8; 2]], x: f64) -> f64 {
    let last = entries.len() - 1;
    let position = x * last as f64;
    let index = (position as usize).min(last);
    let light = |index: usize| f64::from(u16::from_be_bytes(entries[index])) / 65_535.0;
    let (low, high) = (light(index), light((index + 1).min(last)));
    low + (high - low) * (position - index as f64)
}
