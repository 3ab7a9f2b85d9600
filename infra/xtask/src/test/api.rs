//! The running system against its own description: schemathesis tries what the description allows, and what not.

use anyhow::Result;

use super::Skipped;
use crate::shell::Run;
use crate::{packages, place};

pub(super) fn run() -> Result<Skipped> {
    let venv = place::target().join("tools/schemathesis");
    packages::python(&venv, &place::root().join("infra/xtask/python/api.txt"))?;
    Run::cargo()
        .args([
            "test",
            "--locked",
            "--package",
            "imagasaur",
            "--test",
            "openapi",
            "--",
            "--ignored",
            "--nocapture",
        ])
        .env("SCHEMATHESIS", venv.join("bin/schemathesis"))
        .run()?;
    Ok(Vec::new())
}
