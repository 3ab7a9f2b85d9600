//! How long the thumbnails take.
//!
//! Each subject is a process of its own that holds the file in memory and times one thumbnail on request. They
//! take turns on every file, so that a machine that slows down for a while slows them all; they are bound to one
//! core, and only one of them works at a time.

mod measure;
mod memory;
mod one;
mod photos;
mod pictures;
mod plot;
mod report;
mod statistics;
mod subject;
mod table;
mod worker;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use anyhow::{Context, Result};

pub use self::memory::{MemoryArguments, memory};
pub use self::one::{OneArguments, one};
pub use self::photos::{PhotosArguments, photos};
pub use self::plot::PlotArguments;
pub use self::worker::work;

use self::pictures::Pictures;
use self::subject::{Peers, Subject};

/// What `engine-bench speed` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The list of pictures that `make_pictures.py` has written
    #[arg(long)]
    pictures: PathBuf,
    #[command(flatten)]
    peers: Peers,
    /// How many times each subject makes each thumbnail
    #[arg(long, default_value_t = 11)]
    rounds: usize,
    /// The core that all subjects are bound to; the last if nothing else is said
    #[arg(long)]
    core: Option<usize>,
    /// Where the figures go
    #[arg(long)]
    json: PathBuf,
}

/// Times every subject on every picture, prints tables and writes the figures.
pub fn run(arguments: &Arguments) -> Result<()> {
    let pictures = Pictures::read(&arguments.pictures)?;
    let last = available_parallelism().map_or(0, |cores| cores.get() - 1);
    let mut subjects = Subject::start_all(&arguments.peers, arguments.core.unwrap_or(last))?;
    let report = measure::all(&mut subjects, &pictures, arguments.rounds)?;
    table::print(&report);
    let text = serde_json::to_string_pretty(&report)?;
    fs::write(&arguments.json, text).with_context(|| arguments.json.display().to_string())
}

/// Draws the figures of an earlier run.
pub fn plot(arguments: &PlotArguments) -> Result<()> {
    let figures: plot::Figures = read_json(&arguments.figures)?;
    let drawing = plot::draw(&figures);
    fs::write(&arguments.svg, drawing).with_context(|| arguments.svg.display().to_string())
}

fn read_json<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T> {
    let name = || file.display().to_string();
    serde_json::from_slice(&fs::read(file).with_context(name)?).with_context(name)
}
