//! Photos for machines that have none: `engine-bench photos DIR`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// What `engine-bench photos` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct PhotosArguments {
    /// The folder that they are written to
    dir: PathBuf,
}

/// Three, as large as the photos of most cameras.
pub fn photos(arguments: &PhotosArguments) -> Result<()> {
    let dir = &arguments.dir;
    let unfinished = dir.with_extension("unfinished");
    fs::create_dir_all(&unfinished)?;
    for seed in 1..=3 {
        fs::write(unfinished.join(format!("generated-{seed}.jpg")), fixtures::photo_jpeg(4000, 3000, seed))?;
    }
    fs::rename(&unfinished, dir).with_context(|| dir.display().to_string())
}
