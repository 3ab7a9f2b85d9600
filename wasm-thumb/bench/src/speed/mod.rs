//! How long the thumbnails take.

use anyhow::{Result, bail};

/// What `engine-bench speed` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {}

/// Measures.
pub fn run(_arguments: &Arguments) -> Result<()> {
    bail!("not measured yet")
}
