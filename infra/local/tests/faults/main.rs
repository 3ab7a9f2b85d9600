//! Every upload ends ready or failed, with one result, whatever S3 does meanwhile.
//!
//! Five hundred uploads, or as many as `IMAGASAUR_UPLOADS` says. Two in a hundred are hostile, one in a hundred is
//! overwritten while the work goes on, one deleted. Of the processor's calls to S3 one in twenty goes wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "it is part of a test")]

mod cases;
mod proxy;
mod system;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proxy::{Plan, Proxy};
use system::{System, id};
use wire::key::Outcome;
use wire::{EntryKey, FailureCode};

/// What an upload has to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Ready { bytes: u64 },
    Failed(FailureCode),
    Gone,
}

struct Upload {
    key: String,
    expected: Expected,
}

fn count() -> usize {
    std::env::var("IMAGASAUR_UPLOADS").map_or(500, |count| count.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_upload_ends_with_one_result_however_bad_s3_is() {
    let count = count();
    let system = System::start().await;
    let proxy = Proxy::start(system.s3, Plan::PerMille(50)).await;
    let (good, bad) = (small_pictures(), fixtures::all_bad());
    let began = Instant::now();
    let working = system.work(proxy.address);
    let mut uploads = Vec::new();
    for index in 0..count {
        let key = format!("uploads/{}/photo {index}.jpg", id(index));
        let picture = &good[index % good.len()];
        let expected = match index % 100 {
            7 | 57 => {
                let bad = &bad[index / 50 % bad.len()];
                system.put(&key, bad.media_type, bad.bytes.clone()).await;
                Expected::Failed(bad.expected_code.parse().unwrap())
            }
            23 => {
                let second = &good[(index + 1) % good.len()];
                system.put(&key, picture.1, picture.0.clone()).await;
                system.put(&key, second.1, second.0.clone()).await;
                Expected::Ready { bytes: second.0.len() as u64 }
            }
            41 => {
                system.put(&key, picture.1, picture.0.clone()).await;
                system.delete(&key).await;
                Expected::Gone
            }
            _ => {
                system.put(&key, picture.1, picture.0.clone()).await;
                Expected::Ready { bytes: picture.0.len() as u64 }
            }
        };
        uploads.push(Upload { key, expected });
    }
    let uploaded = began.elapsed();
    system.until_idle(Duration::from_secs(60 + count as u64 / 10)).await;
    let took = began.elapsed();
    working.stop().await;

    let depth = system.queue_depth().await;
    let mut entries: BTreeMap<String, Vec<EntryKey>> = BTreeMap::new();
    for key in system.keys("processed", wire::key::ENTRIES).await {
        let entry: EntryKey = key.parse().unwrap();
        entries.entry(entry.id.to_string()).or_default().push(entry);
    }
    let mut thumbnails = system.keys("processed", wire::key::THUMBNAILS).await;
    let mut results = [0; 3];
    for (index, upload) in uploads.iter().enumerate() {
        let entries = entries.remove(&id(index)).unwrap_or_default();
        if upload.expected == Expected::Gone {
            assert_eq!(entries, [], "{}", upload.key);
            results[2] += 1;
            continue;
        }
        assert_eq!(entries.len(), 1, "{}: {entries:?}", upload.key);
        let entry = &entries[0];
        match (&entry.outcome, upload.expected) {
            (Outcome::Ready { .. }, Expected::Ready { bytes }) => {
                assert_eq!(entry.bytes, bytes, "{}: the result is that of another picture", upload.key);
                let thumbnail = entry.thumbnail().unwrap();
                let at = thumbnails.iter().position(|key| *key == thumbnail.to_string());
                thumbnails.swap_remove(at.unwrap_or_else(|| panic!("{} has no thumbnail", upload.key)));
                system.check(&thumbnail).await;
                results[0] += 1;
            }
            (Outcome::Failed(code), Expected::Failed(expected)) => {
                assert_eq!(*code, expected, "{}", upload.key);
                results[1] += 1;
            }
            (outcome, expected) => panic!("{}: {outcome:?}, not {expected:?}", upload.key),
        }
    }
    assert_eq!(entries.len(), 0, "entries of nobody: {entries:?}");
    assert_eq!(thumbnails, Vec::<String>::new(), "thumbnails of nobody");
    assert_eq!((depth.live, depth.dead), (0, 0));
    let [ready, failed, gone] = results;
    let (requests, injected) = (proxy.requests().len(), proxy.injected());
    assert_eq!(injected.len(), 7, "every kind of fault: {injected:?}");
    println!(
        "figure: {count} uploads: {ready} ready, {failed} failed, {gone} deleted; {requests} calls, faults \
         {injected:?}; uploaded in {uploaded:.1?}, finished in {took:.1?}"
    );
}

/// What counts here is S3, so they are small.
fn small_pictures() -> Vec<(Vec<u8>, &'static str)> {
    let jpegs = (0..12).map(|seed| (fixtures::photo_jpeg(40 + seed, 30 + seed, seed), "image/jpeg"));
    let pngs = (0..4).map(|seed| (fixtures::photo_png(40 + seed, 30, seed), "image/png"));
    jpegs.chain(pngs).collect()
}
