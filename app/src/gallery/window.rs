//! Which images of a long gallery can be seen: only those are in the page, however many there are.

use std::ops::Range;

/// Rows beyond each end that are there already when they are scrolled to.
const SPARE_ROWS: usize = 4;

/// The part of the gallery that is on the screen. Lengths in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// How far the gallery's top edge is above the window's.
    pub(crate) scrolled_px: i32,
    /// Height of the window.
    pub(crate) height_px: i32,
    /// From one row to the next.
    pub(crate) row_px: i32,
    /// Images in a row, at least one.
    pub(crate) columns: usize,
}

impl View {
    /// Which of `count` images are in the page. Begins with a whole row.
    pub(crate) fn shown(self, count: usize) -> Range<usize> {
        let row_px = self.row_px.max(1);
        let first_row = row(self.scrolled_px / row_px).saturating_sub(SPARE_ROWS);
        let end_px = self.scrolled_px.saturating_add(self.height_px);
        let end_row = row(end_px / row_px) + 1 + SPARE_ROWS;
        let last = count.div_ceil(self.columns).saturating_sub(1) * self.columns;
        (first_row * self.columns).min(last)..(end_row * self.columns).min(count)
    }

    /// How many rows `count` images take.
    pub(crate) fn rows(self, count: usize) -> usize {
        count.div_ceil(self.columns)
    }
}

fn row(index: i32) -> usize {
    usize::try_from(index).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { scrolled_px: 0, height_px: 900, row_px: 112, columns: 10 };

    #[test]
    fn as_many_are_in_the_page_however_many_there_are() {
        for scrolled_px in [0, 111, 112, 560_000, 1_119_100] {
            let shown = View { scrolled_px, ..VIEW }.shown(100_000);
            assert!(shown.len() <= 180 && !shown.is_empty(), "{shown:?}");
            let rows = shown.start / 10..shown.end / 10;
            let seen = usize::try_from(scrolled_px / 112).unwrap();
            assert!(rows.contains(&seen) && rows.end >= (seen + 8).min(10_000), "{shown:?}");
        }
    }

    #[test]
    fn nothing_is_out_of_bounds() {
        assert_eq!(VIEW.shown(0), 0..0);
        assert_eq!(VIEW.shown(3), 0..3);
        assert_eq!(View { scrolled_px: 999_999, ..VIEW }.shown(25), 20..25);
        assert_eq!(View { scrolled_px: -2000, ..VIEW }.shown(25), 0..25);
        assert_eq!(View { row_px: 0, ..VIEW }.shown(25), 0..25);
        assert_eq!(VIEW.rows(25), 3);
    }
}
