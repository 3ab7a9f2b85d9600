//! Programs that the checks need and that a fresh machine may lack.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::place;
use crate::shell::Run;

/// The version that the package was tried with.
const WASM_PACK: &str = "0.15.1";
/// The version that the fuzz targets were tried with.
const CARGO_FUZZ: &str = "0.13.2";

/// What the endpoint is compared with.
const S3S_FS: &str = "0.14.1";

/// wasm-pack, from the crate registry into a folder of ours.
pub(crate) fn wasm_pack() -> Result<PathBuf> {
    installed("wasm-pack", WASM_PACK)
}

/// cargo-fuzz, likewise.
pub(crate) fn cargo_fuzz() -> Result<PathBuf> {
    installed("cargo-fuzz", CARGO_FUZZ)
}

/// s3s-fs, of the version of the library that ours is built on, optimised: it is measured.
pub(crate) fn s3s_fs() -> Result<PathBuf> {
    let home = place::target().join("tools");
    let program = home.join("bin").join(format!("s3s-fs{}", std::env::consts::EXE_SUFFIX));
    if !Run::new(&program).arg("--help").succeeds() {
        Run::cargo()
            .args(["install", "s3s-fs", "--version", S3S_FS, "--locked", "--features", "binary", "--root"])
            .arg(&home)
            .arg("--target-dir")
            .arg(home.join("build"))
            .run()?;
    }
    Ok(program)
}

fn installed(name: &str, version: &str) -> Result<PathBuf> {
    let home = place::target().join("tools");
    let program = home.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !Run::new(&program).arg("--version").succeeds() {
        // Without optimisation it is built in half the time, and it has little to do.
        Run::cargo()
            .args(["install", name, "--version", version, "--locked", "--debug", "--root"])
            .arg(&home)
            .arg("--target-dir")
            .arg(home.join("build"))
            .run()?;
    }
    Ok(program)
}

/// A program that a Debian package brings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebianTool {
    /// What is run.
    pub(crate) program: &'static str,
    /// What brings it.
    pub(crate) package: &'static str,
}

pub(crate) const NODE: DebianTool = DebianTool { program: "node", package: "nodejs" };
pub(crate) const NPM: DebianTool = DebianTool { program: "npm", package: "npm" };
pub(crate) const QEMU_ARM: DebianTool = DebianTool { program: "qemu-aarch64", package: "qemu-user" };
pub(crate) const QEMU_X86: DebianTool = DebianTool { program: "qemu-x86_64", package: "qemu-user" };
pub(crate) const STRACE: DebianTool = DebianTool { program: "strace", package: "strace" };
pub(crate) const CHROMIUM: DebianTool = DebianTool { program: "chromium", package: "chromium" };
pub(crate) const CHROMEDRIVER: DebianTool =
    DebianTool { program: "chromedriver", package: "chromium-driver" };

/// Sees to it that the programs are there: through apt where we may, with a clear word where we may not.
pub(crate) fn ensure(tools: &[DebianTool]) -> Result<()> {
    let missing = || -> Vec<&str> {
        let absent = tools.iter().filter(|tool| !Run::new(tool.program).arg("--version").succeeds());
        let mut packages: Vec<_> = absent.map(|tool| tool.package).collect();
        packages.dedup();
        packages
    };
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    let by_hand = format!("install {} (on Debian or Ubuntu: apt-get install {0})", packages.join(" "));
    if !Run::new("id").arg("-u").output_of_any_exit().is_ok_and(|uid| uid.trim_ascii() == b"0") {
        bail!("{by_hand}");
    }
    let apt = |args: &[&str]| Run::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive").run();
    apt(&["update", "-q"])?;
    let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
    install.extend(&packages);
    apt(&install)?;
    if !missing().is_empty() {
        bail!("apt-get did not bring all that is needed: {by_hand}");
    }
    Ok(())
}
