//! The program `imagasaur`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    imagasaur::cli::Cli::parse().run().unwrap_or_else(|error| {
        // A person reads this, not a program: the chain of causes on one line.
        drop(writeln!(std::io::stderr(), "error: {error:#}"));
        ExitCode::FAILURE
    })
}
