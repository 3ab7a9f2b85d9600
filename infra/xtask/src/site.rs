//! Puts the front end together: modules, style and pages, each under a name that tells its content, each with
//! copies beside it that are compressed with Brotli and gzip.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::place;
use crate::wasm::{self, Module};

const APP: Module = Module { package: "imagasaur-app", profile: "wasm-small" };
const WORKER: Module = Module { package: "imagasaur-worker", profile: "wasm" };

/// Builds the front end if anything it is made of has changed. Returns its folder.
pub(crate) fn build() -> Result<PathBuf> {
    wasm::ensure_target()?;
    let app = APP.build()?;
    let worker = WORKER.build()?;
    let statics = place::root().join("app/static");

    let site = place::target().join("site");
    let stamp_file = place::target().join("site.stamp");
    let stamp = stamp(&[&app, &worker], &statics)?;
    if site.exists() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(site);
    }
    let fresh = place::target().join("site.new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    assemble(&app, &worker, &statics, &fresh)?;
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::rename(&fresh, &site)?;
    fs::write(&stamp_file, stamp)?;
    Ok(site)
}

fn assemble(app: &Path, worker: &Path, statics: &Path, site: &Path) -> Result<()> {
    let bound = place::target().join("bound");
    fs::create_dir_all(&bound)?;
    wasm::bind(app, "app", &bound)?;
    wasm::bind(worker, "worker", &bound)?;

    fs::create_dir_all(site.join("assets"))?;
    let mut assets = Assets { site, addresses: BTreeMap::new() };
    // A file comes after those that it names.
    assets.add("app.wasm", &fs::read(bound.join("app_bg.wasm"))?)?;
    assets.add("app.js", &fs::read(bound.join("app.js"))?)?;
    assets.add("worker.wasm", &fs::read(bound.join("worker_bg.wasm"))?)?;
    assets.add("worker_glue.js", &fs::read(bound.join("worker.js"))?)?;
    for name in ["style.css", "icon.svg"] {
        assets.add(name, &fs::read(statics.join(name)).with_context(|| name.to_owned())?)?;
    }
    for messages in fs::read_dir(statics.join("messages"))? {
        let messages = messages?;
        assets.add(&messages.file_name().to_string_lossy(), &fs::read(messages.path())?)?;
    }
    for name in ["start.js", "worker.js"] {
        let filled = assets.fill(&fs::read_to_string(statics.join(name))?)?;
        assets.add(name, filled.as_bytes())?;
    }
    let index = assets.fill(&fs::read_to_string(statics.join("index.html"))?)?;
    write_compressed(&site.join("index.html"), index.as_bytes())
}

/// Files under `/assets/`, named by their content.
struct Assets<'a> {
    site: &'a Path,
    addresses: BTreeMap<String, String>,
}

impl Assets<'_> {
    fn add(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let hash = hex::encode(&Sha256::digest(content)[..5]);
        let (stem, extension) = name.rsplit_once('.').context("an asset without an extension")?;
        let address = format!("/assets/{stem}-{hash}.{extension}");
        write_compressed(&self.site.join(&address[1..]), content)?;
        self.addresses.insert(name.to_owned(), address);
        Ok(())
    }

    /// Replaces `{{name}}` by the address of that asset.
    fn fill(&self, template: &str) -> Result<String> {
        let mut filled = template.to_owned();
        for (name, address) in &self.addresses {
            filled = filled.replace(&format!("{{{{{name}}}}}"), address);
        }
        if let Some(at) = filled.find("{{") {
            let rest: String = filled[at..].chars().take(40).collect();
            bail!("a template names an asset that there is not: {rest}");
        }
        Ok(filled)
    }
}

/// Writes a file, and those of its compressed forms that are smaller.
fn write_compressed(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content)?;
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut brotli, &parameters)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content)?;
    for (suffix, compressed) in [(".br", brotli), (".gz", gzip.finish()?)] {
        if compressed.len() < content.len() {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            fs::write(name, compressed)?;
        }
    }
    Ok(())
}

/// A digest of everything that the site is made of, this program included.
fn stamp(modules: &[&Path], statics: &Path) -> Result<String> {
    let mut inputs: Vec<PathBuf> = modules.iter().map(|path| path.to_path_buf()).collect();
    for dir in [statics, &statics.join("messages")] {
        for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
            inputs.push(entry?.path());
        }
    }
    inputs.retain(|path| path.is_file());
    inputs.push(std::env::current_exe()?);
    inputs.sort();
    let mut digest = Sha256::new();
    for input in inputs {
        digest.update(input.to_string_lossy().as_bytes());
        digest.update(Sha256::digest(fs::read(&input)?));
    }
    Ok(hex::encode(digest.finalize()))
}
