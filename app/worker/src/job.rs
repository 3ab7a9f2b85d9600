//! One file: read → preview → digest, each step reported as soon as it is done.

use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use messages::{Job, Preview, Report, Trouble};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, DomException, File, FileReaderSync};
use wire::{FailureCode, MediaType};

use crate::post;

/// Does the job and posts its reports.
pub(crate) fn run(page: &DedicatedWorkerGlobalScope, job: &Job) {
    if let Err(trouble) = report_all(page, job) {
        post(page, &Report::Failed { job: job.id, trouble }.to_message(None));
    }
}

fn report_all(page: &DedicatedWorkerGlobalScope, job: &Job) -> Result<(), Trouble> {
    let bytes = read(&job.file)?;
    let start_ms = now_ms(page);
    let thumbnail = wasm_thumb::thumbnail(&bytes, &wasm_thumb::Options::default())
        .map_err(|error| Trouble::Picture(failure_code(error.code())))?;
    let micros = micros_between(start_ms, now_ms(page));

    let preview = Preview {
        sha256: hex::encode(Sha256::digest(&thumbnail.bytes)),
        source_width: thumbnail.source_width,
        source_height: thumbnail.source_height,
        source_type: MediaType::from_str(thumbnail.format.media_type())
            .map_err(|_| Trouble::Picture(FailureCode::UnsupportedFormat))?,
        media_type: MediaType::Jpeg.as_str().to_owned(),
        micros,
    };
    let buffer = Uint8Array::from(thumbnail.bytes.as_slice()).buffer();
    let message = Report::Preview { job: job.id, preview }.to_message(Some(&buffer));
    // The buffer moves to the page instead of being copied.
    let _ = page.post_message_with_transfer(&message, &Array::of1(&buffer));

    let sha256 = BASE64_STANDARD.encode(Sha256::digest(&bytes));
    post(page, &Report::Digest { job: job.id, sha256 }.to_message(None));
    Ok(())
}

/// Reads the whole file. The synchronous reader exists only in workers, which is where we are.
fn read(file: &File) -> Result<Vec<u8>, Trouble> {
    let internal = |_| Trouble::Picture(FailureCode::Internal);
    let buffer: ArrayBuffer =
        FileReaderSync::new().map_err(internal)?.read_as_array_buffer(file).map_err(|error| why(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn why(error: &JsValue) -> Trouble {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("NotReadableError" | "NotFoundError" | "SecurityError") => Trouble::Unreadable,
        _ => Trouble::Picture(FailureCode::Internal),
    }
}

fn failure_code(code: &str) -> FailureCode {
    code.parse().unwrap_or(FailureCode::Internal)
}

fn now_ms(page: &DedicatedWorkerGlobalScope) -> f64 {
    page.performance().map_or(0.0, |performance| performance.now())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a duration, rounded on purpose")]
fn micros_between(start_ms: f64, end_ms: f64) -> u64 {
    ((end_ms - start_ms) * 1000.0) as u64
}
