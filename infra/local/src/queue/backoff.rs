//! How long to wait before the next try.

use std::time::Duration;

/// Doubles from `base` with every try up to `cap`; half of it is left to chance, so that what failed together
/// does not come back together.
pub(super) fn delay(base: Duration, cap: Duration, tries: u32) -> Duration {
    let doubled = base.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(cap);
    // Without randomness the wait is still right, only less spread.
    let chance = getrandom::u32().unwrap_or(u32::MAX);
    doubled / 2 + doubled.mul_f64(f64::from(chance) / f64::from(u32::MAX)) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_the_cap_and_keeps_at_least_half() {
        let (base, cap) = (Duration::from_secs(1), Duration::from_secs(10));
        for (tries, full_s) in [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (u32::MAX, 10)] {
            let full = Duration::from_secs(full_s);
            for _ in 0..50 {
                let delay = delay(base, cap, tries);
                assert!(delay >= full / 2 && delay <= full, "{tries}: {delay:?}");
            }
        }
    }
}
