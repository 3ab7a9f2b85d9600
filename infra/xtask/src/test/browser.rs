//! A real browser against the whole system.

use anyhow::Result;

use super::{NO_CORPUS, Skipped, corpus};
use crate::shell::Run;
use crate::{commands, place, site, tools};

pub(super) fn run() -> Result<Skipped> {
    tools::ensure(&[tools::CHROMIUM, tools::CHROMEDRIVER])?;
    let site = site::build()?;
    commands::up::build_imagasaur()?;
    let mut tests = Run::cargo()
        .args(["test", "--locked", "--package", "e2e", "--", "--test-threads", "1", "--nocapture"])
        .env("IMAGASAUR_PROGRAM", place::program("release", "imagasaur"))
        .env("IMAGASAUR_SITE", site);
    let mut skipped = Vec::new();
    match corpus() {
        Some(corpus) => tests = tests.env("IMAGASAUR_CORPUS", corpus),
        None => skipped.push(NO_CORPUS.to_owned()),
    }
    tests.run()?;
    Ok(skipped)
}
