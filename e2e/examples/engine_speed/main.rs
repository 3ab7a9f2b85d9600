//! The engine in Chromium against `createImageBitmap`, and against itself compiled for the machine.
//!
//! `engine_speed PACKAGE NATIVE ROUNDS JSON FILE…`: the folder of the npm package, the program `engine-bench`, how
//! often each makes each thumbnail, where the figures go, and the JPEGs. `cargo xtask bench --only browser` runs it.

#![expect(clippy::print_stdout, reason = "a command speaks to the person who typed it")]

mod native;
mod report;
mod server;

use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use e2e::Browser;
use serde_json::{Value, json};

use crate::native::Native;
use crate::report::{FileFigures, SUBJECTS};
use crate::server::Site;

/// Thumbnails of each file that do not count: the browser compiles what has proved to be hot.
const WARM_UP: usize = 15;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let mut next = || arguments.next().context("usage: engine_speed PACKAGE NATIVE ROUNDS JSON FILE…");
    let (package, native, rounds, json) = (next()?, next()?, next()?, next()?);
    let rounds: usize = rounds.to_string_lossy().parse()?;
    let files: Vec<PathBuf> = arguments.map(PathBuf::from).collect();

    let address = server::start(Site { package: package.into(), files: files.clone() })?;
    let native = Native::start(native.as_ref())?;
    let browser = Browser::start(800, 600).await?;
    let measured = measure(&browser, native, &address, &files, rounds).await;
    let version =
        browser.driver.capabilities().get("browserVersion").and_then(Value::as_str).map(str::to_owned);
    browser.quit().await?;
    let (measured, version) = (measured?, version.unwrap_or_default());
    report::print(&measured, &version, rounds);
    fs::write(json, serde_json::to_string_pretty(&report::to_json(&measured, &version, rounds))?)?;
    Ok(())
}

async fn measure(
    browser: &Browser,
    mut native: Native,
    address: &str,
    files: &[PathBuf],
    rounds: usize,
) -> Result<Vec<FileFigures>> {
    browser.driver.set_script_timeout(Duration::from_mins(2)).await?;
    browser.driver.goto(address).await?;
    let mut figures = Vec::new();
    for (index, file) in files.iter().enumerate() {
        ask(browser, json!({ "file": index, "warm": WARM_UP })).await?;
        let mut of_file = FileFigures::new(file);
        // The first round does not count.
        for round in 0..=rounds {
            let answer = ask(browser, json!({ "first": round })).await?;
            let native_ms = native.time(file)?;
            if round > 0 {
                add(&mut of_file, &answer, native_ms);
            }
        }
        figures.push(of_file);
    }
    Ok(figures)
}

fn add(figures: &mut FileFigures, answer: &Value, native_ms: Option<f64>) {
    for (id, _) in SUBJECTS {
        let took = if id == "native" { native_ms } else { answer[id].as_f64() };
        if let Some(ms) = took {
            figures.times_ms.entry(id).or_default().push(ms);
        } else {
            figures.failures.insert(id, answer[id].as_str().unwrap_or("refused").to_owned());
        }
    }
}

async fn ask(browser: &Browser, request: Value) -> Result<Value> {
    let answer = browser.driver.execute_async(include_str!("page.js"), vec![request]).await?;
    let answer = answer.json().clone();
    if let Some(reason) = answer.get("broken") {
        bail!("the worker broke: {reason}");
    }
    Ok(answer)
}
