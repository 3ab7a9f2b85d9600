//! The engine in Chromium against what the browser itself offers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Bench, Figures};
use crate::shell::Run;
use crate::{place, test, tools};

pub(super) fn run(bench: &Bench) -> Result<Figures> {
    tools::ensure(&[tools::CHROMIUM, tools::CHROMEDRIVER])?;
    let package = bench.peers.package.as_ref().context("needs the npm package")?;
    let (folder, word) = match (&bench.photos, test::corpus()) {
        (Some(photos), _) => (photos.clone(), None),
        (None, Some(corpus)) => (corpus, None),
        (None, None) => (bench.generated()?, Some("real photos in the browser: there are none".to_owned())),
    };
    let mut files = jpegs(&folder)?;
    if bench.quick {
        files.truncate(3);
    }
    let json = bench.dir.join("browser.json");
    Run::cargo()
        .args(["run", "--locked", "--package", "e2e", "--example", "engine_speed", "--"])
        .arg(package)
        .arg(place::program("release", "engine-bench"))
        .arg(bench.rounds())
        .arg(&json)
        .args(files)
        .run()?;
    Figures::read(&json, word)
}

/// Those of a folder and of the folders in it, the largest first; not those that are meant to do harm.
fn jpegs(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let is_jpeg = path.extension().is_some_and(|extension| extension == "jpg" || extension == "jpeg");
            if path.is_dir() && path.file_name().is_some_and(|name| name != "hostile") {
                folders.push(path);
            } else if is_jpeg {
                found.push((path.metadata()?.len(), path));
            }
        }
    }
    found.sort();
    Ok(found.into_iter().rev().map(|(_, path)| path).collect())
}
