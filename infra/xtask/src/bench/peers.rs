//! Installs what the engine is compared with: libvips and Pillow for Python, sharp and the engine's own npm
//! package for Node. Versions are pinned in `wasm-thumb/bench/peers`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::Run;
use crate::{npm, packages, place, tools};

/// Where the peers are; none where one could not be installed.
#[derive(Debug)]
pub(super) struct Peers {
    /// A Python that has pyvips and Pillow.
    pub(super) python: Option<PathBuf>,
    /// A folder whose `node_modules` has sharp.
    pub(super) sharp: Option<PathBuf>,
    /// The engine's npm package.
    pub(super) package: Option<PathBuf>,
}

/// The oldest Node that sharp runs with.
const NODE_FOR_SHARP: (u32, u32) = (20, 9);

/// Where the scripts are that drive the peers.
pub(super) fn scripts() -> PathBuf {
    place::root().join("wasm-thumb/bench/peers")
}

/// Installs what can be installed here; the list says what is missing and what to do about it.
pub(super) fn install(dir: &Path) -> Result<(Peers, Vec<String>)> {
    let mut missing = Vec::new();
    let mut or_say = |peer: &str, installed: Result<PathBuf>| {
        installed.map_err(|error| missing.push(format!("{peer}: {error:#}"))).ok()
    };
    let python = or_say(
        "libvips and Pillow",
        packages::python(&dir.join("venv"), &scripts().join("requirements.txt")),
    );
    let sharp = or_say("sharp", sharp(&dir.join("sharp")));
    let package = match tools::ensure(&[tools::NODE]) {
        Ok(()) => {
            let package = dir.join("npm/wasm-thumb");
            npm::build(&package)?;
            Some(package)
        }
        Err(error) => or_say("the engine as wasm", Err(error)),
    };
    Ok((Peers { python, sharp, package }, missing))
}

fn sharp(dir: &Path) -> Result<PathBuf> {
    tools::ensure(&[tools::NODE, tools::NPM])?;
    let version = Run::new("node").arg("--version").output_of_any_exit()?;
    let version = String::from_utf8_lossy(&version).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        bail!("node says that its version is {version:?}");
    };
    if (major, minor) < NODE_FOR_SHARP {
        bail!("needs Node {}.{} or newer, here is {version}", NODE_FOR_SHARP.0, NODE_FOR_SHARP.1);
    }
    let lock = fs::read_to_string(scripts().join("package-lock.json"))?;
    packages::once(dir, &lock, || {
        fs::create_dir_all(dir)?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(scripts().join(name), dir.join(name)).with_context(|| name.to_owned())?;
        }
        Run::new("npm").args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(dir).run()
    })?;
    Ok(dir.to_owned())
}
