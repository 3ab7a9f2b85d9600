//! Curves from values to light (ICC.1:2022, 10.6 and 10.18).

use super::Transfer;
use super::tags::{fixed, number};

/// Steps of the table that a curve is turned into. Straight lines between so many are off by less than a step of
/// 16-bit light.
const STEPS: u16 = 1024;

/// As much as a profile can say (ICC.1:2022, 4.6).
const MAX_GAMMA: f64 = 32_768.0;

/// Light of 0 to 1 at `STEPS + 1` values from 0 to 65535.
#[derive(Clone)]
pub(super) struct Curve(Vec<f64>);

impl Curve {
    pub(super) fn parse(tag: &[u8]) -> Option<Self> {
        Self::parse_first(tag).map(|(curve, _)| curve)
    }

    /// So many curves, one after another, each from a multiple of four bytes on.
    pub(super) fn parse_all(mut data: &[u8], count: usize) -> Option<Vec<Self>> {
        let mut curves = Vec::with_capacity(count);
        for index in 0..count {
            let (curve, length) = Self::parse_first(data)?;
            curves.push(curve);
            if index + 1 < count {
                data = data.get(length.checked_next_multiple_of(4)?..)?;
            }
        }
        Some(curves)
    }

    /// The curve that `data` begins with, and how many bytes it takes.
    fn parse_first(data: &[u8]) -> Option<(Self, usize)> {
        if let Some(data) = data.strip_prefix(b"curv\0\0\0\0") {
            let count = number(data, 0)?;
            let bytes = count.checked_mul(2)?;
            let entries = data.get(4..bytes.checked_add(4)?)?.as_chunks::<2>().0;
            let curve = match entries {
                [] => Self::identity(),
                [gamma] => {
                    let gamma = f64::from(u16::from_be_bytes(*gamma)) / 256.0;
                    Self::of(|x| libm::pow(x, gamma))
                }
                entries => {
                    Self::of_entries(count, |index| f64::from(u16::from_be_bytes(entries[index])) / 65_535.0)
                }
            };
            return Some((curve, 12 + bytes));
        }
        let data = data.strip_prefix(b"para\0\0\0\0")?;
        let kind = u16::from_be_bytes(*data.first_chunk()?);
        let count = *[1, 3, 4, 5, 7].get(usize::from(kind))?;
        let mut p = [0.0; 7];
        for (index, parameter) in p.iter_mut().take(count).enumerate() {
            *parameter = fixed(data, 4 + 4 * index)?;
        }
        Some((Self::parametric(kind, p), 12 + 4 * count))
    }

    /// A curve that is known by name; none for a power that would leave no light.
    pub(super) fn of_transfer(transfer: Transfer) -> Option<Self> {
        match transfer {
            Transfer::Gamma(gamma) => (gamma < MAX_GAMMA).then(|| Self::of(|x| libm::pow(x, gamma))),
            Transfer::Srgb => {
                Some(Self::parametric(3, [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045, 0.0, 0.0]))
            }
            Transfer::Rec709 => Some(Self::parametric(
                3,
                [1.0 / 0.45, 1.0 / 1.099, 0.099 / 1.099, 1.0 / 4.5, 0.081, 0.0, 0.0],
            )),
        }
    }

    /// Light as the value is.
    pub(super) fn identity() -> Self {
        Self::of(|x| x)
    }

    /// Whether it leaves light as the value is, but for the last bits of a double.
    pub(super) fn is_identity(&self) -> bool {
        let is_same = |(step, light): (u16, &f64)| (f64::from(step) / f64::from(STEPS) - light).abs() < 1e-9;
        (0..).zip(&self.0).all(is_same)
    }

    /// A table of `count` entries, at least two, of 0 to 1, that spans all values.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    #[expect(clippy::cast_precision_loss, reason = "a profile has fewer entries than a double has integers")]
    pub(super) fn of_entries(count: usize, entry: impl Fn(usize) -> f64) -> Self {
        let last = count.saturating_sub(1);
        Self::of(|x| {
            let position = x * last as f64;
            let index = (position as usize).min(last);
            let (low, high) = (entry(index), entry((index + 1).min(last)));
            low + (high - low) * (position - index as f64)
        })
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
        let (index, rest) = ((position / 65_535) as usize, f64::from(position % 65_535) * (1.0 / 65_535.0));
        let low = self.0[index];
        let high = self.0[(index + 1).min(usize::from(STEPS))];
        low + (high - low) * rest
    }

    /// The light of a value of 0 to 1, between the two steps of the table.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    #[expect(clippy::cast_precision_loss, reason = "at most 1024")]
    pub(super) fn between(&self, value: f64) -> f64 {
        let position = value.clamp(0.0, 1.0) * f64::from(STEPS);
        let index = (position as usize).min(usize::from(STEPS));
        let low = self.0[index];
        let high = self.0[(index + 1).min(usize::from(STEPS))];
        low + (high - low) * (position - index as f64)
    }
}
