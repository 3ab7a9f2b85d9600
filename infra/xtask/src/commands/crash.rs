//! `cargo xtask crash`: kills the program again and again, for as long as is said, and looks at what is left.

use anyhow::Result;

use crate::shell::Run;
use crate::tools;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long, seconds; a hundred kills if nothing is said
    #[arg(long)]
    seconds: Option<u32>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if cfg!(target_os = "linux") {
        // Without it the order of syncs is not looked at; the test says so.
        if let Err(error) = tools::ensure(&[tools::STRACE]) {
            eprintln!("  {error:#}");
        }
    }
    // The places where the program kills itself are in this build and in no other.
    let run = Run::cargo()
        .args(["test", "--locked", "--package", "imagasaur", "--features", "fail-points", "--test", "crash"])
        .args(["--", "--nocapture"]);
    match args.seconds {
        Some(seconds) => run.env("IMAGASAUR_CRASH_SECONDS", seconds.to_string()).run(),
        None => run.run(),
    }
}

/// The short form.
pub(crate) fn hundred_kills() -> Result<()> {
    run(&Args { seconds: None })
}
