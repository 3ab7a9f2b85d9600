//! `cargo xtask test`: every check, in the order in which they fail soonest.

mod api;
mod browser;
mod infra;
mod machines;
mod parity;
mod report;
mod rust;
mod s3;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;

use self::report::Report;
use crate::shell::Run;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Runs one part only
    #[arg(long)]
    only: Option<Part>,
}

/// A part of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// rustfmt
    Format,
    /// clippy, natively and for wasm, warnings denied
    Lints,
    /// Unit and integration tests: engine, API, S3 endpoint, queue
    Unit,
    /// The S3 endpoint against boto3, the command line of AWS, rclone and the tests of minio-py
    S3,
    /// The system on this machine, killed a hundred times at random and at chosen points
    Crash,
    /// The engine gives the same bytes natively, as wasm under Node, on arm64, and with and without SIMD
    Parity,
    /// schemathesis against the running API and its description
    Api,
    /// Chromium against the whole system
    Browser,
    /// Terraform, its policies, and what it sets up on an emulator
    Infra,
}

/// What a part reports besides success: checks that could not be made, with the reason.
type Skipped = Vec<String>;

impl Part {
    fn run(self) -> Result<Skipped> {
        match self {
            Self::Format => rust::format(),
            Self::Lints => rust::lints(),
            Self::Unit => rust::unit(),
            Self::S3 => s3::run(),
            Self::Crash => crate::commands::crash::hundred_kills().map(|()| Skipped::new()),
            Self::Parity => parity::run(),
            Self::Api => api::run(),
            Self::Browser => browser::run(),
            Self::Infra => infra::run(),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let parts = args.only.map_or_else(|| Part::value_variants().to_vec(), |part| vec![part]);
    let mut report = Report::default();
    for part in parts {
        report.run(&format!("{part:?}").to_lowercase(), || part.run());
    }
    if report.print() { Ok(()) } else { bail!("some checks failed") }
}

/// Where real pictures are, if anywhere.
pub(crate) fn corpus() -> Option<PathBuf> {
    let dir = std::env::var_os("IMAGASAUR_CORPUS")
        .map_or_else(|| crate::place::root().join("../shared/corpus"), Into::into);
    dir.is_dir().then(|| dir.canonicalize().unwrap_or(dir))
}

/// Hands the real pictures, if there are any, to `run`; tells what is skipped if there are none.
fn with_corpus(run: Run, hand: impl FnOnce(Run, PathBuf) -> Run) -> (Run, Skipped) {
    match corpus() {
        Some(corpus) => (hand(run, corpus), Vec::new()),
        None => (run, vec!["real pictures: set IMAGASAUR_CORPUS to a folder of them".to_owned()]),
    }
}

/// Tests find the real pictures by this variable.
fn in_environment(run: Run, corpus: PathBuf) -> Run {
    run.env("IMAGASAUR_CORPUS", corpus)
}
