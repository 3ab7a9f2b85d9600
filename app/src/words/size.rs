//! Sizes and durations for people.

use super::{Arg, number, say};

/// As file managers count: 1 kB = 1000 bytes.
pub(crate) fn size(bytes: u64) -> String {
    let (tenths, unit) = in_tenths(bytes);
    #[expect(clippy::cast_precision_loss, reason = "at most 9,999 tenths, or petabytes")]
    let value = tenths as f64 / 10.0;
    // From ten on nobody needs tenths, and a number that keeps its width does not make the page tremble.
    number(if tenths < 100 { value } else { value.round() }, Some(unit))
}

/// In tenths of a unit, rounded to nearest.
fn in_tenths(bytes: u64) -> (u64, &'static str) {
    const UNITS: [&str; 4] = ["kilobyte", "megabyte", "gigabyte", "terabyte"];
    if bytes < 1000 {
        return (bytes * 10, "byte");
    }
    let (mut tenths, mut unit) = (bytes.saturating_add(50) / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths = (tenths + 500) / 1000;
        unit += 1;
    }
    (tenths, UNITS[unit])
}

/// `12 s left`, `3 min left`, `2 h left`.
pub(crate) fn duration(seconds: u64) -> String {
    let (id, n) = match seconds {
        0..60 => ("left-seconds", seconds),
        60..3600 => ("left-minutes", seconds.div_ceil(60)),
        _ => ("left-hours", seconds.div_ceil(3600)),
    };
    say(id, &[("n", Arg::Number(n))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_file_managers() {
        let cases = [
            (0, "0 byte"),
            (999, "999 byte"),
            (1000, "1 kilobyte"),
            (4_210_000, "4.2 megabyte"),
            (21_000_000, "21 megabyte"),
            (999_960, "1 megabyte"),
            (3_000_000_000_000, "3 terabyte"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn durations_grow_coarser() {
        assert_eq!([12, 61, 3601].map(duration), ["12 s left", "2 min left", "2 h left"]);
    }
}
