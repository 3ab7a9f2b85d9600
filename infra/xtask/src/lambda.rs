//! Packages the two functions as Lambda takes them: a zip with one program called `bootstrap`.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::shell::Run;
use crate::{packages, place, toolchain};

/// The functions, by the names of their packages.
const FUNCTIONS: [&str; 2] = ["edge-api", "processor"];

/// Graviton, and the C library of Amazon Linux 2023.
const TARGET: &str = "aarch64-unknown-linux-gnu";
const TARGET_WITH_LIBRARY: &str = "aarch64-unknown-linux-gnu.2.34";

/// Small programs, which start sooner.
const PROFILE: &str = "lambda";

/// Builds the functions for Lambda into `dir`. Zig is the C compiler and linker for the other processor.
pub(crate) fn build(dir: &Path) -> Result<()> {
    let venv = place::target().join("tools/lambda");
    packages::python(&venv, &place::root().join("infra/xtask/python/lambda.txt"))?;
    toolchain::ensure_target(TARGET)?;
    let mut path = vec![venv.join("bin")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let zig = Run::new(venv.join("bin/cargo-zigbuild")).args(["zigbuild", "--locked", "--profile", PROFILE]);
    for_functions(zig)
        .args(["--target", TARGET_WITH_LIBRARY])
        .env("PATH", std::env::join_paths(path)?)
        .env("CARGO_ZIGBUILD_PYTHON_PATH", venv.join("bin/python"))
        .run()?;
    pack(&place::target().join(TARGET).join(PROFILE), dir)
}

/// The same for this machine, quickly: for emulators.
pub(crate) fn build_for_here(dir: &Path) -> Result<()> {
    for_functions(Run::cargo().args(["build", "--locked"])).run()?;
    pack(&place::target().join("debug"), dir)
}

fn for_functions(run: Run) -> Run {
    FUNCTIONS.iter().fold(run, |run, function| run.args(["--package", function, "--bin", function]))
}

/// The same program always gives the same zip, so that a deployment without changes changes nothing.
fn pack(programs: &Path, dir: &Path) -> Result<()> {
    fs::create_dir_all(dir)?;
    for function in FUNCTIONS {
        let program = fs::read(programs.join(function)).with_context(|| function.to_owned())?;
        let mut zip = ZipWriter::new(File::create(dir.join(format!("{function}.zip")))?);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o755);
        zip.start_file("bootstrap", options)?;
        zip.write_all(&program)?;
        zip.finish()?;
    }
    Ok(())
}
