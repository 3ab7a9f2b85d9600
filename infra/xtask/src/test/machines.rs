//! The engine on other processors against this one, under qemu: arm64, and x86-64 without any vector instructions
//! beyond its first ones. The same bytes for every picture there is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::Skipped;
use crate::shell::Run;
use crate::{place, tools};

/// Links by itself: needs no C compiler and no libraries of the other machine.
const ARM_TARGET: &str = "aarch64-unknown-linux-musl";

/// Fails if any of `pictures` gives other bytes on another processor.
pub(super) fn compare(pictures: &[PathBuf]) -> Result<Skipped> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(vec!["other processors: compared on x86-64 Linux only".to_owned()]);
    }
    tools::ensure(&[tools::QEMU_ARM, tools::QEMU_X86])?;
    Run::new("rustup").args(["target", "add", ARM_TARGET]).run()?;
    let here = build(None)?;
    let arm = build(Some(ARM_TARGET))?;
    let expected = digests(Run::new(&here), pictures)?;
    let others = [
        ("arm64", Run::new(tools::QEMU_ARM.program).arg(&arm)),
        // The first x86-64 processor: SSE2 and nothing later.
        ("x86-64 with SSE2 only", Run::new(tools::QEMU_X86.program).args(["-cpu", "qemu64"]).arg(&here)),
    ];
    for (name, run) in others {
        let found = digests(run, pictures)?;
        let differing: Vec<_> =
            expected.iter().filter(|(path, digest)| found.get(*path) != Some(digest)).collect();
        if !differing.is_empty() {
            bail!("other bytes on {name}: {differing:#?}");
        }
        eprintln!("  {} files give the same on {name}", expected.len());
    }
    Ok(Vec::new())
}

/// The program `digest`, for this machine or another.
fn build(target: Option<&str>) -> Result<PathBuf> {
    let mut cargo =
        Run::cargo().args(["build", "--locked", "--release", "-p", "wasm-thumb", "--example", "digest"]);
    let mut dir = place::target();
    if let Some(target) = target {
        cargo = cargo
            .args(["--target", target])
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER", "rust-lld")
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUSTFLAGS", "-Clink-self-contained=yes");
        dir = dir.join(target);
    }
    cargo.run()?;
    Ok(dir.join("release/examples/digest"))
}

/// What the program prints, by path.
fn digests(run: Run, pictures: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let output = run.args(pictures).output_of_any_exit()?;
    let text = String::from_utf8(output).context("the digests are no text")?;
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    let digests: BTreeMap<_, _> = lines.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect();
    if digests.len() != pictures.len() {
        bail!("{} of {} pictures were looked at", digests.len(), pictures.len());
    }
    Ok(digests)
}
