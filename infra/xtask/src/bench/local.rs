//! The system on this machine beside moto and s3s-fs: `cargo xtask bench --local`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Args, machine};
use crate::shell::Run;
use crate::{commands, packages, place, tools};

/// Builds, installs, measures, prints.
pub(super) fn run(args: &Args) -> Result<()> {
    let dir = place::target().join("bench");
    fs::create_dir_all(&dir)?;
    commands::up::build_imagasaur()?;
    Run::cargo().args(["build", "--locked", "--release", "--package", "local-bench"]).run()?;
    let mut missing = Vec::new();
    let moto = moto(&dir).map_err(|error| missing.push(format!("moto: {error:#}"))).ok();
    let s3s_fs = tools::s3s_fs().map_err(|error| missing.push(format!("s3s-fs: {error:#}"))).ok();
    let json = dir.join("local.json");
    let mut bench = Run::new(place::program("release", "local-bench"))
        .arg("--imagasaur")
        .arg(place::program("release", "imagasaur"))
        .arg("--json")
        .arg(&json);
    for (name, program) in [("--moto", moto), ("--s3s-fs", s3s_fs)] {
        if let Some(program) = program {
            bench = bench.arg(name).arg(program);
        }
    }
    if args.quick {
        bench = bench.args(["--objects", "10000", "--puts", "400", "--images", "20"]);
    }
    bench.run()?;
    if let Some(target) = &args.json {
        fs::copy(&json, target)?;
    }
    say(&missing)
}

#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
fn say(missing: &[String]) -> Result<()> {
    println!("{}; commit {}", machine::line()?, machine::commit()?);
    for missing in missing {
        println!("skipped: {missing}");
    }
    Ok(())
}

fn moto(dir: &Path) -> Result<PathBuf> {
    let venv = dir.join("moto");
    packages::python(&venv, &place::root().join("infra/xtask/python/moto.txt"))?;
    Ok(venv.join("bin/moto_server"))
}
