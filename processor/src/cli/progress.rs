//! A bar on standard error, if that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

const BAR_CHARS: usize = 30;
const REDRAW_EVERY: Duration = Duration::from_millis(100);

/// How far the work is.
#[derive(Debug)]
pub struct Progress {
    is_shown: bool,
    is_drawn: bool,
    done: usize,
    total: usize,
    started: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    /// Of `total` things none is done.
    #[must_use]
    pub fn new(total: usize) -> Self {
        let is_shown = io::stderr().is_terminal();
        Self { is_shown, is_drawn: false, done: 0, total, started: Instant::now(), drawn: None }
    }

    /// One more is done.
    pub fn advance(&mut self) {
        self.done += 1;
        if !self.is_shown || self.drawn.is_some_and(|drawn| drawn.elapsed() < REDRAW_EVERY) {
            return;
        }
        let line = line(self.done, self.total, self.started.elapsed());
        // A bar that cannot be drawn is no reason to stop.
        let _ = write!(io::stderr().lock(), "\r{line}\x1B[K");
        self.is_drawn = true;
        self.drawn = Some(Instant::now());
    }

    /// Makes place for other lines.
    pub fn clear(&mut self) {
        if self.is_drawn {
            let _ = write!(io::stderr().lock(), "\r\x1B[K");
            self.is_drawn = false;
            self.drawn = None;
        }
    }
}

/// `[=====>    ] 12/100, 34 s left`.
fn line(done: usize, total: usize, elapsed: Duration) -> String {
    let filled = BAR_CHARS * done / total.max(1);
    let left = elapsed.as_secs() * (total - done.min(total)) as u64 / done.max(1) as u64;
    format!("[{}{}] {done}/{total}, {left} s left", "=".repeat(filled), " ".repeat(BAR_CHARS - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_grows_and_the_rest_of_the_time_shrinks() {
        let start = line(1, 10, Duration::from_secs(2));
        let end = line(10, 10, Duration::from_secs(20));
        assert_eq!(start, format!("[==={}] 1/10, 18 s left", " ".repeat(27)));
        assert_eq!(end, format!("[{}] 10/10, 0 s left", "=".repeat(30)));
    }
}
