//! The installed Rust.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell::Run;

/// Adds a target to the toolchain if rustup is there and it is missing.
pub(crate) fn ensure_target(target: &str) -> Result<()> {
    let sysroot = Run::new("rustc").args(["--print", "sysroot"]).output_of_any_exit()?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot).trim().to_owned());
    if sysroot.join("lib/rustlib").join(target).exists() {
        return Ok(());
    }
    Run::new("rustup").args(["target", "add", target]).run()
}
