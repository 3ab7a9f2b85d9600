//! `imagasaur thumb`: thumbnails of files and whole folders, on all cores.

mod inputs;
mod naming;
mod record;
mod work;

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::Context;
use wasm_thumb::{Options, Size};

use processor::cli::Progress;
use record::Output;

/// Makes thumbnails of files and whole folders.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Pictures, and folders of pictures, whose structure is kept.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
    /// Where the thumbnails go: NAME.jpg, or NAME.EXT.jpg where two inputs would collide.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Size of the thumbnails, pixels.
    #[arg(long, value_name = "WxH", default_value = "100x100", value_parser = parse_size)]
    size: Size,
    /// Print one line of JSON for each file.
    #[arg(long)]
    json: bool,
}

/// Makes the thumbnails; the exit code is 1 if any file failed.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Args { inputs, out, size, json } = args;
    std::fs::create_dir_all(&out).with_context(|| format!("cannot create {}", out.display()))?;
    let jobs = naming::name(inputs::find(&inputs, &out), &out);
    let options = Options { size, ..Options::default() };

    let mut output = Output::new(json);
    let mut progress = Progress::new(jobs.len());
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(jobs.len().max(1));
    // Each worker holds one picture at a time, so memory is bounded by their number.
    let (sender, records) = sync_channel(workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, next, jobs) = (sender.clone(), &next, &jobs);
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Nobody listens any more once standard output is closed.
                    if sender.send(work::run(job, &options)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for record in records {
            progress.clear();
            output.write(&record)?;
            progress.advance();
        }
        anyhow::Ok(())
    })?;
    progress.clear();
    output.finish()
}

/// `WxH`, such as `160x120`.
fn parse_size(text: &str) -> Result<Size, String> {
    let form = || format!("{text:?} is not of the form 160x120");
    let (width, height) = text.split_once(['x', 'X', '×']).ok_or_else(form)?;
    let side = |side: &str| side.parse::<u32>().map_err(|_| form());
    Size::new(side(width)?, side(height)?).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
