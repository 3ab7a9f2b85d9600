//! Each step of the engine alone.

use anyhow::Result;
use serde_json::Value;

use super::{Bench, Figures};
use crate::shell::Run;

pub(super) fn run(bench: &Bench) -> Result<Figures> {
    let samples = if bench.quick { "5" } else { "25" };
    Run::cargo()
        .args(["bench", "--locked", "--package", "wasm-thumb", "--features", "steps", "--bench", "steps"])
        .args(["--", "--sample-count", samples, "--sample-size", "1"])
        .run()?;
    // divan prints a table and writes nothing.
    Ok(Figures { values: Value::Null, skipped: Vec::new() })
}
