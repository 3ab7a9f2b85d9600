//! One thumbnail and nothing else: `engine-bench one FILE`.

use std::path::PathBuf;
use std::{fs, hint};

use anyhow::{Context, Result};
use wasm_thumb::{Options, Thumbnail};

/// What `engine-bench one` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct OneArguments {
    /// The picture
    file: PathBuf,
    /// How many times
    #[arg(long, default_value_t = 1)]
    times: usize,
}

/// Makes the thumbnail and throws it away.
pub fn one(arguments: &OneArguments) -> Result<()> {
    let file = &arguments.file;
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    for _ in 0..arguments.times {
        measured_thumbnail(&bytes)?;
    }
    Ok(())
}

/// Callgrind is told to count in here only, by this name.
#[inline(never)]
fn measured_thumbnail(bytes: &[u8]) -> Result<Thumbnail, wasm_thumb::Error> {
    wasm_thumb::thumbnail(hint::black_box(bytes), &Options::default())
}
