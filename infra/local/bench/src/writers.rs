//! Puts into the store itself, without HTTP: what writers gain by being committed together.

use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use imagasaur::store::{Expectations, PutOptions, Settings, Store};
use serde_json::{Value, json};

use super::fill::one_body;
use super::puts::{CLIENTS, ROUNDS};
use super::report::median;
use super::subject::BUCKET;

pub(crate) async fn measure(count: usize) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&data, Settings::default())).await??;
    let mut rows = Vec::new();
    for writers in CLIENTS {
        // One waits for the disk alone each time.
        let count = if writers == 1 { count / 20 } else { count }.max(10);
        let mut per_s = Vec::new();
        for round in 0..ROUNDS {
            per_s.push(once(&store, &format!("writers/{writers}/{round}"), count, writers).await?);
        }
        per_s.sort_by(f64::total_cmp);
        rows.push(json!({ "writers": writers, "per_s": median(&per_s) }));
    }
    Ok(Value::Array(rows))
}

/// How many objects a second.
async fn once(store: &Store, name: &str, count: usize, writers: usize) -> Result<f64> {
    let start = Instant::now();
    stream::iter(0..count)
        .map(|number| {
            let (store, key) = (store.clone(), format!("{name}/{number}"));
            async move { put(&store, &key).await }
        })
        .buffer_unordered(writers)
        .try_collect::<()>()
        .await?;
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_s = count as f64 / start.elapsed().as_secs_f64();
    Ok(per_s)
}

/// Puts an object with a body of its own.
pub(crate) async fn put(store: &Store, key: &str) -> Result<()> {
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(one_body()))]);
    store.put(BUCKET, key, body, &Expectations::default(), PutOptions::default()).await?;
    Ok(())
}
