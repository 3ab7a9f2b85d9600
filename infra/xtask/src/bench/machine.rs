//! On what the figures were taken.

use std::fs;
use std::thread::available_parallelism;

use anyhow::Result;

use crate::shell::Run;

/// Processor, cores and kernel in a line.
pub(super) fn line() -> Result<String> {
    let cores = available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let processor = processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let kernel = said(Run::new("uname").arg("-sr"))?;
    Ok(format!("{processor}, {cores} cores, {kernel}"))
}

/// The commit that is measured, and whether there is more than it says.
pub(super) fn commit() -> Result<String> {
    let commit = said(Run::new("git").args(["describe", "--always", "--dirty"]))?;
    let date = said(Run::new("git").args(["show", "--no-patch", "--format=%cs", "HEAD"]))?;
    Ok(format!("{commit} of {date}"))
}

fn said(run: Run) -> Result<String> {
    Ok(String::from_utf8_lossy(&run.output_of_any_exit()?).trim().to_owned())
}
