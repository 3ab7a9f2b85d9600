//! Packages of other languages that the commands need, in folders of ours.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::Run;
use crate::tools::{self, DebianTool};

const PYTHON: DebianTool = DebianTool { program: "python3", package: "python3" };

/// A Python environment in `venv` with what the file `wanted` lists; returns its Python.
pub(crate) fn python(venv: &Path, wanted: &Path) -> Result<PathBuf> {
    let python = venv.join("bin/python");
    let versions = fs::read_to_string(wanted).with_context(|| wanted.display().to_string())?;
    once(venv, &versions, || {
        tools::ensure(&[PYTHON])?;
        if !Run::new("python3").args(["-c", "import ensurepip"]).succeeds() {
            bail!("python3 cannot make environments: install python3-venv (apt-get install python3-venv)");
        }
        Run::new("python3").args(["-m", "venv", "--clear"]).arg(venv).run()?;
        let pip = Run::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.arg("--requirement").arg(wanted).run()
    })?;
    Ok(python)
}

/// Installs into `dir` unless that has been done for the same versions.
pub(crate) fn once(dir: &Path, versions: &str, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = dir.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == versions) {
        return Ok(());
    }
    install()?;
    Ok(fs::write(stamp, versions)?)
}
