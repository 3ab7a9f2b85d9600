//! Memory besides the file.

use anyhow::Result;

use super::{Bench, Figures};

pub(super) fn run(bench: &Bench) -> Result<Figures> {
    let (pictures, word) = bench.pictures("large.json")?;
    let json = bench.dir.join("memory.json");
    bench
        .with_peers(Bench::engine_bench().arg("memory").arg("--pictures").arg(pictures))
        .arg("--json")
        .arg(&json)
        .run()?;
    Figures::read(&json, word)
}
