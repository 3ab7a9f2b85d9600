//! `cargo xtask dist`: what can be shipped.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::dist_program;
use crate::{lambda, npm, place, site};

pub(crate) fn run() -> Result<()> {
    let dist = place::root().join("dist");
    fs::create_dir_all(&dist)?;
    let site = site::build()?;
    dist_program::build(&site, &dist)?;
    let frontend = dist.join("frontend");
    if frontend.exists() {
        fs::remove_dir_all(&frontend)?;
    }
    copy_folder(&site, &frontend)?;
    npm::build(&dist.join("npm/wasm-thumb"))?;
    lambda::build(&dist)?;
    eprintln!(
        "dist/imagasaur, dist/frontend, dist/npm/wasm-thumb, dist/edge-api.zip and dist/processor.zip are ready"
    );
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
