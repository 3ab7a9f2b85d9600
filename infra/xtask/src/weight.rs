//! What of the front end a first visit fetches, and how much that may be.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The most that is fetched before the page can be used: HTML, style, scripts and the app's module, compressed with
/// Brotli, bytes. The words of one language, some 2 KB, come beside it.
const FIRST_LOAD_BYTES: u64 = 110_000;

/// Says how much a first visit fetches; an error if it is too much.
pub(crate) fn report(site: &Path) -> Result<()> {
    let mut total = compressed_bytes(&site.join("index.html"))?;
    eprintln!("{total:>8}  index.html");
    let mut files: Vec<_> =
        fs::read_dir(site.join("assets"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        // The worker comes in the background, after the page is drawn.
        if name.starts_with("worker") || !matches!(ending, "js" | "wasm" | "css") {
            continue;
        }
        let bytes = compressed_bytes(&file)?;
        total += bytes;
        eprintln!("{bytes:>8}  {name}");
    }
    eprintln!("{total:>8}  for a first visit, of {FIRST_LOAD_BYTES} at most");
    if total > FIRST_LOAD_BYTES {
        bail!("a first visit fetches {total} bytes, which is more than {FIRST_LOAD_BYTES}");
    }
    Ok(())
}

/// Bytes of a file as a server sends it.
fn compressed_bytes(file: &Path) -> Result<u64> {
    let mut compressed = file.as_os_str().to_owned();
    compressed.push(".br");
    let sent = if Path::new(&compressed).exists() { Path::new(&compressed) } else { file };
    Ok(fs::metadata(sent).with_context(|| sent.display().to_string())?.len())
}
