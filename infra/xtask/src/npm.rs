//! The npm package `wasm-thumb`, built by wasm-pack.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::shell::Run;
use crate::{place, tools, wasm};

/// Builds the package into `out_dir`.
pub(crate) fn build(out_dir: &Path) -> Result<()> {
    build_with(out_dir, |wasm_pack| wasm_pack)
}

/// Builds the package without vector instructions, to compare with.
pub(crate) fn build_without_simd(out_dir: &Path) -> Result<()> {
    build_with(out_dir, |wasm_pack| wasm_pack.env("RUSTFLAGS", "-Ctarget-feature=-simd128"))
}

fn build_with(out_dir: &Path, prepare: impl FnOnce(Run) -> Run) -> Result<()> {
    wasm::ensure_target()?;
    let wasm_pack = tools::wasm_pack()?;
    let mut path = vec![bindgen_on_path()?];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    if out_dir.exists() {
        fs::remove_dir_all(out_dir)?;
    }
    let run = Run::new(wasm_pack)
        .args([
            "build",
            "wasm-thumb/js",
            "--target",
            "web",
            "--mode",
            "no-install",
            "--out-name",
            "wasm_thumb",
        ])
        .arg("--out-dir")
        .arg(out_dir)
        .args(["--profile", "wasm"])
        .env("PATH", std::env::join_paths(path)?);
    prepare(run).run()?;
    let ours = place::root().join("wasm-thumb/js/npm");
    for name in ["browser.js", "node.js", "README.md"] {
        fs::copy(ours.join(name), out_dir.join(name)).with_context(|| name.to_owned())?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(place::root().join(name), out_dir.join(name)).with_context(|| name.to_owned())?;
    }
    describe(&out_dir.join("package.json"))
}

/// A folder with a program `wasm-bindgen`, which wasm-pack looks for.
///
/// Ours is built from the same library as the official one, at the very version that the engine is locked to.
fn bindgen_on_path() -> Result<PathBuf> {
    let name = "bindgen-for-wasm-pack";
    Run::cargo().args(["build", "--locked", "--package", "xtask", "--bin", name]).run()?;
    let dir = place::target().join("tools/path");
    fs::create_dir_all(&dir)?;
    let program = dir.join(format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX));
    fs::copy(place::program("debug", name), program)?;
    Ok(dir)
}

/// Says in package.json which file is for whom: the same module, started synchronously under Node.
fn describe(package_json: &Path) -> Result<()> {
    let mut package: Value = serde_json::from_str(&fs::read_to_string(package_json)?)?;
    package["name"] = json!("wasm-thumb");
    package["type"] = json!("module");
    package["main"] = json!("./node.js");
    package["types"] = json!("./wasm_thumb.d.ts");
    package["exports"] = json!(EXPORTS_PLACE);
    package["files"] = json!([
        "browser.js",
        "node.js",
        "wasm_thumb.js",
        "wasm_thumb.d.ts",
        "wasm_thumb_bg.wasm",
        "LICENSE-MIT",
        "LICENSE-APACHE"
    ]);
    let text = format!("{package:#}\n").replacen(&format!("\"{EXPORTS_PLACE}\""), EXPORTS, 1);
    Ok(fs::write(package_json, text)?)
}

/// What `import "wasm-thumb"` means. The first condition that holds counts, so their order matters, which
/// `serde_json` does not keep: hence as text.
const EXPORTS: &str = r#"{
    ".": { "types": "./wasm_thumb.d.ts", "node": "./node.js", "default": "./browser.js" },
    "./wasm_thumb_bg.wasm": "./wasm_thumb_bg.wasm"
  }"#;
const EXPORTS_PLACE: &str = "(exports)";
