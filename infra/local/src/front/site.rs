//! The built page: a handful of files, held in memory, each with its compressed form.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Files whose names tell their content never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The others are asked for anew, and answered with 304 while they are the same.
const REVALIDATE: &str = "no-cache";

/// The folder of the built page cannot be used.
#[derive(Debug, Error)]
pub enum LoadSiteError {
    /// It cannot be read.
    #[error("the page in {path}: {cause}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// It holds no page.
    #[error("there is no index.html in {0}; `cargo xtask up` builds the page")]
    NoIndex(PathBuf),
}

/// The files of the page by path. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    files: Arc<HashMap<String, File>>,
}

#[derive(Debug, Default)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    etag: String,
}

impl Site {
    /// Reads the folder with its sub-folders; `NAME.br` is the compressed form of `NAME`.
    pub fn load(dir: &Path) -> Result<Self, LoadSiteError> {
        let mut found = HashMap::new();
        read_folder(dir, "", &mut found)?;
        let mut files = HashMap::new();
        for (path, content) in &found {
            if path.strip_suffix(".br").is_some() {
                continue;
            }
            let etag = format!("\"{}\"", hex::encode(&Sha256::digest(content)[..12]));
            let brotli = found.get(&format!("{path}.br")).cloned();
            files.insert(path.clone(), File { plain: content.clone(), brotli, etag });
        }
        if !files.contains_key("/index.html") {
            return Err(LoadSiteError::NoIndex(dir.to_owned()));
        }
        Ok(Self { files: Arc::new(files) })
    }

    /// The file at a path. Addresses of the page itself, which have no dot, all show the page.
    fn find(&self, path: &str) -> Option<(&str, &File)> {
        let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
        let path = if is_page { "/index.html" } else { path };
        self.files.get_key_value(path).map(|(path, file)| (path.as_str(), file))
    }
}

fn read_folder(dir: &Path, prefix: &str, found: &mut HashMap<String, Bytes>) -> Result<(), LoadSiteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |cause| LoadSiteError::Io { path, cause }
    };
    for entry in std::fs::read_dir(dir).map_err(failed(dir))? {
        let path = entry.map_err(failed(dir))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let address = format!("{prefix}/{name}");
        if path.is_dir() {
            read_folder(&path, &address, found)?;
        } else {
            found.insert(address, std::fs::read(&path).map_err(failed(&path))?.into());
        }
    }
    Ok(())
}

pub(super) async fn get(State(site): State<Site>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let Some((path, file)) = site.find(uri.path()) else {
        return (StatusCode::NOT_FOUND, "There is nothing at this address.").into_response();
    };
    let has = |name, wanted: &str| {
        headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok()).any(|value| {
            value.split(',').any(|item| item.split(';').next().unwrap_or_default().trim() == wanted)
        })
    };
    let caching = if path.starts_with("/assets/") { IMMUTABLE } else { REVALIDATE };
    let common = [(CACHE_CONTROL, caching), (ETAG, &file.etag), (VARY, "accept-encoding")];
    if has(IF_NONE_MATCH, &file.etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = [(CONTENT_TYPE, content_type(path))];
    match &file.brotli {
        Some(brotli) if has(ACCEPT_ENCODING, "br") => {
            (common, content_type, [(CONTENT_ENCODING, "br")], brotli.clone()).into_response()
        }
        _ => (common, content_type, file.plain.clone()).into_response(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}
