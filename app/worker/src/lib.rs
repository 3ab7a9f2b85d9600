//! What the page and its workers say to each other.
//!
//! A message is an array of two: what can be written as JSON, and what must cross as it is (a file, a buffer).
//! So both ends agree on Rust types, and the JSON half is tested without a browser.

pub mod json;

use js_sys::{Array, ArrayBuffer};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;
use wire::{FailureCode, MediaType};

pub use json::Json;

/// From the page: make a preview of this file.
#[derive(Clone, Debug)]
pub struct Job {
    /// Comes back in every report on this file.
    pub id: u32,
    /// A handle; the bytes are read in the worker.
    pub file: File,
}

impl Job {
    /// The job as a value to post.
    #[must_use]
    pub fn to_message(&self) -> JsValue {
        Array::of2(&self.id.into(), &self.file).into()
    }

    /// Reads a posted value back; none if it is not a job.
    #[must_use]
    pub fn from_message(message: &JsValue) -> Option<Self> {
        let parts: &Array = message.dyn_ref()?;
        let id = parts.get(0).as_f64()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "written from a u32")]
        Some(Self { id: id as u32, file: parts.get(1).dyn_into().ok()? })
    }
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// The worker runs and takes jobs. Sent once.
    Ready,
    /// The preview is made; its bytes travel beside the report. The digest follows.
    Preview {
        /// The job reported on.
        job: u32,
        /// What is known of preview and source.
        preview: Preview,
    },
    /// The SHA-256 of the whole file, base64 with padding. The job is done.
    Digest {
        /// The job reported on.
        job: u32,
        /// 44 characters.
        sha256: String,
    },
    /// No preview can be made. The job is done.
    Failed {
        /// The job reported on.
        job: u32,
        /// Why.
        trouble: Trouble,
    },
}

impl Report {
    /// The report, and bytes beside it, as a value to post.
    #[must_use]
    pub fn to_message(&self, bytes: Option<&ArrayBuffer>) -> JsValue {
        let json = serde_json::to_string(self).unwrap_or_default();
        Array::of2(&json.into(), &bytes.into()).into()
    }

    /// Reads a posted value back; none if it is not a report.
    #[must_use]
    pub fn from_message(message: &JsValue) -> Option<(Self, Option<ArrayBuffer>)> {
        let parts: &Array = message.dyn_ref()?;
        let report = Self::from_json(&Json::parse(&parts.get(0).as_string()?)?)?;
        Some((report, parts.get(1).dyn_into().ok()))
    }

    fn from_json(json: &Json) -> Option<Self> {
        if json.as_text() == Some("ready") {
            Some(Self::Ready)
        } else if let Some(json) = json.get("preview") {
            Some(Self::Preview {
                job: json.number("job")?,
                preview: Preview::from_json(json.get("preview")?)?,
            })
        } else if let Some(json) = json.get("digest") {
            Some(Self::Digest { job: json.number("job")?, sha256: json.text("sha256")? })
        } else {
            let json = json.get("failed")?;
            Some(Self::Failed {
                job: json.number("job")?,
                trouble: Trouble::from_json(json.get("trouble")?)?,
            })
        }
    }
}

/// A finished preview, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// SHA-256 of the preview's bytes, 64 lowercase hex digits: what the server's thumbnail must have too.
    pub sha256: String,
    /// Width of the upright source, pixels.
    pub source_width: u32,
    /// Height of the upright source, pixels.
    pub source_height: u32,
    /// What the source is, by its bytes.
    pub source_type: MediaType,
    /// Media type of the preview itself.
    pub media_type: String,
    /// How long the engine took, microseconds.
    pub micros: u64,
}

impl Preview {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            sha256: json.text("sha256")?,
            source_width: json.number("source_width")?,
            source_height: json.number("source_height")?,
            source_type: json.get("source_type")?.as_text()?.parse().ok()?,
            media_type: json.text("media_type")?,
            micros: json.number("micros")?,
        })
    }
}

/// Why a file has no preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The file was moved, changed or deleted after it was chosen, or may not be read.
    Unreadable,
    /// The engine refuses the picture.
    Picture(FailureCode),
}

impl Trouble {
    fn from_json(json: &Json) -> Option<Self> {
        match json.as_text() {
            Some(text) => (text == "unreadable").then_some(Self::Unreadable),
            None => Some(Self::Picture(json.get("picture")?.as_text()?.parse().ok()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_survive_the_crossing() {
        let preview = Preview {
            sha256: "ab".repeat(32),
            source_width: 4000,
            source_height: 3000,
            source_type: MediaType::Png,
            media_type: "image/jpeg".into(),
            micros: 12_345,
        };
        let reports = [
            Report::Ready,
            Report::Preview { job: 7, preview },
            Report::Digest { job: 7, sha256: "x=".into() },
            Report::Failed { job: u32::MAX, trouble: Trouble::Unreadable },
            Report::Failed { job: 1, trouble: Trouble::Picture(FailureCode::Corrupt) },
        ];
        for report in reports {
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(Json::parse(&json).as_ref().and_then(Report::from_json), Some(report), "{json}");
        }
    }
}
