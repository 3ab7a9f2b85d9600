//! What can be typed after `imagasaur`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{serve, thumb};

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
}

impl Cli {
    /// Does what was typed.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Serve(args) => serve::run(*args).map(|()| ExitCode::SUCCESS),
            Command::Credentials(args) => serve::print_credentials(&args).map(|()| ExitCode::SUCCESS),
            Command::Thumb(args) => thumb::run(args),
        }
    }
}
