//! What cargo itself checks.

use anyhow::Result;

use super::{Skipped, in_environment, with_corpus};
use crate::place;
use crate::shell::Run;
use crate::wasm;

pub(super) fn format() -> Result<Skipped> {
    Run::cargo().args(["fmt", "--all", "--check"]).run()?;
    Ok(Vec::new())
}

pub(super) fn lints() -> Result<Skipped> {
    wasm::ensure_target()?;
    Run::cargo()
        .args(["clippy", "--locked", "--workspace", "--all-targets"])
        .args(["--features", "wasm-thumb/steps,imagasaur/embed,imagasaur/fail-points"])
        .args(["--", "-D", "warnings"])
        // What it carries does not matter here.
        .env("IMAGASAUR_SITE", place::root().join("infra/local/dist").display().to_string())
        .run()?;
    Run::cargo()
        .args(["clippy", "--locked", "--target", "wasm32-unknown-unknown"])
        .args(["-p", "imagasaur-app", "-p", "imagasaur-worker", "-p", "wasm-thumb-js"])
        .args(["--", "-D", "warnings"])
        .run()?;
    Ok(Vec::new())
}

pub(super) fn unit() -> Result<Skipped> {
    let tests = Run::cargo().args(["test", "--locked", "--workspace", "--exclude", "e2e", "--no-fail-fast"]);
    let (tests, skipped) = with_corpus(tests, in_environment);
    tests.run()?;
    Ok(skipped)
}
