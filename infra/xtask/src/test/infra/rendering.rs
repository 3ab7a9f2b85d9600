//! `terraform validate` and `terraform test`, and what the tests render, which other checks read.
//!
//! The provider is mocked in tests: all that is asked of it is what its resources look like.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Place;
use super::together::{Job, together};
use crate::terraform::Terraform;

/// What an installation is rendered with.
const EXAMPLES: [&str; 3] = ["minimal", "production", "everything"];

/// Files with the state that a test ended with.
#[derive(Debug)]
pub(super) struct Rendered {
    /// One for each example.
    pub(super) installations: Vec<PathBuf>,
    /// What is there before the first deployment.
    pub(super) bootstrap: PathBuf,
}

/// Validates, runs every test, and renders.
pub(super) fn check(place: &Place, terraform: &Terraform) -> Result<Rendered> {
    let bootstrap = place.copy.join("bootstrap");
    let types = place.work.join("types");
    fs::write(&types, words(&place.copy)?)?;
    // A stand-in for the provider starts sooner if it offers only what is used. The registry's knows no such thing.
    let terraform = terraform.clone().and("TERRAFORM_CHECK_TYPES", types);
    for root in [&place.copy, &bootstrap] {
        terraform.call(root, &["validate", "-no-color"]).output()?;
    }
    eprintln!("  valid");

    let results = place.work.join("rendered");
    if results.exists() {
        fs::remove_dir_all(&results)?;
    }
    fs::create_dir_all(&results)?;
    let file = |name: &str| results.join(format!("{name}.json"));
    let mut jobs = Vec::new();
    for name in ["options", "variables", "defaults"] {
        jobs.push(test(&terraform, &place.copy, &format!("tests/{name}.tftest.hcl"), None, None));
    }
    for name in EXAMPLES {
        let example = format!("-var-file=examples/{name}.tfvars");
        jobs.push(test(&terraform, &place.copy, "tests/render.tftest.hcl", Some(example), Some(file(name))));
    }
    jobs.push(test(&terraform, &bootstrap, "tests/bootstrap.tftest.hcl", None, Some(file("bootstrap"))));
    together(jobs)?;
    Ok(Rendered { installations: EXAMPLES.map(file).to_vec(), bootstrap: file("bootstrap") })
}

/// One file of tests; `keep` is where the state goes that its run `render` ends with.
fn test(terraform: &Terraform, root: &Path, file: &str, more: Option<String>, keep: Option<PathBuf>) -> Job {
    let filter = format!("-filter={file}");
    let mut args = vec!["test", "-no-color", "-json", filter.as_str()];
    args.extend(more.as_deref());
    if keep.is_some() {
        args.push("-verbose");
    }
    let call = terraform.call(root, &args);
    let name = format!("terraform test {file} {}", more.unwrap_or_default());
    Job::new(name.trim_end().to_owned(), move || {
        let messages = match call.output() {
            Ok(messages) => messages,
            Err(error) => bail!("{}", readable(&format!("{error:#}"))),
        };
        if let Some(keep) = keep {
            let state = parsed(&messages)
                .find(|message| message["type"] == "test_state" && message["@testrun"] == "render")
                .context("the run `render` left no state")?;
            fs::write(keep, state["test_state"].to_string())?;
        }
        let summary = parsed(&messages).find(|message| message["type"] == "test_summary");
        Ok(summary.and_then(|summary| Some(summary["@message"].as_str()?.to_owned())).unwrap_or_default())
    })
}

fn parsed(messages: &str) -> impl Iterator<Item = Value> {
    messages.lines().filter_map(|line| serde_json::from_str(line).ok())
}

/// Of the messages of a failed test, those that say why.
fn readable(messages: &str) -> String {
    let reasons: Vec<String> = parsed(messages)
        .filter(|message| message["type"] == "diagnostic" && message["diagnostic"]["severity"] == "error")
        .map(|message| {
            let diagnostic = &message["diagnostic"];
            let text = |field: &str| diagnostic[field].as_str().unwrap_or_default().to_owned();
            let run = message["@testrun"].as_str().unwrap_or_default();
            format!("{run}: {}: {} ({})", text("summary"), text("detail"), diagnostic["range"]["filename"])
        })
        .collect();
    if reasons.is_empty() { messages.to_owned() } else { reasons.join("\n") }
}

/// Every word that could be a type of the provider.
fn words(dir: &Path) -> Result<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "tf" || ending == "hcl") {
                let text = fs::read_to_string(path)?;
                let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                found.extend(
                    text.split(|c| !is_word(c)).filter(|word| word.starts_with("aws_")).map(str::to_owned),
                );
            }
        }
    }
    Ok(found.into_iter().collect::<Vec<_>>().join("\n"))
}
