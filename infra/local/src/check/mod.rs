//! `imagasaur check`: whether all that was stored is there, byte for byte.
//!
//! Every body that an object has is read and hashed; every file must be named. For a store that is not served, or a
//! copy of one. Nothing is repaired or removed: what only waits for the next start is counted apart.

mod bodies;
mod objects;
mod report;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context as _, Result};

use self::report::{Problem, Report};
use crate::store::Index;

/// What is typed after `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where pictures are kept, or a copy of that
    #[arg(long, default_value = ".imagasaur")]
    data: PathBuf,
    /// One line of JSON for each problem, and one at the end
    #[arg(long)]
    json: bool,
    /// How many files are read at a time; as many as there are cores if nothing is said
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// The exit code if something is wrong. One is for a check that could not be made.
const PROBLEMS_FOUND: u8 = 2;

/// Checks and reports.
pub fn run(args: &Args) -> Result<ExitCode> {
    let file = args.data.join("imagasaur.redb");
    let index = Index::open(&file).with_context(|| {
        format!("{}: stop the system, or check a copy made with `imagasaur backup`", file.display())
    })?;
    let jobs =
        args.jobs.or_else(|| thread::available_parallelism().map(usize::from).ok()).unwrap_or(1).max(1);
    let (problems, found) = mpsc::sync_channel::<Problem>(100);
    let mut report = Report::new(args.json);
    let mut out = io::stdout().lock();
    thread::scope(|scope| -> Result<()> {
        let (index, data) = (&index, &args.data);
        let looking = scope.spawn(move || -> Result<report::Seen> {
            let mut seen = objects::check(index, data, jobs, &problems)?;
            bodies::check(index, data, &problems, &mut seen)?;
            Ok(seen)
        });
        for problem in found {
            report.problem(&mut out, &problem)?;
        }
        report.seen = looking.join().map_err(|_| anyhow::anyhow!("the check itself failed"))??;
        Ok(())
    })?;
    report.end(&mut out)?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS_FOUND) })
}
