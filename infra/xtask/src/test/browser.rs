//! A real browser against the whole system.

use std::path::PathBuf;

use anyhow::Result;

use super::{Skipped, in_environment, with_corpus};
use crate::shell::Run;
use crate::{commands, npm, packages, place, site, tools, weight};

pub(super) fn run() -> Result<Skipped> {
    tools::ensure(&[tools::CHROMIUM, tools::CHROMEDRIVER, tools::NPM])?;
    let site = site::build()?;
    weight::report(&site)?;
    let package = place::target().join("browser/node_modules/wasm-thumb");
    npm::build(&package)?;
    commands::up::build_imagasaur()?;
    let tests = Run::cargo()
        .args(["test", "--locked", "--package", "e2e", "--", "--test-threads", "1", "--nocapture"])
        .env("IMAGASAUR_PROGRAM", place::program("release", "imagasaur"))
        .env("IMAGASAUR_SITE", site)
        .env("WASM_THUMB_PKG", package)
        .env("AXE_CORE", axe()?);
    let (tests, skipped) = with_corpus(tests, in_environment);
    tests.run()?;
    Ok(skipped)
}

/// What looks for faults of accessibility, as one script.
const AXE_CORE: &str = "axe-core@4.14.1";

fn axe() -> Result<PathBuf> {
    let dir = place::target().join("browser/axe");
    std::fs::create_dir_all(&dir)?;
    packages::once(&dir, AXE_CORE, || {
        let npm =
            Run::new("npm").args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
        npm.arg(&dir).arg(AXE_CORE).run()
    })?;
    Ok(dir.join("node_modules/axe-core/axe.min.js"))
}
