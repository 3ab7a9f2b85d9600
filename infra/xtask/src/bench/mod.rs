//! `cargo xtask bench`: the engine and its peers side by side, in one run.
//!
//! What is heavy is done by `engine-bench`, in `wasm-thumb/bench`; here is what has to be there before it can run.

mod browser;
mod instructions;
mod local;
mod machine;
mod memory;
mod micro;
mod peers;
mod pictures;
mod quality;
mod report;
mod speed;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::Value;

use self::peers::Peers;
use crate::place;
use crate::shell::Run;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Runs one part only
    #[arg(long)]
    only: Option<Part>,
    /// Where the figures go
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where the plot of the speed goes
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// A folder of JPEGs as cameras write them, to be used instead of those at hand
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// Measures the system on this machine instead of the engine, beside moto and s3s-fs
    #[arg(long, conflicts_with_all = ["only", "svg", "photos"])]
    local: bool,
    /// Fewer pictures, fewer rounds: to see that it works
    #[arg(long)]
    quick: bool,
}

/// A part of what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Time for one thumbnail, against libvips, sharp and Pillow
    Speed,
    /// Likeness to what a thumbnail should be, against the same
    Quality,
    /// Memory besides the file, against the same
    Memory,
    /// Time in Chromium, against createImageBitmap
    Browser,
    /// Instructions of the engine, counted by callgrind
    Instructions,
    /// Time of each step of the engine
    Micro,
}

impl Part {
    fn run(self, bench: &Bench) -> Result<Figures> {
        match self {
            Self::Speed => speed::run(bench),
            Self::Quality => quality::run(bench),
            Self::Memory => memory::run(bench),
            Self::Browser => browser::run(bench),
            Self::Instructions => instructions::run(bench),
            Self::Micro => micro::run(bench),
        }
    }

    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// What a part found, and what it could not look at, with the reason.
struct Figures {
    values: Value,
    skipped: Vec<String>,
}

/// What the parts need.
struct Bench {
    /// Where all that is installed and made for the benchmark is kept.
    dir: PathBuf,
    peers: Peers,
    photos: Option<PathBuf>,
    quick: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if args.local {
        return local::run(args);
    }
    let parts = args.only.map_or_else(|| Part::value_variants().to_vec(), |part| vec![part]);
    if args.svg.is_some() && !parts.contains(&Part::Speed) {
        bail!("the plot shows the speed: leave out --only, or say --only speed");
    }
    let dir = place::target().join("bench");
    fs::create_dir_all(&dir)?;
    Run::cargo().args(["build", "--locked", "--release", "--package", "engine-bench", "--bins"]).run()?;
    let (peers, skipped) = peers::install(&dir)?;
    let photos =
        args.photos.as_ref().map(|dir| dir.canonicalize().with_context(|| dir.display().to_string()));
    let bench = Bench { dir, peers, photos: photos.transpose()?, quick: args.quick };

    let mut report = report::Report::new(skipped)?;
    for part in parts {
        report.add(&part.name(), part.run(&bench));
    }
    let figures = bench.dir.join("figures.json");
    report.write(&figures)?;
    if let Some(json) = &args.json {
        fs::copy(&figures, json).with_context(|| json.display().to_string())?;
    }
    if let Some(svg) = &args.svg {
        let plot = bench.dir.join("plot.svg");
        Bench::engine_bench().arg("plot").arg(&figures).arg(&plot).run()?;
        fs::copy(&plot, svg).with_context(|| svg.display().to_string())?;
    }
    report.print()
}

impl Bench {
    /// The program that measures.
    fn engine_bench() -> Run {
        Run::new(place::program("release", "engine-bench"))
    }

    /// How often each measurement is repeated.
    fn rounds(&self) -> &'static str {
        if self.quick { "3" } else { "11" }
    }
}
