//! `cargo xtask dist`: what can be shipped.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::dist_program;
use crate::{lambda, npm, place, site};

#[derive(Default, clap::Args)]
pub(crate) struct Args {
    /// Makes dist/imagasaur only
    #[arg(long)]
    program: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let dist = place::root().join("dist");
    fs::create_dir_all(&dist)?;
    let site = site::build()?;
    dist_program::build(&site, &dist)?;
    if args.program {
        return Ok(());
    }
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

/// Copies what a CDN needs: it makes the gzip of what is not Brotli by itself.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if target.extension().is_none_or(|ending| ending != "gz") {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
