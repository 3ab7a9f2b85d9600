//! Instructions for one thumbnail, counted by callgrind: the same on every run, so that commits can be compared on
//! a machine that does other things as well. It does not see mispredicted branches and memory that is far away.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Bench, Figures};
use crate::place;
use crate::shell::Run;
use crate::tools::{self, DebianTool};

const VALGRIND: DebianTool = DebianTool { program: "valgrind", package: "valgrind" };

#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub(super) fn run(bench: &Bench) -> Result<Figures> {
    tools::ensure(&[VALGRIND])?;
    let (pictures, word) = bench.pictures("pictures.json")?;
    let pictures: Value = serde_json::from_slice(&fs::read(pictures)?)?;
    let mut found = Vec::new();
    for set in pictures["sets"].as_array().context("no sets of pictures")? {
        let (title, file) = (&set["title"], &set["files"][0]);
        let path = Path::new(file["path"].as_str().context("a picture without a path")?);
        let pixels = file["width"].as_f64().unwrap_or(1.0) * file["height"].as_f64().unwrap_or(1.0);
        let count = count(path, &bench.dir.join("callgrind.out"))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.push((title.as_str().unwrap_or_default().to_owned(), name, count, pixels));
    }
    println!("\nmillions of instructions for one thumbnail");
    for (title, name, count, pixels) in &found {
        #[expect(clippy::cast_precision_loss, reason = "it is rounded to thousands anyway")]
        let count = *count as f64;
        println!("{title:26}{name:40}{:>10.3}{:>8.2} for a pixel", count / 1e6, count / pixels);
    }
    let values = found
        .iter()
        .map(|(title, name, count, _)| json!({ "set": title, "file": name, "instructions": count }));
    Ok(Figures { values: values.collect(), skipped: word.into_iter().collect() })
}

fn count(picture: &Path, out: &Path) -> Result<u64> {
    Run::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--toggle-collect=*measured_thumbnail*"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(place::program("release", "engine-bench"))
        .arg("one")
        .arg(picture)
        .run()?;
    let text = fs::read_to_string(out)?;
    let total =
        text.lines().find_map(|line| line.strip_prefix("totals: ")).context("callgrind gave no total")?;
    total.trim().parse().with_context(|| format!("callgrind's total: {total}"))
}
