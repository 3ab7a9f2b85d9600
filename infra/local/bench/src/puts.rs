//! Puts of 4 KiB through S3, one at a time and many at once.

use std::time::Instant;

use anyhow::{Result, bail};
use aws_sdk_s3::primitives::ByteStream;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::fill::one_body;
use super::report::{median, percentile};
use super::subject::{BUCKET, Kind, Programs, Subject};

/// How many put at the same time.
pub(crate) const CLIENTS: [usize; 3] = [1, 64, 500];

pub(crate) async fn measure(programs: &Programs, kind: Kind, count: usize) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let subject = Subject::start(programs, kind, &dir).await?;
    let mut rows = Vec::new();
    for clients in CLIENTS {
        let count = if clients == 1 { count / 20 } else { count };
        let name = format!("puts/{clients}");
        rows.push(run(&subject.s3, &name, count.max(10), clients).await?);
    }
    Ok(Value::Array(rows))
}

/// Puts `count` objects under `name`.
pub(crate) async fn run(s3: &aws_sdk_s3::Client, name: &str, count: usize, clients: usize) -> Result<Value> {
    let start = Instant::now();
    let times: Vec<Result<f64>> = stream::iter(0..count)
        .map(|number| {
            let (s3, key) = (s3.clone(), format!("{name}/{number:08}"));
            async move {
                let began = Instant::now();
                let body = ByteStream::from_static(one_body());
                s3.put_object().bucket(BUCKET).key(key).body(body).send().await?;
                Ok(began.elapsed().as_secs_f64() * 1e3)
            }
        })
        .buffer_unordered(clients)
        .collect()
        .await;
    let took_s = start.elapsed().as_secs_f64();
    let mut ms = Vec::with_capacity(count);
    for time in times {
        match time {
            Ok(time) => ms.push(time),
            Err(error) => bail!("a put failed: {error:#}"),
        }
    }
    ms.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_s = count as f64 / took_s;
    Ok(json!({ "clients": clients, "per_s": per_s, "p50_ms": median(&ms), "p99_ms": percentile(&ms, 99) }))
}
