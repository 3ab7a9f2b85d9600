//! How long to wait before trying again.

/// Milliseconds to wait after the `tries`th failed try: 1 s, 3 s, 9 s, … at most 30 s.
pub(crate) fn before_sending_again_ms(tries: u32) -> u32 {
    1000 * 3_u32.saturating_pow(tries.saturating_sub(1)).min(30)
}

/// Milliseconds to wait before asking for the `asked`th time (from 0) if the server is done: 300 ms to 3 s.
pub(crate) fn before_asking_again_ms(asked: u32) -> u32 {
    (300 * (2 + asked.min(100)) / 2).min(3000)
}

/// Milliseconds to wait before connecting for the `tries`th time (from 1): 1 s, doubled up to 60 s.
pub(crate) fn before_connecting_again_ms(tries: u32) -> u32 {
    1000 * 2_u32.saturating_pow(tries.saturating_sub(1)).min(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit() {
        assert_eq!(
            [0, 1, 2, 3, 4, 99].map(before_sending_again_ms),
            [1000, 1000, 3000, 9000, 27_000, 30_000]
        );
        assert_eq!(
            [0, 1, 2, 18, 19, u32::MAX].map(before_asking_again_ms),
            [300, 450, 600, 3000, 3000, 3000]
        );
        assert_eq!(
            [1, 2, 3, 7, u32::MAX].map(before_connecting_again_ms),
            [1000, 2000, 4000, 60_000, 60_000]
        );
    }
}
