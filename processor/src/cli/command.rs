//! The commands of the function's own program.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use super::{ReprocessArgs, VerifyArgs, reprocess, verify};
use crate::Processor;

/// Goes through the originals of an installation on AWS, with the settings of its function in the environment.
#[derive(Debug, Parser)]
#[command(name = "processor", version)]
pub enum Command {
    /// Makes everything anew from the originals, as after a change of the engine
    Reprocess {
        /// The bucket of originals
        #[arg(long, value_name = "NAME")]
        uploads_bucket: String,
        /// Keeps how far it has come, until it is done
        #[arg(long, value_name = "FILE", default_value = "reprocess.json")]
        state: PathBuf,
        /// Which, and how fast
        #[command(flatten)]
        args: ReprocessArgs,
    },
    /// Makes everything anew, writes nothing, and tells what differs from what is stored
    Verify {
        /// The bucket of originals
        #[arg(long, value_name = "NAME")]
        uploads_bucket: String,
        /// Which, and how fast
        #[command(flatten)]
        args: VerifyArgs,
    },
}

/// What was typed after the program's name; `None` if nothing was, as in a function.
#[must_use]
pub fn command() -> Option<Command> {
    (std::env::args_os().len() > 1).then(Command::parse)
}

impl Command {
    /// Does what was typed.
    pub async fn run(&self, processor: &Processor) -> Result<ExitCode> {
        match self {
            Self::Reprocess { uploads_bucket, state, args } => {
                reprocess(processor, uploads_bucket, args, state).await
            }
            Self::Verify { uploads_bucket, args } => verify(processor, uploads_bucket, args).await,
        }
    }
}
