//! The figures, as they are written and read again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::statistics::{geometric_mean, quantile};
use super::subject::Took;

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
    /// Median of what a processor was at work.
    pub(super) processor_ms: f64,
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
    /// As `ratio`, of the time that a processor was at work: what other programs did counts less in it.
    pub(super) processor_ratio: f64,
    /// How many files that is.
    pub(super) files: usize,
}

impl Timing {
    pub(super) fn of(taken: &[Took]) -> Self {
        let times_ms: Vec<f64> = taken.iter().map(|took| took.ms).collect();
        let processor_ms: Vec<f64> = taken.iter().map(|took| took.processor_ms).collect();
        Self {
            median_ms: quantile(&times_ms, 0.5),
            least_ms: quantile(&times_ms, 0.0),
            lower_quartile_ms: quantile(&times_ms, 0.25),
            upper_quartile_ms: quantile(&times_ms, 0.75),
            processor_ms: quantile(&processor_ms, 0.5),
            thumbnail_bytes: taken.last().map_or(0, |took| took.thumbnail_bytes),
        }
    }
}

impl Report {
    /// How restless the machine was: by how much the engine's upper quartile lay above its least, as a part of it,
    /// in the middle of all files.
    pub(super) fn restlessness(&self) -> Option<f64> {
        let engine = &self.subjects.first()?.id;
        let timings = self.sets.iter().flat_map(|set| &set.files).filter_map(|file| file.timings.get(engine));
        let parts: Vec<f64> =
            timings.map(|timing| timing.upper_quartile_ms / timing.least_ms - 1.0).collect();
        (!parts.is_empty()).then(|| quantile(&parts, 0.5))
    }
}

impl SetReport {
    pub(super) fn new(name: &str, title: &str, files: Vec<FileReport>, subjects: &[About]) -> Self {
        let engine = subjects[0].id.as_str();
        let mean = |subject: &About| {
            let both = files
                .iter()
                .filter_map(|file| Some((file.timings.get(&subject.id)?, file.timings.get(engine)?)));
            let both: Vec<_> = both.collect();
            let ms: Vec<f64> = both.iter().map(|(its, _)| its.median_ms).collect();
            let ratios: Vec<f64> = both.iter().map(|(its, ours)| its.median_ms / ours.median_ms).collect();
            let processor: Vec<f64> =
                both.iter().map(|(its, ours)| its.processor_ms / ours.processor_ms).collect();
            (!ms.is_empty()).then(|| Mean {
                ms: geometric_mean(&ms),
                ratio: geometric_mean(&ratios),
                least_ratio: quantile(&ratios, 0.0),
                greatest_ratio: quantile(&ratios, 1.0),
                processor_ratio: geometric_mean(&processor),
                files: ms.len(),
            })
        };
        let means =
            subjects.iter().filter_map(|subject| Some((subject.id.clone(), mean(subject)?))).collect();
        Self { name: name.to_owned(), title: title.to_owned(), files, means }
    }
}
