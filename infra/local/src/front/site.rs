//! The built page: a handful of files, held in memory, each with its compressed forms.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, Method, StatusCode, Uri};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::negotiate::{self, Coding};

/// Files whose names tell their content never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The others are asked for anew, and answered with 304 while they are the same.
const REVALIDATE: &str = "no-cache";

/// The page cannot be had.
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
    /// There is none.
    #[error("there is no index.html in {0}; `cargo xtask up` builds the page")]
    NoIndex(String),
}

/// The files of the page by path. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    files: Arc<HashMap<String, File>>,
}

#[derive(Debug)]
struct File {
    /// The plain form is always there.
    forms: Vec<Form>,
}

/// A file as it is sent.
#[derive(Debug)]
struct Form {
    coding: Coding,
    bytes: Bytes,
    etag: String,
}

impl Site {
    /// Reads the folder with its sub-folders; `NAME.br` and `NAME.gz` are the compressed forms of `NAME`.
    pub fn load(dir: &Path) -> Result<Self, LoadSiteError> {
        let mut found = HashMap::new();
        read_folder(dir, "", &mut found)?;
        Self::of(&found, &dir.display().to_string())
    }

    /// The page that the program carries.
    #[cfg(feature = "embed")]
    pub fn carried() -> Result<Self, LoadSiteError> {
        Self::of(&super::carried::files().into_iter().collect(), "this program")
    }

    /// This program carries none.
    #[cfg(not(feature = "embed"))]
    pub fn carried() -> Result<Self, LoadSiteError> {
        Err(LoadSiteError::NoIndex("this program".to_owned()))
    }

    fn of(found: &HashMap<String, Bytes>, place: &str) -> Result<Self, LoadSiteError> {
        let is_compressed = |path: &str| {
            let plain = path.strip_suffix(".br").or_else(|| path.strip_suffix(".gz"));
            plain.is_some_and(|plain| found.contains_key(plain))
        };
        let plain = found.iter().filter(|(path, _)| !is_compressed(path));
        let files: HashMap<_, _> =
            plain.map(|(path, content)| (path.clone(), File::of(path, content, found))).collect();
        if !files.contains_key("/index.html") {
            return Err(LoadSiteError::NoIndex(place.to_owned()));
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

impl File {
    fn of(path: &str, plain: &Bytes, found: &HashMap<String, Bytes>) -> Self {
        let hash = hex::encode(&Sha256::digest(plain)[..12]);
        let form = |(coding, suffix): (Coding, &str)| {
            let bytes = found.get(&format!("{path}{suffix}"))?.clone();
            // Two forms are not the same bytes, so they do not have the same tag.
            Some(Form { coding, bytes, etag: format!("\"{hash}{}\"", suffix.replace('.', "-")) })
        };
        let all = [(Coding::Brotli, ".br"), (Coding::Gzip, ".gz"), (Coding::Identity, "")];
        Self { forms: all.into_iter().filter_map(form).collect() }
    }

    fn form_for(&self, headers: &HeaderMap) -> Option<&Form> {
        negotiate::preferred(headers).find_map(|coding| self.forms.iter().find(|form| form.coding == coding))
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
    let found = site.find(uri.path()).and_then(|(path, file)| Some((path, file.form_for(&headers)?)));
    let Some((path, form)) = found else {
        return (StatusCode::NOT_FOUND, "There is nothing at this address.").into_response();
    };
    let caching = if path.starts_with("/assets/") { IMMUTABLE } else { REVALIDATE };
    let common = [(CACHE_CONTROL, caching), (ETAG, &form.etag), (VARY, "accept-encoding")];
    if negotiate::is_known(&headers, &form.etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = [(CONTENT_TYPE, content_type(path))];
    let body = form.bytes.clone();
    match form.coding {
        Coding::Identity => (common, content_type, body).into_response(),
        coding => (common, content_type, [(CONTENT_ENCODING, coding.name())], body).into_response(),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "ftl" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}
