//! How near the thumbnails come to what they should be.
//!
//! What a thumbnail should be is computed from the fully decoded picture in floating point (`reference`); how far
//! off it is, is told by SSIMULACRA2 and by colour differences (`score`); each maker is asked for the finished
//! file, and for what it was before it was encoded (`subject`), so that resizing and encoding are seen apart.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places, lengths and scores, all far inside of what the types hold"
)]

pub mod lab;
pub mod reference;
pub mod report;
pub mod score;
pub mod source;
pub mod srgb;
pub mod subject;
pub mod tune;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use report::{Entry, Report};
use score::Score;
use subject::{Made, Peers, SUBJECTS};

/// What `engine-bench quality` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    peers: Peers,
    /// The quality of the peers' files; the engine's is its default
    #[arg(long, default_value_t = 80)]
    quality: u8,
    /// The pictures, or folders of them
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
}

/// Measures, and prints what was found.
#[expect(clippy::print_stdout, reason = "a command answers there")]
pub fn run(arguments: &Arguments) -> Result<()> {
    let report = measure(&files(&arguments.pictures)?, &arguments.peers, arguments.quality)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(())
}

/// Measures all makers that are installed on these pictures.
pub fn measure(pictures: &[PathBuf], peers: &Peers, quality: u8) -> Result<Report> {
    let mut references = Vec::new();
    for path in pictures {
        let source = source::read(path).with_context(|| path.display().to_string())?;
        references.push(reference::thumbnail(&source));
    }
    let (installed, missing): (Vec<_>, Vec<_>) =
        SUBJECTS.iter().partition(|subject| subject.is_installed(peers));
    let mut columns = Vec::new();
    for subject in installed {
        let made = subject.make(pictures, peers, quality)?;
        let entries =
            references.iter().zip(made).map(|(reference, made)| made.map(|made| entry(reference, &made)));
        columns.push((subject.name, entries.map(Option::transpose).collect::<Result<Vec<_>>>()?));
    }
    let name =
        |path: &PathBuf| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    let absent = missing.into_iter().map(|subject| subject.name).collect();
    Ok(Report::new(pictures.iter().map(name).collect(), &columns, absent))
}

fn entry(reference: &reference::Picture, made: &Made) -> Result<Entry> {
    let encoded = Score::new(reference, &score::decode(&made.file)?)?;
    Ok(Entry { bytes: made.file.len(), encoded, unencoded: Score::new(reference, &made.unencoded)? })
}

/// The files named, and those in the folders named.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                files.push(entry?.path());
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut files = files.into_iter().map(std::path::absolute).collect::<Result<Vec<_>, _>>()?;
    files.sort();
    // The peers name what they make after the file.
    let mut unique: Vec<_> = files.iter().filter_map(|path| path.file_name()).collect();
    unique.sort_unstable();
    unique.dedup();
    ensure!(unique.len() == files.len(), "two pictures have the same name");
    Ok(files)
}
