//! The program `imagasaur`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> anyhow::Result<ExitCode> {
    imagasaur::cli::Cli::parse().run()
}
