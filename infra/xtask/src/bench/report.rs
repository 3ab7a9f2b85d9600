//! Collects what the parts found.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::{Figures, machine};

#[derive(Debug)]
pub(super) struct Report {
    figures: Map<String, Value>,
    skipped: Vec<String>,
    failed: Vec<String>,
}

impl Report {
    pub(super) fn new(skipped: Vec<String>) -> Result<Self> {
        let mut figures = Map::new();
        figures.insert("machine".to_owned(), machine::line()?.into());
        figures.insert("commit".to_owned(), machine::commit()?.into());
        Ok(Self { figures, skipped, failed: Vec::new() })
    }

    /// A part that fails does not keep the others from running.
    pub(super) fn add(&mut self, name: &str, found: Result<Figures>) {
        match found {
            Ok(found) => {
                self.figures.insert(name.to_owned(), found.values);
                self.skipped.extend(found.skipped);
            }
            Err(error) => {
                eprintln!("== {name} FAILED: {error:#}");
                self.failed.push(name.to_owned());
            }
        }
    }

    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.figures)? + "\n";
        fs::write(file, text).with_context(|| file.display().to_string())
    }

    /// Says on what the figures were taken and what is missing.
    #[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
    pub(super) fn print(&self) -> Result<()> {
        let said = |name: &str| self.figures.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        println!("\n{}; commit {}", said("machine"), said("commit"));
        for note in &self.skipped {
            println!("skipped: {note}");
        }
        if self.failed.is_empty() { Ok(()) } else { bail!("failed: {}", self.failed.join(", ")) }
    }
}

impl Figures {
    /// What `engine-bench` has written.
    pub(super) fn read(json: &Path, skipped: impl IntoIterator<Item = String>) -> Result<Self> {
        let name = || json.display().to_string();
        let values = serde_json::from_slice(&fs::read(json).with_context(name)?).with_context(name)?;
        Ok(Self { values, skipped: skipped.into_iter().collect() })
    }
}
