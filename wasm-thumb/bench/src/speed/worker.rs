//! The native engine as a subject: `engine-bench worker`. How it converses, `peers/worker.py` says.

use std::io::{BufRead, Write, stdin, stdout};
use std::time::Instant;
use std::{fs, hint};

use anyhow::{Context, Result, bail};
use rustix::time::{ClockId, clock_gettime};
use wasm_thumb::Options;

/// Answers until the benchmark closes the pipe.
pub fn work() -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{}", env!("CARGO_PKG_VERSION"))?;
    let (mut path, mut bytes) = (String::new(), Vec::new());
    for line in stdin().lock().lines() {
        let line = line?;
        let (verb, wanted) = line.split_once(' ').context("a verb and a file")?;
        if wanted != path {
            bytes = fs::read(wanted).with_context(|| wanted.to_owned())?;
            wanted.clone_into(&mut path);
        }
        let answer = match verb {
            "time" => time(&bytes),
            "peak" => peak(&bytes),
            _ => bail!("unknown: {verb}"),
        };
        match answer {
            Ok(answer) => writeln!(out, "{answer}")?,
            Err(error) => writeln!(out, "error {error:#}")?,
        }
        out.flush()?;
    }
    Ok(())
}

fn time(bytes: &[u8]) -> Result<String> {
    let options = Options::default();
    let (start, start_cpu) = (Instant::now(), processor_ns());
    let thumbnail = wasm_thumb::thumbnail(hint::black_box(bytes), &options)?;
    let (took, took_cpu) = (start.elapsed(), processor_ns() - start_cpu);
    Ok(format!("{} {took_cpu} {}", took.as_nanos(), thumbnail.bytes.len()))
}

/// Nanoseconds that a processor has spent on this process.
fn processor_ns() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn peak(bytes: &[u8]) -> Result<String> {
    let before = status_bytes("VmRSS")?;
    // Sets the highest back to what there is now.
    fs::write("/proc/self/clear_refs", "5")?;
    wasm_thumb::thumbnail(hint::black_box(bytes), &Options::default())?;
    Ok(status_bytes("VmHWM")?.saturating_sub(before).to_string())
}

fn status_bytes(name: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(name)).context("no such line")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kilobytes * 1024)
}
