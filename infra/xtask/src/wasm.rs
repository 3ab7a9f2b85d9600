//! Builds modules for the browser and binds them to JavaScript.

use std::path::{Path, PathBuf};

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::Run;
use crate::{place, toolchain};

const TARGET: &str = "wasm32-unknown-unknown";

/// A module: which package, and with which profile it is built.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    pub(crate) package: &'static str,
    pub(crate) profile: &'static str,
}

/// Adds the wasm target to the toolchain if it is missing.
pub(crate) fn ensure_target() -> Result<()> {
    toolchain::ensure_target(TARGET)
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
