//! The subjects take turns.

use std::collections::BTreeMap;

use anyhow::Result;

use super::pictures::{Picture, Pictures};
use super::report::{About, FileReport, Report, SetReport, Timing};
use super::subject::{Subject, Took};

/// Thumbnails that each subject makes before any counts: a just-in-time compiler needs some to see what is hot.
const WARM_UP: usize = 12;

pub(super) fn all(subjects: &mut [Subject], pictures: &Pictures, rounds: usize) -> Result<Report> {
    let about: Vec<About> = subjects.iter().map(|subject| subject.about.clone()).collect();
    let mut sets = Vec::new();
    for set in &pictures.sets {
        eprintln!("  timing {}", set.title);
        if let Some(first) = set.files.first() {
            for subject in &mut *subjects {
                // Slow formats need no more than a second or so.
                for _ in 0..WARM_UP {
                    if !subject.time(&first.path)?.is_ok_and(|took| took.ms < 60.0) {
                        break;
                    }
                }
            }
        }
        let files = set.files.iter().map(|picture| one(subjects, picture, rounds));
        sets.push(SetReport::new(&set.name, &set.title, files.collect::<Result<_>>()?, &about));
    }
    Ok(Report { subjects: about, rounds, sets })
}

fn one(subjects: &mut [Subject], picture: &Picture, rounds: usize) -> Result<FileReport> {
    let path = &picture.path;
    let mut report = FileReport {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        width: picture.width,
        height: picture.height,
        bytes: path.metadata()?.len(),
        timings: BTreeMap::new(),
        failures: BTreeMap::new(),
    };
    let mut taken: Vec<Vec<Took>> = vec![Vec::new(); subjects.len()];
    // The first round fills the caches and does not count.
    for round in 0..=rounds {
        // Each goes first as often as any other.
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            let subject = &mut subjects[index];
            match subject.time(path)? {
                Ok(took) if round > 0 => taken[index].push(took),
                Ok(_) => {}
                Err(reason) => {
                    report.failures.insert(subject.about.id.clone(), reason);
                }
            }
        }
    }
    for (subject, taken) in subjects.iter().zip(&taken) {
        if taken.len() == rounds {
            report.timings.insert(subject.about.id.clone(), Timing::of(taken));
        }
    }
    Ok(report)
}
