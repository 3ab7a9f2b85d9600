//! What can be typed after `imagasaur`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{admin, check, serve, thumb};

/// Photo upload and thumbnails on one machine.
#[derive(Debug, Parser)]
#[command(name = "imagasaur", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the page, the API and the S3 endpoint
    Serve(serve::Args),
    /// Makes thumbnails of files and folders
    Thumb(thumb::Args),
    /// Shows what waits to be processed and what was given up, and tries that again
    Queue(admin::queue::Args),
    /// Copies the data directory, also while the system runs
    Backup(admin::backup::Args),
    /// Reads all that is stored and compares it with its hashes
    Check(check::Args),
}

impl Cli {
    /// Does what was typed.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Serve(args) => {
                log_to_stderr();
                serve::run(args).map(|()| ExitCode::SUCCESS)
            }
            Command::Thumb(args) => thumb::run(args),
            Command::Queue(args) => admin::queue::run(args),
            Command::Backup(args) => admin::backup::run(&args),
            Command::Check(args) => check::run(&args),
        }
    }
}

/// Our own lines from `info` on, those of libraries from `warn` on, unless `RUST_LOG` says otherwise.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,imagasaur=info,processor=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
