//! The figures, for people.

use std::io::Write as _;

use anyhow::Result;
use serde_json::Value;

/// The middle of sorted values.
pub(crate) fn median(sorted: &[f64]) -> f64 {
    percentile(sorted, 50)
}

/// The value below which so many of a hundred are, of sorted values.
pub(crate) fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// Tables of everything.
pub(crate) fn print(figures: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let none = Vec::new();
    let of = |subject: &Value, name: &str| subject[name].as_array().unwrap_or(&none).clone();
    let number = |value: &Value, digits: usize| {
        value.as_f64().map_or_else(|| "-".to_owned(), |number| format!("{number:.digits$}"))
    };
    let subjects: Vec<(&String, &Value)> = figures.as_object().into_iter().flatten().collect();
    writeln!(out, "\nputs of 4 KiB   clients     puts/s     p50 ms     p99 ms")?;
    for (name, subject) in &subjects {
        for row in of(subject, "puts") {
            let [clients, per_s, p50, p99] =
                [("clients", 0), ("per_s", 0), ("p50_ms", 1), ("p99_ms", 1)].map(|(n, d)| number(&row[n], d));
            writeln!(out, "{name:12} {clients:>10} {per_s:>10} {p50:>10} {p99:>10}")?;
        }
    }
    writeln!(out, "\nthe same into the store, without HTTP")?;
    for row in of(&figures["imagasaur"], "writers") {
        let [writers, per_s] = ["writers", "per_s"].map(|name| number(&row[name], 0));
        writeln!(out, "{:12} {writers:>10} {per_s:>10}", "")?;
    }
    writeln!(
        out,
        "\npages of 1,000  objects     p50 ms     p99 ms     puts/s     MB  start, ms  after kill, ms"
    )?;
    for (name, subject) in &subjects {
        for row in of(subject, "lists") {
            let [objects, p50, p99, puts, memory, start, again] = [
                ("objects", 0),
                ("list_p50_ms", 2),
                ("list_p99_ms", 2),
                ("puts_per_s", 0),
                ("resident_mb", 0),
                ("start_ms", 0),
                ("start_after_kill_ms", 0),
            ]
            .map(|(name, digits)| number(&row[name], digits));
            writeln!(
                out,
                "{name:12} {objects:>10} {p50:>10} {p99:>10} {puts:>10} {memory:>6} {start:>10} {again:>15}"
            )?;
        }
    }
    let images = &figures["imagasaur"]["images"];
    let [per_s, p50, p99] = [("per_s", 1), ("p50_ms", 0), ("p99_ms", 0)].map(|(n, d)| number(&images[n], d));
    writeln!(out, "\npictures from leave to upload until ready: {per_s}/s, p50 {p50} ms, p99 {p99} ms")?;
    Ok(())
}
