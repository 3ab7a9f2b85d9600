//! Serves a few files to the browser.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};

/// A media type and what is of it.
pub type Content = (&'static str, Vec<u8>);

/// Serves what `content` gives for a path, until the program ends; returns the address of the path `/`.
pub fn serve(content: impl Fn(&str) -> Option<Content> + Send + Sync + 'static) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = format!("http://{}/", listener.local_addr()?);
    let content = Arc::new(content);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let content = Arc::clone(&content);
            // A browser that goes away in between is no harm.
            thread::spawn(move || answer(&stream, &*content).ok());
        }
    });
    Ok(address)
}

fn answer(mut stream: &TcpStream, content: &dyn Fn(&str) -> Option<Content>) -> Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().context("no request")??;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = request.split(' ').nth(1).context("no path")?;
    let (status, (media_type, body)) = match content(path) {
        Some(content) => ("200 OK", content),
        None => ("404 Not Found", ("text/plain", Vec::new())),
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

/// A file of an npm package, with the type that servers give it.
#[must_use]
pub fn of_package(package: &Path, name: &str) -> Option<Content> {
    let is_wasm = Path::new(name).extension().is_some_and(|extension| extension == "wasm");
    let media_type = if is_wasm { "application/wasm" } else { "text/javascript" };
    Some((media_type, std::fs::read(package.join(name)).ok()?))
}
