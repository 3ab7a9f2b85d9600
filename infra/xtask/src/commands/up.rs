//! `cargo xtask up`: from a clone to a running system.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell::Run;
use crate::{place, site};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the page is served; S3 is served on the next port
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where pictures are kept
    #[arg(long, default_value = ".imagasaur")]
    data: PathBuf,
    /// The address to listen on; 0.0.0.0 to let phones in the same network in
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Further options of `imagasaur serve`, after --
    #[arg(last = true)]
    more: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let site = site::build()?;
    build_imagasaur()?;
    Run::new(place::program("release", "imagasaur"))
        .arg("serve")
        .args(["--host", &args.host])
        .args(["--port", &args.port.to_string()])
        .arg("--data")
        .arg(&args.data)
        .arg("--site")
        .arg(site)
        .args(&args.more)
        .become_it()
}

pub(crate) fn build_imagasaur() -> Result<()> {
    Run::cargo().args(["build", "--locked", "--release", "--package", "imagasaur"]).run()
}
