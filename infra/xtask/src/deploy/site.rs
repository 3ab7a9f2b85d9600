//! The files of the page, in the order in which they go up: what is named by its content first, then the page that
//! names it. Whoever loads the page meanwhile gets the old one whole or the new one whole. Files of earlier releases
//! stay, for pages that are open and for the way back.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Cloud;

/// Of files whose names tell their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Browsers ask anew; the CDN keeps it until the next release empties its cache.
const UNTIL_NEXT_RELEASE: &str = "public, max-age=0, s-maxage=31536000, must-revalidate";

/// One object to write.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Upload {
    file: PathBuf,
    key: String,
}

/// A built page.
#[derive(Debug)]
pub(crate) struct Site {
    uploads: Vec<Upload>,
}

impl Site {
    /// Reads the folder that `cargo xtask dist` makes.
    pub(crate) fn read(dir: &Path) -> Result<Self> {
        let mut uploads = Vec::new();
        collect(dir, "", &mut uploads).with_context(|| format!("{}: run cargo xtask dist", dir.display()))?;
        if !uploads.iter().any(|upload| upload.key == "index.html") {
            bail!("{} has no index.html: run cargo xtask dist", dir.display());
        }
        uploads
            .sort_by_key(|upload| (!is_asset(&upload.key), upload.key == "index.html", upload.key.clone()));
        Ok(Self { uploads })
    }

    /// Writes them one after the other.
    pub(crate) fn upload(&self, cloud: &Cloud, bucket: &str) -> Result<()> {
        for Upload { file, key } in &self.uploads {
            cloud.put(bucket, key, file, &headers(key)?)?;
        }
        Ok(())
    }
}

fn is_asset(key: &str) -> bool {
    key.starts_with("assets/")
}

fn collect(dir: &Path, prefix: &str, uploads: &mut Vec<Upload>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file's name is no text")?;
        let key = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{key}/"), uploads)?;
        } else {
            uploads.push(Upload { file: entry.path(), key });
        }
    }
    Ok(())
}

/// How an object is described to S3, which describes it so to browsers.
fn headers(key: &str) -> Result<Vec<(&'static str, &'static str)>> {
    let caching = if is_asset(key) { FOR_EVER } else { UNTIL_NEXT_RELEASE };
    let plain = key.strip_suffix(".br").unwrap_or(key);
    let mut headers = vec![("--cache-control", caching), ("--content-type", content_type(plain)?)];
    if plain != key {
        headers.push(("--content-encoding", "br"));
    }
    Ok(headers)
}

fn content_type(key: &str) -> Result<&'static str> {
    Ok(match key.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "ftl" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        _ => bail!("what is {key}? Its content type has to be added to deploy/site.rs"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_goes_up_last_and_says_that_it_changes() {
        let dir = std::env::temp_dir().join(format!("site-{}", std::process::id()));
        fs::create_dir_all(dir.join("assets")).unwrap();
        for name in ["index.html", "index.html.br", "assets/z.js", "assets/z.js.br", "assets/a.wasm"] {
            fs::write(dir.join(name), name).unwrap();
        }
        let site = Site::read(&dir).unwrap();
        let keys: Vec<&str> = site.uploads.iter().map(|upload| upload.key.as_str()).collect();
        assert_eq!(keys, ["assets/a.wasm", "assets/z.js", "assets/z.js.br", "index.html.br", "index.html"]);
        fs::remove_dir_all(&dir).unwrap();
        assert!(Site::read(&dir).is_err());

        let header = |key: &str, name: &str| {
            headers(key).unwrap().into_iter().find(|(other, _)| *other == name).map(|(_, value)| value)
        };
        assert!(header("assets/z.js", "--cache-control").unwrap().ends_with("immutable"));
        assert!(header("index.html", "--cache-control").unwrap().contains("max-age=0"));
        assert_eq!(header("assets/a.wasm.br", "--content-type"), Some("application/wasm"));
        assert_eq!(header("assets/a.wasm.br", "--content-encoding"), Some("br"));
        assert_eq!(header("assets/a.wasm", "--content-encoding"), None);
        assert!(headers("assets/a.exe").is_err());
    }
}
