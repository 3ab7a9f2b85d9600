//! As much of the program `wasm-bindgen` as wasm-pack uses, from the library that the official one is made of.
//!
//! So the npm package needs no second installation, and the version is always the one that Cargo.lock names.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Parser;
use wasm_bindgen_cli_support::Bindgen;

#[derive(Parser)]
#[command(name = "wasm-bindgen", version = wasm_bindgen_cli_support_version())]
struct Cli {
    input: PathBuf,
    #[arg(long)]
    out_dir: PathBuf,
    #[arg(long)]
    out_name: Option<String>,
    #[arg(long, default_value = "bundler")]
    target: String,
    #[arg(long)]
    typescript: bool,
    #[arg(long)]
    no_typescript: bool,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&cli.input)
        .typescript(!cli.no_typescript)
        .remove_name_section(true)
        .remove_producers_section(true);
    match cli.target.as_str() {
        "web" => bindgen.web(true)?,
        "bundler" => bindgen.bundler(true)?,
        "nodejs" => bindgen.nodejs(true)?,
        other => bail!("target {other:?} is not used here"),
    };
    if let Some(name) = &cli.out_name {
        bindgen.out_name(name);
    }
    bindgen.generate(&cli.out_dir)
}

/// The version that the engine's module is bound with; the two crates are released together.
const fn wasm_bindgen_cli_support_version() -> &'static str {
    "0.2.130"
}
