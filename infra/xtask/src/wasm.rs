//! Builds modules for the browser and binds them to JavaScript.

use std::path::{Path, PathBuf};

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

use crate::place;
use crate::shell::Run;

const TARGET: &str = "wasm32-unknown-unknown";

/// A module: which package, and with which profile it is built.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    pub(crate) package: &'static str,
    pub(crate) profile: &'static str,
}

/// Adds the wasm target to the toolchain if rustup is there and it is missing.
pub(crate) fn ensure_target() -> Result<()> {
    let sysroot = Run::new("rustc").args(["--print", "sysroot"]).output_of_any_exit()?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot).trim().to_owned());
    if sysroot.join("lib/rustlib").join(TARGET).exists() {
        return Ok(());
    }
    Run::new("rustup").args(["target", "add", TARGET]).run()
}

impl Module {
    /// Builds the module; returns where it is.
    pub(crate) fn build(self) -> Result<PathBuf> {
        let Self { package, profile } = self;
        Run::cargo()
            .args([
                "build",
                "--locked",
                "--target",
                TARGET,
                "--profile",
                profile,
                "--package",
                package,
                "--bins",
            ])
            .run()?;
        Ok(place::target().join(TARGET).join(profile).join(format!("{package}.wasm")))
    }
}

/// Writes `{name}.js` and `{name}_bg.wasm` to `out_dir`, for use as an ES module.
pub(crate) fn bind(module: &Path, name: &str, out_dir: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .out_name(name)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(out_dir)
}
