//! Pictures from the request for leave to upload until the thumbnail is ready.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::report::{median, percentile};
use super::subject::{Kind, Programs, Subject};

/// Clients that upload at the same time, each its next picture when the last is ready.
const CLIENTS: usize = 16;

/// 2 megapixels.
const SIZE_PX: (u32, u32) = (1632, 1224);

pub(crate) async fn measure(programs: &Programs, count: usize) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let subject = Subject::start(programs, Kind::Imagasaur, &dir).await?;
    let photos: Vec<Vec<u8>> = (0..8).map(|seed| fixtures::photo_jpeg(SIZE_PX.0, SIZE_PX.1, seed)).collect();
    let client = reqwest::Client::new();
    let start = Instant::now();
    let mut ms: Vec<f64> = stream::iter(0..count)
        .map(|number| one(&client, &subject.front, &photos[number % photos.len()]))
        .buffer_unordered(CLIENTS)
        .try_collect()
        .await?;
    let took_s = start.elapsed().as_secs_f64();
    ms.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_s = count as f64 / took_s;
    Ok(json!({
        "clients": CLIENTS, "per_s": per_s, "p50_ms": median(&ms), "p99_ms": percentile(&ms, 99),
        "photo_bytes": photos[0].len(), "photo_px": [SIZE_PX.0, SIZE_PX.1],
        "resident_mb": subject.resident_bytes().map(|bytes| bytes >> 20),
    }))
}

/// Milliseconds that one picture takes.
async fn one(client: &reqwest::Client, front: &str, photo: &[u8]) -> Result<f64> {
    let began = Instant::now();
    let file = json!({ "name": "photo.jpg", "type": "image/jpeg", "size": photo.len() });
    let request = json!({ "files": [file] });
    let signed: Value =
        client.post(format!("{front}/api/upload")).json(&request).send().await?.json().await?;
    let upload = &signed["uploads"][0];
    let text = |value: &Value| value.as_str().map(str::to_owned).with_context(|| signed.to_string());
    let mut form = Form::new();
    for (name, value) in upload["fields"].as_object().with_context(|| signed.to_string())? {
        form = form.text(name.clone(), text(value)?);
    }
    form = form.part("file", Part::bytes(photo.to_vec()));
    let posted = client.post(text(&upload["url"])?).multipart(form).send().await?;
    if !posted.status().is_success() {
        bail!("{}: {}", posted.status(), posted.text().await?);
    }
    let url = format!("{front}/api/images?keys={}", text(&upload["key"])?);
    loop {
        let states: Value = client.get(&url).send().await?.json().await?;
        match states["images"][0]["status"].as_str() {
            Some("ready") => return Ok(began.elapsed().as_secs_f64() * 1e3),
            Some("processing") => tokio::time::sleep(Duration::from_millis(10)).await,
            _ => bail!("{states}"),
        }
    }
}
