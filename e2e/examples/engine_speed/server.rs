//! The page, the engine's package and the pictures.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use e2e::Content;

/// What is served.
#[derive(Debug)]
pub(crate) struct Site {
    /// The engine's npm package.
    pub(crate) package: PathBuf,
    /// Served as `/file/{index}`.
    pub(crate) files: Vec<PathBuf>,
}

/// Serves until the program ends; returns the page's address.
pub(crate) fn start(site: Site) -> Result<String> {
    e2e::serve(move |path| content(path, &site))
}

fn content(path: &str, site: &Site) -> Option<Content> {
    if let Some(index) = path.strip_prefix("/file/") {
        let file = site.files.get(index.parse::<usize>().ok()?)?;
        return Some(("image/jpeg", fs::read(file).ok()?));
    }
    if let Some(name) = path.strip_prefix("/package/") {
        return e2e::of_package(&site.package, name);
    }
    match path {
        "/" => Some(("text/html", b"<!doctype html><title>speed</title>".to_vec())),
        "/worker.js" => Some(("text/javascript", include_bytes!("worker.js").to_vec())),
        _ => None,
    }
}
