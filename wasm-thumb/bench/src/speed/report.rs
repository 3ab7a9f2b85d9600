//! The figures, as they are written and read again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::statistics::{geometric_mean, quantile};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Report {
    /// The engine first: the others are compared with it.
    pub(super) subjects: Vec<About>,
    /// Thumbnails that each subject made of each file.
    pub(super) rounds: usize,
    pub(super) sets: Vec<SetReport>,
}

/// Who was timed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    /// What was called, in short.
    pub(super) call: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SetReport {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) files: Vec<FileReport>,
    /// By subject, over the files that it and the engine could read.
    pub(super) means: BTreeMap<String, Mean>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FileReport {
    pub(super) name: String,
    /// Pixels.
    pub(super) width: u32,
    /// Pixels.
    pub(super) height: u32,
    /// Length of the file.
    pub(super) bytes: u64,
    /// By subject; none where it could not read the file.
    pub(super) timings: BTreeMap<String, Timing>,
    /// By subject: why it made no thumbnail.
    pub(super) failures: BTreeMap<String, String>,
}

/// How long one subject took for one file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Timing {
    pub(super) median_ms: f64,
    pub(super) least_ms: f64,
    pub(super) lower_quartile_ms: f64,
    pub(super) upper_quartile_ms: f64,
    /// Length of the thumbnail.
    pub(super) thumbnail_bytes: u64,
}

/// How long one subject took for the files of one set.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Mean {
    /// Geometric mean of the files' medians.
    pub(super) ms: f64,
    /// Geometric mean over the files of its median divided by the engine's.
    pub(super) ratio: f64,
    pub(super) least_ratio: f64,
    pub(super) greatest_ratio: f64,
    /// How many files that is.
    pub(super) files: usize,
}

impl Timing {
    pub(super) fn of(times_ms: &[f64], thumbnail_bytes: u64) -> Self {
        Self {
            median_ms: quantile(times_ms, 0.5),
            least_ms: quantile(times_ms, 0.0),
            lower_quartile_ms: quantile(times_ms, 0.25),
            upper_quartile_ms: quantile(times_ms, 0.75),
            thumbnail_bytes,
        }
    }
}

impl SetReport {
    pub(super) fn new(name: &str, title: &str, files: Vec<FileReport>, subjects: &[About]) -> Self {
        let engine = subjects[0].id.as_str();
        let mean = |subject: &About| {
            let both = files.iter().filter_map(|file| {
                let median = |id| file.timings.get(id).map(|timing| timing.median_ms);
                Some((median(subject.id.as_str())?, median(engine)?))
            });
            let (ms, ratios): (Vec<f64>, Vec<f64>) = both.map(|(its, ours)| (its, its / ours)).unzip();
            (!ms.is_empty()).then(|| Mean {
                ms: geometric_mean(&ms),
                ratio: geometric_mean(&ratios),
                least_ratio: quantile(&ratios, 0.0),
                greatest_ratio: quantile(&ratios, 1.0),
                files: ms.len(),
            })
        };
        let means =
            subjects.iter().filter_map(|subject| Some((subject.id.clone(), mean(subject)?))).collect();
        Self { name: name.to_owned(), title: title.to_owned(), files, means }
    }
}
