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

/// How often what varies with the disk is measured: other programs use it too.
pub(crate) const ROUNDS: usize = 3;

pub(crate) async fn measure(programs: &Programs, kind: Kind, count: usize) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let subject = Subject::start(programs, kind, &dir).await?;
    let mut rows = Vec::new();
    for clients in CLIENTS {
        let count = if clients == 1 { count / 20 } else { count };
        let name = format!("puts/{clients}");
        rows.push(run(&subject.s3, &name, count.max(30), clients).await?);
    }
    Ok(Value::Array(rows))
}

/// Puts `count` objects under `name`, in [`ROUNDS`] that are timed each; the rate is that of the middle one.
pub(crate) async fn run(s3: &aws_sdk_s3::Client, name: &str, count: usize, clients: usize) -> Result<Value> {
    let (mut per_s, mut ms) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (rate, times) = once(s3, &format!("{name}/{round}"), count / ROUNDS, clients).await?;
        per_s.push(rate);
        ms.extend(times);
    }
    per_s.sort_by(f64::total_cmp);
    ms.sort_by(f64::total_cmp);
    Ok(json!({
        "clients": clients, "per_s": median(&per_s), "p50_ms": median(&ms), "p99_ms": percentile(&ms, 99),
    }))
}

/// How many a second, and how long each took, ms.
async fn once(s3: &aws_sdk_s3::Client, name: &str, count: usize, clients: usize) -> Result<(f64, Vec<f64>)> {
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
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_s = count as f64 / took_s;
    Ok((per_s, ms))
}
