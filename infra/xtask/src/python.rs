//! Environments of Python, each with packages of pinned versions.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell::Run;
use crate::tools::{self, DebianTool};

const PYTHON: DebianTool = DebianTool { program: "python3", package: "python3" };

/// Makes an environment with the packages of the list `requirements`; returns its interpreter.
pub(crate) fn environment(venv: &Path, requirements: &Path) -> Result<PathBuf> {
    let python = venv.join("bin/python");
    once(venv, &fs::read_to_string(requirements)?, || {
        tools::ensure(&[PYTHON])?;
        if !Run::new("python3").args(["-c", "import ensurepip"]).succeeds() {
            bail!("python3 cannot make environments: install python3-venv (apt-get install python3-venv)");
        }
        Run::new("python3").args(["-m", "venv", "--clear"]).arg(venv).run()?;
        let pip = Run::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.arg("--requirement").arg(requirements).run()
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
