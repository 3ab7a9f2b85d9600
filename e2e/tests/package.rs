//! The npm package in a page without a bundler: imported by the entry that it names for browsers, it gives what the
//! engine gives natively.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use e2e::Browser;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasm_thumb::{Limits, Options, inspect, position, thumbnail};

/// Where the package is served. An import map gives it its name, as for a page that has no bundler.
const PACKAGE: &str = "/node_modules/wasm-thumb/";

/// Waits for the package, then does with a file all that it offers.
const SCRIPT: &str = r#"
    const [index, done] = arguments;
    const sha256 = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
    (async () => {
        const { inspect, position, thumbnail } = await import("wasm-thumb");
        const file = new Uint8Array(await (await fetch(`/file/${index}`)).arrayBuffer());
        const attempt = async (call) => {
            try { return await call() } catch (error) { return { code: error.code, text: String(error) } }
        };
        const made = await attempt(async () => {
            const { bytes, ...rest } = thumbnail(file);
            return { ...rest, sha256: await sha256(bytes) };
        });
        const small = await attempt(async () =>
            sha256(thumbnail(file, { width: 40, height: 30, quality: 50 }).bytes));
        done({ made, small, found: await attempt(() => inspect(file)), place: position(file) ?? null });
    })().catch((error) => done({ broken: String(error) }));
"#;

/// The file that `package.json` names for whoever is not Node.
fn entry(package: &Path) -> String {
    let described: Value =
        serde_json::from_str(&std::fs::read_to_string(package.join("package.json")).unwrap()).unwrap();
    let entry = described["exports"]["."]["default"].as_str().unwrap();
    format!("{PACKAGE}{}", entry.trim_start_matches("./"))
}

/// A photo that says that it was taken at 48° 30′ north and 9° 15′ west.
fn photo_with_position() -> Vec<u8> {
    let short = |number: u16| number.to_le_bytes().to_vec();
    let long = |number: u32| number.to_le_bytes().to_vec();
    let entry = |tag, kind, count, value: Vec<u8>| [short(tag), short(kind), long(count), value].concat();
    let letter = |letter: u8| vec![letter, 0, 0, 0];
    let angle = |degrees: u32, minutes: u32| [degrees, 1, minutes, 1, 0, 1].map(long).concat();
    // One directory of one entry, the place of the other, which has four, and two angles behind that.
    let exif = [
        b"II*\0".to_vec(),
        long(8),
        short(1),
        entry(0x8825, 4, 1, long(26)),
        long(0),
        short(4),
        entry(1, 2, 2, letter(b'N')),
        entry(2, 5, 3, long(80)),
        entry(3, 2, 2, letter(b'W')),
        entry(4, 5, 3, long(104)),
        long(0),
        angle(48, 30),
        angle(9, 15),
    ]
    .concat();
    let photo = fixtures::photo_jpeg(200, 120, 3);
    let segment = [b"Exif\0\0".to_vec(), exif].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    [&photo[..2], &[0xFF, 0xE1], &length, &segment, &photo[2..]].concat()
}

fn sha256(bytes: &[u8]) -> Value {
    json!(Sha256::digest(bytes).to_vec())
}

/// What the engine gives natively, in the words of the package.
fn native(file: &[u8]) -> Value {
    let limits = Limits::default();
    let small = Options {
        size: wasm_thumb::Size::new(40, 30).unwrap(),
        quality: wasm_thumb::Quality::new(50).unwrap(),
        limits,
    };
    let made = thumbnail(file, &Options::default()).unwrap();
    let found = inspect(file, &limits).unwrap();
    json!({
        "made": {
            "sha256": sha256(&made.bytes),
            "width": made.width,
            "height": made.height,
            "sourceWidth": made.source_width,
            "sourceHeight": made.source_height,
            "format": made.format.name(),
        },
        "small": sha256(&thumbnail(file, &small).unwrap().bytes),
        "found": [found.format.name(), found.width, found.height, found.orientation.exif(), found.metadata.has_position],
        "place": position(file).map(|found| [found.latitude_deg, found.longitude_deg]),
    })
}

/// The same of what the page gave.
fn in_page(answer: &Value) -> Value {
    let (found, place) = (&answer["found"], &answer["place"]);
    json!({
        "made": answer["made"],
        "small": answer["small"],
        "found": [found["format"], found["width"], found["height"], found["orientation"], found["metadata"]["hasPosition"]],
        "place": if place.is_null() { Value::Null } else { json!([place["latitude"], place["longitude"]]) },
    })
}

#[tokio::test]
async fn the_package_gives_in_a_page_what_the_engine_gives_natively() -> Result<()> {
    let package = e2e::from_xtask("WASM_THUMB_PKG");
    let imports = json!({ "imports": { "wasm-thumb": entry(&package) } });
    let page = format!("<!doctype html><script type=importmap>{imports}</script>");
    let mut good: Vec<_> =
        fixtures::all_good().into_iter().map(|fixture| (fixture.name, fixture.bytes)).collect();
    good.push(("with a position".to_owned(), photo_with_position()));
    let bad = fixtures::all_bad();
    let mut files: Vec<_> = good.iter().map(|(_, bytes)| bytes.clone()).collect();
    files.extend(bad.iter().map(|bad| bad.bytes.clone()));
    let address = e2e::serve(move |path| {
        if let Some(index) = path.strip_prefix("/file/") {
            return Some(("application/octet-stream", files.get(index.parse::<usize>().ok()?)?.clone()));
        }
        match path.strip_prefix(PACKAGE) {
            Some(name) => e2e::of_package(&package, name),
            None => (path == "/").then(|| ("text/html", page.clone().into_bytes())),
        }
    })?;

    let browser = Browser::start(800, 600).await?;
    browser.driver.set_script_timeout(Duration::from_mins(1)).await?;
    browser.driver.goto(&address).await?;
    let mut answers = Vec::new();
    for index in 0..good.len() + bad.len() {
        answers.push(browser.driver.execute_async(SCRIPT, vec![json!(index)]).await?.json().clone());
    }
    browser.quit().await?;
    for ((name, file), answer) in good.iter().zip(&answers) {
        assert_eq!(in_page(answer), native(file), "{name}: {answer}");
    }
    for (bad, answer) in bad.iter().zip(&answers[good.len()..]) {
        assert_eq!(answer["made"]["code"], bad.expected_code, "{}: {answer}", bad.name);
    }
    assert_eq!(answers[good.len() - 1]["place"], json!({ "latitude": 48.5, "longitude": -9.25 }));
    Ok(())
}
