//! The engine as wasm under Node against the native one, with and without vector instructions, and on other
//! processors: the same bytes for every picture there is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Skipped, corpus, machines, with_corpus};
use crate::shell::Run;
use crate::{commands, npm, place, tools};

pub(super) fn run() -> Result<Skipped> {
    tools::ensure(&[tools::NODE])?;
    let work = place::target().join("parity");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let package = work.join("simd/node_modules/wasm-thumb");
    let plain = work.join("plain/node_modules/wasm-thumb");
    fs::create_dir_all(&work)?;
    npm::build_without_simd(&plain)?;
    npm::build(&package)?;
    commands::up::build_imagasaur()?;

    let made = work.join("fixtures");
    Run::cargo()
        .args(["run", "--locked", "--package", "fixtures", "--example", "fixtures-write", "--"])
        .arg(&made)
        .run()?;
    let thumb = Run::new(place::program("release", "imagasaur")).arg("thumb").arg(&made);
    let (thumb, skipped) = with_corpus(thumb, Run::arg);
    // Exits with 1, as some of the pictures are meant to be refused; the list tells which.
    let list = thumb.arg("--out").arg(work.join("native")).arg("--json").output_of_any_exit()?;
    let list_file = work.join("native.jsonl");
    fs::write(&list_file, list)?;
    for package in [&package, &plain] {
        Run::new("node")
            .args(["--test", "wasm-thumb/js/tests/parity.test.mjs"])
            .env("WASM_THUMB_PKG", package)
            .env("PARITY_LIST", &list_file)
            .run()?;
    }
    let mut pictures = files(&made)?;
    if let Some(corpus) = corpus() {
        pictures.extend(files(&corpus)?);
    }
    let mut skipped = skipped;
    skipped.extend(machines::compare(&pictures)?);
    Ok(skipped)
}

/// The files of a folder and of the folders in it.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
