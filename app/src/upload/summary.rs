//! All uploads in one line.

use super::state::{State, Upload};

/// Totals over the uploads on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) ready: usize,
    pub(crate) failed: usize,
    /// Failed ones that may be tried again.
    pub(crate) retryable: usize,
    /// Those that wait for the person because the same file was sent already.
    pub(crate) duplicates: usize,
    /// Those that the person has wait.
    pub(crate) held: usize,
    /// Files that closing the page would lose.
    pub(crate) unsafe_to_leave: usize,
    /// Bytes that have left, and all bytes; failed files count in neither.
    pub(crate) sent_bytes: u64,
    pub(crate) total_bytes: u64,
    /// Until all bytes have left; none while it cannot be told.
    pub(crate) seconds_left: Option<u64>,
    /// The smoothed speed; none while nothing moves.
    pub(crate) bytes_per_second: Option<u64>,
}

impl Summary {
    /// Counts everything but speed and time left.
    pub(crate) fn of<'a>(uploads: impl IntoIterator<Item = &'a Upload>) -> Self {
        let mut sum = Self::default();
        for upload in uploads {
            sum.files += 1;
            sum.unsafe_to_leave += usize::from(upload.state.is_unsafe_to_leave());
            sum.held += usize::from(upload.held && upload.state.is_unsafe_to_leave());
            match &upload.state {
                State::Failed(failure) => {
                    sum.failed += 1;
                    sum.retryable += usize::from(failure.retryable);
                    continue;
                }
                State::Duplicate { .. } => {
                    sum.duplicates += 1;
                    continue;
                }
                State::Ready(_) => sum.ready += 1,
                _ => {}
            }
            sum.sent_bytes += upload.sent_bytes();
            sum.total_bytes += upload.bytes;
        }
        sum
    }

    /// Nothing moves any more.
    pub(crate) fn is_settled(self) -> bool {
        self.ready + self.failed + self.duplicates == self.files
    }
}

/// The speed of sending, smoothed over some seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Speed {
    last: Option<(f64, u64)>,
    bytes_per_second: Option<f64>,
}

impl Speed {
    /// Bytes a second, if anything moves.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate for people")]
    pub(crate) fn bytes_per_second(self) -> Option<u64> {
        self.bytes_per_second.map(|rate| rate as u64)
    }

    /// Takes note of how much has left by a moment, and says how long the rest will take.
    #[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
    pub(crate) fn seconds_left(&mut self, now_ms: f64, sent_bytes: u64, total_bytes: u64) -> Option<u64> {
        if let Some((before_ms, before_bytes)) = self.last {
            let seconds = (now_ms - before_ms) / 1000.0;
            if seconds < 0.2 {
                return self.rest(sent_bytes, total_bytes);
            }
            let current = sent_bytes.saturating_sub(before_bytes) as f64 / seconds;
            let weight = 1.0 - (-seconds / 4.0).exp();
            let smoothed = self.bytes_per_second.map_or(current, |old| old + weight * (current - old));
            self.bytes_per_second = (smoothed > 1.0).then_some(smoothed);
        }
        self.last = Some((now_ms, sent_bytes));
        self.rest(sent_bytes, total_bytes)
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate for people"
    )]
    fn rest(self, sent_bytes: u64, total_bytes: u64) -> Option<u64> {
        let seconds = (total_bytes - sent_bytes.min(total_bytes)) as f64 / self.bytes_per_second?;
        (sent_bytes < total_bytes).then_some(seconds.ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::{Check, Failure};
    use super::*;

    fn upload(bytes: u64, state: State) -> Upload {
        Upload { state, ..Upload::new(1, "a".into(), bytes) }
    }

    #[test]
    fn failed_files_do_not_hold_the_bar_back() {
        let uploads = [
            upload(100, State::Ready(Check::Same)),
            upload(100, State::Uploading { sent: 40 }),
            upload(999, State::Failed(Failure { sentence: String::new(), retryable: true })),
            upload(50, State::Waiting),
        ];
        let sum = Summary::of(&uploads);
        assert_eq!((sum.files, sum.ready, sum.failed, sum.retryable, sum.unsafe_to_leave), (4, 1, 1, 1, 2));
        assert_eq!((sum.sent_bytes, sum.total_bytes), (140, 250));
        assert!(!sum.is_settled() && Summary::of(&uploads[..1]).is_settled());
    }

    #[test]
    fn a_steady_speed_gives_a_steady_answer() {
        let mut speed = Speed::default();
        assert_eq!(speed.seconds_left(0.0, 0, 10_000), None);
        for second in 1..10_u32 {
            let sent = u64::from(second) * 1000;
            assert_eq!(
                speed.seconds_left(f64::from(second) * 1000.0, sent, 10_000),
                Some(10 - u64::from(second))
            );
        }
        assert_eq!(speed.seconds_left(10_000.0, 10_000, 10_000), None);
    }
}
