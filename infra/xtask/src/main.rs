//! The commands of this repository.

mod bench;
mod commands;
mod deploy;
mod lambda;
mod npm;
mod packages;
mod place;
mod shell;
mod site;
mod terraform;
mod test;
mod toolchain;
mod tools;
mod wasm;
mod weight;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of this repository")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds everything and starts the system on this machine
    Up(commands::up::Args),
    /// Builds the front end only, and says what of it a first visit fetches
    Site,
    /// Runs every check, or one part
    Test(test::Args),
    /// Measures the engine and its peers side by side
    Bench(bench::Args),
    /// Makes what can be shipped, in dist/
    Dist(commands::dist::Args),
    /// Brings an installation up on AWS, or up to date
    Deploy(commands::deploy::Args),
    /// Tries random bytes on the engine
    Fuzz(commands::fuzz::Args),
    /// Kills the system on this machine again and again and looks for what was lost
    Crash(commands::crash::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Up(args) => commands::up::run(&args),
        Command::Site => site::build().and_then(|site| weight::report(&site)),
        Command::Test(args) => test::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Dist(args) => commands::dist::run(&args),
        Command::Deploy(args) => commands::deploy::run(&args),
        Command::Fuzz(args) => commands::fuzz::run(&args),
        Command::Crash(args) => commands::crash::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
