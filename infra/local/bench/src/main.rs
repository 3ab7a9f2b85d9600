//! The system on one machine beside other S3 endpoints: puts, listings, starts, and pictures from post to thumbnail.
//!
//! `cargo xtask bench --local` builds it, installs the peers and calls it. In reading order: `subject` starts and stops
//! what is measured, `writers`, `puts`, `lists` and `images` measure, `report` prints.

mod fill;
mod images;
mod lists;
mod puts;
mod report;
mod subject;
mod writers;

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use serde_json::{Map, Value};

use self::subject::{Kind, Programs};

/// What is measured, and where it is.
#[derive(Debug, Parser)]
struct Args {
    /// The program `imagasaur`
    #[arg(long)]
    imagasaur: PathBuf,
    /// The program `moto_server`
    #[arg(long)]
    moto: Option<PathBuf>,
    /// The program `s3s-fs`
    #[arg(long)]
    s3s_fs: Option<PathBuf>,
    /// The most objects in a listing; peers get ten thousand at most
    #[arg(long, default_value_t = 1_000_000)]
    objects: usize,
    /// How many puts are timed
    #[arg(long, default_value_t = 6000)]
    puts: usize,
    /// How many pictures go from post to thumbnail
    #[arg(long, default_value_t = 200)]
    images: usize,
    /// Where the figures go
    #[arg(long)]
    json: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let programs = Programs { imagasaur: args.imagasaur, moto: args.moto, s3s_fs: args.s3s_fs };
    let mut figures = Map::new();
    for kind in [Kind::Imagasaur, Kind::Moto, Kind::S3sFs] {
        if programs.of(kind).is_none() {
            continue;
        }
        let mut found = Map::new();
        found.insert("puts".to_owned(), puts::measure(&programs, kind, args.puts).await?);
        found.insert("lists".to_owned(), lists::measure(&programs, kind, args.objects).await?);
        if kind == Kind::Imagasaur {
            found.insert("writers".to_owned(), writers::measure(args.puts).await?);
            found.insert("images".to_owned(), images::measure(&programs, args.images).await?);
        }
        figures.insert(kind.name().to_owned(), Value::Object(found));
    }
    let figures = Value::Object(figures);
    fs::write(&args.json, serde_json::to_string_pretty(&figures)? + "\n")?;
    report::print(&figures)
}
