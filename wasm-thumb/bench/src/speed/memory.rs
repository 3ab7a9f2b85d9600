//! How much memory a thumbnail takes besides the file.
//!
//! For the engine the bytes on the heap, counted; for the peers, and for the engine once more to compare with, the
//! growth of the process's resident memory at its highest. Each file has a fresh process, whose libraries are
//! loaded and warmed up with a small picture, so that only what the large one takes is new.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use super::pictures::Pictures;
use super::subject::{Peers, Subject};

/// What `engine-bench memory` may be told.
#[derive(Clone, Debug, clap::Args)]
pub struct MemoryArguments {
    /// The list of pictures that `make_pictures.py` has written
    #[arg(long)]
    pictures: PathBuf,
    #[command(flatten)]
    peers: Peers,
    /// Where the figures go
    #[arg(long)]
    json: PathBuf,
}

#[derive(Debug, Serialize)]
struct Figures {
    files: Vec<FileFigures>,
}

#[derive(Debug, Serialize)]
struct FileFigures {
    title: String,
    /// Pixels.
    width: u32,
    /// Pixels.
    height: u32,
    /// Most bytes on the heap besides the file.
    engine_heap_bytes: Option<u64>,
    /// How often the engine asked for memory.
    engine_allocations: Option<u64>,
    /// Growth of resident memory in bytes, by subject.
    resident_bytes: Vec<(String, Option<u64>)>,
}

const MEGABYTE: f64 = 1e6;

/// Measures every subject on every picture, prints a table and writes the figures.
pub fn memory(arguments: &MemoryArguments) -> Result<()> {
    let pictures = Pictures::read(&arguments.pictures)?;
    let mut files = Vec::new();
    for set in &pictures.sets {
        for picture in &set.files {
            let heap = counted(&picture.path)?;
            // Fresh ones, as memory that was taken once is kept for later by most allocators.
            let mut subjects = Subject::start_all(&arguments.peers, 0)?;
            let resident = subjects.iter_mut().map(|subject| {
                if let Some(small) = &set.warm_up {
                    subject.time(small)?.ok();
                }
                Ok((subject.about.name.clone(), subject.peak(&picture.path)?.ok()))
            });
            files.push(FileFigures {
                title: set.title.clone(),
                width: picture.width,
                height: picture.height,
                engine_heap_bytes: heap.map(|(bytes, _)| bytes),
                engine_allocations: heap.map(|(_, requests)| requests),
                resident_bytes: resident.collect::<Result<_>>()?,
            });
        }
    }
    print(&files);
    let text = serde_json::to_string_pretty(&Figures { files })?;
    fs::write(&arguments.json, text).with_context(|| arguments.json.display().to_string())
}

/// What `peak-heap` counts: bytes and requests; none where there is no thumbnail.
fn counted(file: &Path) -> Result<Option<(u64, u64)>> {
    let program = env::current_exe()?.with_file_name(format!("peak-heap{}", env::consts::EXE_SUFFIX));
    let output = Command::new(&program).arg(file).output();
    let output = output.with_context(|| format!("could not start {}", program.display()))?;
    ensure!(output.status.success(), "{}: {}", program.display(), output.status);
    let line = String::from_utf8(output.stdout)?;
    if line.starts_with("error ") {
        return Ok(None);
    }
    let (bytes, requests) = line.trim_end().split_once(' ').context(line.clone())?;
    Ok(Some((bytes.parse()?, requests.parse()?)))
}

fn print(files: &[FileFigures]) {
    println!("megabytes besides the file: counted on the heap, then growth of resident memory");
    let names = files.iter().flat_map(|file| &file.resident_bytes).map(|(name, _)| name);
    let mut columns: Vec<&String> = Vec::new();
    for name in names {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let headings: Vec<String> = columns.iter().map(|name| format!("{name:>20}")).collect();
    println!("{:36}{:>12}{:>10}{}", "", "on the heap", "requests", headings.concat());
    for file in files {
        let FileFigures { title, width, height, engine_heap_bytes, engine_allocations, resident_bytes } =
            file;
        let cells: Vec<String> =
            resident_bytes.iter().map(|(_, bytes)| format!("{:>20}", megabytes(*bytes))).collect();
        let megapixels = f64::from(*width) * f64::from(*height) / 1e6;
        let requests = engine_allocations.map_or_else(String::new, |count| count.to_string());
        let title = format!("{title}, {megapixels:.0} MP");
        println!("{title:36}{:>12}{requests:>10}{}", megabytes(*engine_heap_bytes), cells.concat());
    }
}

#[expect(clippy::cast_precision_loss, reason = "so much memory does not exist")]
fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "failed".to_owned(), |bytes| format!("{:.1}", bytes as f64 / MEGABYTE))
}
