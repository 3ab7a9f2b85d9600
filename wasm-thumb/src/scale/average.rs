//! Averages without a division each.

/// Divides sums of up to 65,536 values of 16 bits by how many there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Divisor {
    half: u64,
    /// 2⁴⁸ over the divisor, and a little more.
    reciprocal: u64,
}

impl Divisor {
    /// For 1 to 65,536 values.
    pub(super) fn new(count: u32) -> Self {
        Self { half: u64::from(count / 2), reciprocal: (1 << 48) / u64::from(count.max(1)) + 1 }
    }

    /// The average, rounded, exactly: the reciprocal is too great by at most 2⁻⁴⁸ of itself times the divisor, so
    /// that with a sum below 2³² and a divisor of at most 2¹⁶ the error stays below what the next quotient is away.
    pub(super) fn average(self, sum: u32) -> u16 {
        u16::try_from(((u64::from(sum) + self.half) * self.reciprocal) >> 48).unwrap_or(u16::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_those_of_division() {
        for count in (1..=256u32).flat_map(|a| [a, a * a, a * 255, a * 256]) {
            let divisor = Divisor::new(count);
            for value in [0, 1, 2, 3, 77, 12_345, 32_767, 32_768, 65_533, 65_534] {
                for rest in [0, 1, count / 2, count.div_ceil(2), count - 1] {
                    let sum = value * count + rest;
                    let expected = (u64::from(sum) + u64::from(count / 2)) / u64::from(count);
                    assert_eq!(u64::from(divisor.average(sum)), expected, "{sum} / {count}");
                }
            }
            assert_eq!(divisor.average(65_535 * count), 65_535);
        }
    }
}
