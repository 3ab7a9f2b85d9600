//! What was measured, as numbers and as a table.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::score::Score;

/// The thumbnail of one picture by one maker.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Entry {
    /// Length of the file.
    pub bytes: usize,
    /// How far the file is from what it should be.
    pub encoded: Score,
    /// How far the thumbnail was before it was encoded.
    pub unencoded: Score,
}

/// What one maker has made of all pictures.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// The maker.
    pub subject: &'static str,
    /// In the order of the pictures; none where it cannot read one.
    pub entries: Vec<Option<Entry>>,
    /// Mean length of the files of pictures that all can read.
    pub mean_bytes: f64,
    /// Mean of the scores of these.
    pub mean_encoded: Score,
    /// Mean of the scores of these before they were encoded.
    pub mean_unencoded: Score,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Names of the pictures.
    pub pictures: Vec<String>,
    /// A column a maker.
    pub subjects: Vec<Column>,
    /// Makers that are not installed.
    pub missing: Vec<&'static str>,
}

impl Report {
    /// Takes the means.
    #[must_use]
    pub fn new(
        pictures: Vec<String>,
        made: &[(&'static str, Vec<Option<Entry>>)],
        missing: Vec<&'static str>,
    ) -> Self {
        let is_read_by_all = |index: &usize| made.iter().all(|(_, entries)| entries[*index].is_some());
        let common: Vec<usize> = (0..pictures.len()).filter(is_read_by_all).collect();
        let column = |(subject, entries): &(&'static str, Vec<Option<Entry>>)| {
            let counted: Vec<Entry> = common.iter().filter_map(|&index| entries[index]).collect();
            let scores =
                |score: fn(&Entry) -> Score| Score::mean(&counted.iter().map(score).collect::<Vec<_>>());
            let bytes: usize = counted.iter().map(|entry| entry.bytes).sum();
            Column {
                subject,
                entries: entries.clone(),
                mean_bytes: bytes as f64 / counted.len().max(1) as f64,
                mean_encoded: scores(|entry| entry.encoded),
                mean_unencoded: scores(|entry| entry.unencoded),
            }
        };
        let subjects = made.iter().map(column).collect();
        Self { pictures, subjects, missing }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:20}{:>8}{:>13}{:>9}{:>11}{:>8}   before encoding: SSIMULACRA2   ΔE2000",
            "", "bytes", "SSIMULACRA2", "ΔE2000", "95% below", "ΔE76"
        )?;
        for (index, picture) in self.pictures.iter().enumerate() {
            writeln!(f, "{picture}")?;
            for column in &self.subjects {
                match column.entries[index] {
                    Some(Entry { bytes, encoded, unencoded }) => {
                        line(f, column.subject, bytes as f64, &encoded, &unencoded)?;
                    }
                    None => writeln!(f, "  {:18}   cannot read it", column.subject)?,
                }
            }
        }
        writeln!(f, "mean")?;
        for Column { subject, mean_bytes, mean_encoded, mean_unencoded, .. } in &self.subjects {
            line(f, subject, *mean_bytes, mean_encoded, mean_unencoded)?;
        }
        self.missing.iter().try_for_each(|name| writeln!(f, "skipped: {name} is not installed"))
    }
}

fn line(f: &mut Formatter<'_>, name: &str, bytes: f64, encoded: &Score, unencoded: &Score) -> fmt::Result {
    let Score { ssimulacra2, delta_e_2000, delta_e_2000_p95, delta_e_1976 } = encoded;
    write!(f, "  {name:18}{bytes:8.0}{ssimulacra2:13.2}{delta_e_2000:9.3}{delta_e_2000_p95:11.3}")?;
    let Score { ssimulacra2, delta_e_2000, .. } = unencoded;
    writeln!(f, "{delta_e_1976:8.3}{ssimulacra2:31.2}{delta_e_2000:9.3}")
}
