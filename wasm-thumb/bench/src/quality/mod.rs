//! How near the thumbnails come to what they should be.

use std::path::PathBuf;

use anyhow::{Result, bail};

/// What `engine-bench quality` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// The pictures, or folders of them
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<()> {
    bail!("not measured yet: {} pictures, json {}", arguments.pictures.len(), arguments.json)
}
