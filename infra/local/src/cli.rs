//! What can be typed after `imagasaur`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{admin, again, check, serve, thumb};

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
    Serve(Box<serve::Args>),
    /// Prints what an S3 client needs to reach the store
    Credentials(serve::CredentialsArgs),
    /// Makes thumbnails of files and folders
    Thumb(thumb::Args),
    /// Shows what waits to be processed and what was given up, and tries that again
    Queue(admin::queue::Args),
    /// Copies the data directory, also while the system runs
    Backup(admin::backup::Args),
    /// Makes everything anew from the originals, as after a change of the engine
    Reprocess(again::Reprocess),
    /// Makes everything anew, writes nothing, and tells what differs from what is stored
    Verify(again::Verify),
    /// Reads all that is stored and compares it with its hashes
    Check(check::Args),
}

impl Cli {
    /// Does what was typed.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Serve(args) => serve::run(*args).map(|()| ExitCode::SUCCESS),
            Command::Credentials(args) => serve::print_credentials(&args).map(|()| ExitCode::SUCCESS),
            Command::Thumb(args) => thumb::run(args),
            Command::Queue(args) => admin::queue::run(args),
            Command::Backup(args) => admin::backup::run(&args),
            Command::Reprocess(args) => again::reprocess(&args),
            Command::Verify(args) => again::verify(&args),
            Command::Check(args) => check::run(&args),
        }
    }
}
