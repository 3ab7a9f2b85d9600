//! Serves the page, the engine's package and the pictures to the browser.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};

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
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = format!("http://{}/", listener.local_addr()?);
    let site = Arc::new(site);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            // A browser that goes away in between is no harm.
            thread::spawn(move || answer(&stream, &site).ok());
        }
    });
    Ok(address)
}

fn answer(mut stream: &TcpStream, site: &Site) -> Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().context("no request")??;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = request.split(' ').nth(1).context("no path")?;
    let (status, media_type, body) = match content(path, site) {
        Some((media_type, body)) => ("200 OK", media_type, body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    // A page that is isolated from others is given a clock of microseconds.
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\nconnection: close\r\n\
         cross-origin-opener-policy: same-origin\r\ncross-origin-embedder-policy: require-corp\r\n\r\n",
        body.len()
    )?;
    Ok(stream.write_all(&body)?)
}

fn content(path: &str, site: &Site) -> Option<(&'static str, Vec<u8>)> {
    if let Some(index) = path.strip_prefix("/file/") {
        let file = site.files.get(index.parse::<usize>().ok()?)?;
        return Some(("image/jpeg", fs::read(file).ok()?));
    }
    if let Some(name) = path.strip_prefix("/package/") {
        let is_wasm = Path::new(name).extension().is_some_and(|extension| extension == "wasm");
        let media_type = if is_wasm { "application/wasm" } else { "text/javascript" };
        return Some((media_type, fs::read(site.package.join(name)).ok()?));
    }
    match path {
        "/" => Some(("text/html", b"<!doctype html><title>speed</title>".to_vec())),
        "/worker.js" => Some(("text/javascript", include_bytes!("worker.js").to_vec())),
        _ => None,
    }
}
