//! Where the thumbnails go.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::inputs::Input;
use super::work::Job;

/// Gives every input a place of its own below `out`: `NAME.jpg`; `NAME.EXT.jpg` for all of those that would share
/// it; with a number for those that would share that too. A place that holds an input is given to nobody.
pub(super) fn name(inputs: Vec<Input>, out: &Path) -> Vec<Job> {
    let sources: HashSet<PathBuf> =
        inputs.iter().filter_map(|input| fs::canonicalize(&input.path).ok()).collect();
    let relative: Vec<&Path> = inputs.iter().map(|input| input.relative.as_path()).collect();
    let targets = targets(&relative);
    inputs
        .into_iter()
        .zip(targets)
        .map(|(Input { path, failure, .. }, target)| {
            let target = out.join(target);
            let is_source = fs::canonicalize(&target).is_ok_and(|target| sources.contains(&target));
            let overwrites = || {
                let message = format!("{} is one of the pictures and is not overwritten", target.display());
                io::Error::new(io::ErrorKind::AlreadyExists, message)
            };
            let failure = failure.or_else(|| is_source.then(overwrites));
            Job { path, target, failure }
        })
        .collect()
}

/// The places, relative to the output folder, in the order of the inputs.
pub(super) fn targets(relative: &[&Path]) -> Vec<PathBuf> {
    let short: Vec<PathBuf> = relative.iter().map(|path| inside(path).with_extension("jpg")).collect();
    let mut wanted: HashMap<String, usize> = HashMap::new();
    for path in &short {
        *wanted.entry(folded(path)).or_default() += 1;
    }
    let is_alone = |path: &Path| wanted.get(&folded(path)) == Some(&1);
    let mut taken: HashSet<String> =
        short.iter().filter(|path| is_alone(path)).map(|path| folded(path)).collect();
    short
        .iter()
        .zip(relative)
        .map(|(short, path)| {
            if is_alone(short) {
                return short.clone();
            }
            let long = with_suffix(&inside(path), ".jpg");
            let mut target = long.clone();
            let mut number = 2;
            while !taken.insert(folded(&target)) {
                target = with_suffix(&long.with_extension(""), &format!("-{number}.jpg"));
                number += 1;
            }
            target
        })
        .collect()
}

/// The parts of a path that cannot lead out of a folder.
fn inside(path: &Path) -> PathBuf {
    path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
}

/// Names that differ only in case are one file on many systems.
fn folded(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
