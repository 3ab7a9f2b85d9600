//! A real browser against the whole system.

use anyhow::Result;

use super::{Skipped, in_environment, with_corpus};
use crate::shell::Run;
use crate::{commands, npm, place, site, tools, weight};

pub(super) fn run() -> Result<Skipped> {
    tools::ensure(&[tools::CHROMIUM, tools::CHROMEDRIVER])?;
    let site = site::build()?;
    weight::report(&site)?;
    let package = place::target().join("browser/node_modules/wasm-thumb");
    npm::build(&package)?;
    commands::up::build_imagasaur()?;
    let tests = Run::cargo()
        .args(["test", "--locked", "--package", "e2e", "--", "--test-threads", "1", "--nocapture"])
        .env("IMAGASAUR_PROGRAM", place::program("release", "imagasaur"))
        .env("IMAGASAUR_SITE", site)
        .env("WASM_THUMB_PKG", package);
    let (tests, skipped) = with_corpus(tests, in_environment);
    tests.run()?;
    Ok(skipped)
}
