//! Pages of 1,000 keys out of ever more objects; and what else must not depend on their number.

use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::report::{median, percentile};
use super::subject::{BUCKET, Kind, Programs, Subject};
use super::{fill, puts};

/// How often a page is asked for, each time from another place.
const PAGES: usize = 100;

/// The most objects of the peers: to have more there takes too long.
const MOST_OF_PEERS: usize = 10_000;

/// Puts at each size.
const PUTS: usize = 3_000;

pub(crate) async fn measure(programs: &Programs, kind: Kind, most: usize) -> Result<Value> {
    let most = if kind == Kind::Imagasaur { most } else { most.min(MOST_OF_PEERS) };
    let dir = tempfile::tempdir()?;
    let mut rows = Vec::new();
    let mut there = 0;
    // A peer that keeps nothing has to live from the first size to the last.
    let mut running = None;
    for size in [0, 1_000, 10_000, 100_000, 1_000_000].into_iter().filter(|size| *size <= most) {
        if kind == Kind::Imagasaur {
            drop(running.take());
            fill::directly(&dir.path().join("data"), there..size).await?;
        }
        let subject = match running.take() {
            Some(subject) => subject,
            None => Subject::start(programs, kind, &dir).await?,
        };
        if kind != Kind::Imagasaur {
            fill::through_s3(&subject.s3, there..size).await?;
        }
        there = size;
        let start_ms = subject.ready_after.as_secs_f64() * 1e3;
        let mut row = at(&subject, size).await?;
        if kind == Kind::Imagasaur {
            row["start_ms"] = start_ms.into();
            row["start_after_kill_ms"] = start_after_kill(programs, &dir, subject).await?;
        } else {
            running = Some(subject);
        }
        rows.push(row);
    }
    Ok(Value::Array(rows))
}

async fn at(subject: &Subject, size: usize) -> Result<Value> {
    let mut ms = Vec::with_capacity(PAGES);
    // Of none there is no page.
    for page in 0..if size == 0 { 0 } else { PAGES } {
        // Any order that jumps will do.
        let from = fill::key(page * 7_919 % size.saturating_sub(1_000).max(1));
        let began = Instant::now();
        let list = subject.s3.list_objects_v2().bucket(BUCKET).prefix("list/").start_after(from);
        let answer = list.max_keys(1_000).send().await?;
        ms.push(began.elapsed().as_secs_f64() * 1e3);
        let count = answer.contents().len();
        anyhow::ensure!(count >= 999, "a page of {count} keys");
    }
    ms.sort_by(f64::total_cmp);
    let puts = puts::run(&subject.s3, &format!("more/{size}"), PUTS, 32).await?;
    Ok(json!({
        "objects": size, "list_p50_ms": median(&ms), "list_p99_ms": percentile(&ms, 99), "puts_per_s": puts["per_s"],
        "resident_mb": subject.resident_bytes().map(|bytes| bytes >> 20),
    }))
}

/// The median of three starts, each after a process that was killed.
async fn start_after_kill(programs: &Programs, dir: &TempDir, mut subject: Subject) -> Result<Value> {
    let mut ms = Vec::new();
    for _ in 0..3 {
        drop(subject);
        subject = Subject::start(programs, Kind::Imagasaur, dir).await.context("after a kill")?;
        ms.push(subject.ready_after.as_secs_f64() * 1e3);
    }
    ms.sort_by(f64::total_cmp);
    Ok(median(&ms).into())
}
