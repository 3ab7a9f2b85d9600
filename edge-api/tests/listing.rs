//! Listing: every image once, however many there are and whatever arrives meanwhile, with few calls to S3.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::{Duration, Instant};

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use support::s3::S3;
use support::{api, ask, get};
use wire::key::{Outcome, Rendition, Sha256};
use wire::{EntryKey, FailureCode, ImageId, MediaType, OriginalKey, SafeName};

const START_UNIX_MS: u64 = 1_790_000_000_000;

/// The id of the image number `index`, the oldest first; three images in each millisecond.
fn id(index: u64) -> ImageId {
    let mut random = [7; 10];
    random[..8].copy_from_slice(&index.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    ImageId::new(START_UNIX_MS + index / 3, random)
}

fn entry(index: u64) -> EntryKey {
    let thumbnail = Rendition { width: 100, height: 100, bytes: 4630, sha256: Sha256([3; 32]) };
    EntryKey {
        id: id(index),
        name: SafeName::new(&format!("photo {index} & more.jpg")),
        media_type: Some(MediaType::Jpeg),
        bytes: index,
        outcome: Outcome::Ready { width: 640, height: 480, thumbnail, placeholder: None, larger: Vec::new() },
    }
}

fn put(s3: &S3, index: u64) {
    s3.put("processed", &entry(index).to_string(), b"{}");
    let original = OriginalKey { id: id(index), name: entry(index).name };
    s3.put("uploads", &original.to_string(), b"12345");
}

fn keys(page: &Value) -> Vec<String> {
    let images = page["images"].as_array().unwrap();
    images.iter().map(|image| image["key"].as_str().unwrap().to_owned()).collect()
}

/// Goes through all pages; `between` is called after each with their number.
async fn walk(api: &axum::Router, limit: usize, mut between: impl FnMut(u64)) -> Vec<String> {
    let (mut listed, mut continued, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = get(api, &format!("/api/images?limit={limit}{continued}")).await;
        listed.extend(keys(&page));
        pages += 1;
        between(pages);
        match page["next_cursor"].as_str() {
            Some(next) => continued = format!("&cursor={next}"),
            None => return listed,
        }
    }
}

#[tokio::test]
async fn a_hundred_thousand_images_are_each_listed_once_while_others_arrive() {
    const COUNT: u64 = 100_000;
    let s3 = S3::start(Duration::ZERO).await;
    for index in 0..COUNT {
        put(&s3, index);
    }
    let api = api(&s3.url);
    let start = Instant::now();
    // Newer ones, which belong before the first page.
    let listed = walk(&api, 200, |page| put(&s3, COUNT + page)).await;
    println!("500 pages in {:?}", start.elapsed());
    let mut expected: Vec<_> = (0..COUNT).map(|index| id(index).to_string()).collect();
    expected.sort();
    assert_eq!(s3.calls(), 500, "one call a page");
    assert_eq!(listed.len(), expected.len());
    assert!(listed == expected, "an image is missing, comes twice or out of its order");
}

#[tokio::test]
async fn an_image_tells_name_size_and_state_from_the_list_alone() {
    let s3 = S3::start(Duration::ZERO).await;
    put(&s3, 7);
    let failed = EntryKey { id: id(6), outcome: Outcome::Failed(FailureCode::Corrupt), ..entry(6) };
    s3.put("processed", &failed.to_string(), b"{}");
    let page = get(&api(&s3.url), "/api/images").await;
    assert_eq!(s3.calls(), 1);
    let image = &page["images"][0];
    assert_eq!((&image["name"], &image["bytes"]), (&json!("photo 7 & more.jpg"), &json!(7)));
    assert_eq!((&image["width"], &image["height"]), (&json!(640), &json!(480)));
    assert_eq!(image["status"], "ready");
    assert_eq!(page["images"][1]["error"]["code"], "corrupt");
}

#[tokio::test]
async fn what_is_no_entry_does_not_end_the_list() {
    let s3 = S3::start(Duration::ZERO).await;
    for index in 0..3 {
        put(&s3, index);
    }
    for index in 0..20 {
        // Sorts between the entries of two images.
        s3.put("processed", &format!("images/{}0/{index:02}", id(0)), b"");
    }
    let listed = walk(&api(&s3.url), 2, |_| ()).await;
    let mut expected = [0, 1, 2].map(|index| id(index).to_string());
    expected.sort();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn a_changed_cursor_is_refused() {
    let s3 = S3::start(Duration::ZERO).await;
    for index in 0..3 {
        put(&s3, index);
    }
    let api = api(&s3.url);
    let cursor = get(&api, "/api/images?limit=1").await["next_cursor"].as_str().unwrap().to_owned();
    for at in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let request = Request::get(format!("/api/images?cursor={changed}")).body(Body::empty()).unwrap();
        let (status, _, problem) = ask(&api, request).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("invalid_cursor")), "{at}");
    }
}

#[expect(clippy::print_stdout, reason = "the figures are asked for")]
/// The images asked for in a poll, and an answer to it: as many calls as given, so many of them at once.
async fn poll(s3: &S3, wanted: &[u64]) -> (Vec<String>, usize, usize) {
    let api = api(&s3.url);
    let wanted: Vec<_> = wanted.iter().map(|index| id(*index).to_string()).collect();
    let start = Instant::now();
    let found = get(&api, &format!("/api/images?keys={}", wanted.join(","))).await;
    let (calls, at_once) = (s3.calls(), s3.most_at_once());
    println!("{} keys: {calls} calls, {at_once} at once, {:?}", wanted.len(), start.elapsed());
    (keys(&found), calls, at_once)
}

#[tokio::test]
async fn a_hundred_recent_images_are_found_in_the_time_of_one_call() {
    let s3 = S3::start(Duration::from_millis(50)).await;
    for index in 0..5_000 {
        put(&s3, index);
    }
    // Some are still being processed, one is unknown.
    for index in 5_000..5_010 {
        let original = OriginalKey { id: id(index), name: SafeName::new("a.jpg") };
        s3.put("uploads", &original.to_string(), b"12345");
    }
    let wanted: Vec<u64> = (4_911..5_011).collect();
    let (found, calls, at_once) = poll(&s3, &wanted).await;
    assert_eq!(found, wanted[..99].iter().map(|index| id(*index).to_string()).collect::<Vec<_>>());
    assert_eq!((calls, at_once), (2, 2), "one listing of each bucket, at the same time");
}

#[tokio::test]
async fn a_hundred_scattered_images_are_found_many_at_once() {
    let s3 = S3::start(Duration::from_millis(50)).await;
    for index in 0..20_000 {
        put(&s3, index);
    }
    let wanted: Vec<u64> = (0..100).map(|number| number * 199).rev().collect();
    let (found, calls, at_once) = poll(&s3, &wanted).await;
    assert_eq!(found, wanted.iter().map(|index| id(*index).to_string()).collect::<Vec<_>>());
    assert!(calls <= 2 * 101 && at_once >= 50, "{calls} calls, {at_once} at once");
    let (found, calls, _) = poll(&s3, &[3, 19_000]).await;
    assert_eq!((found.len(), calls), (2, 4));
}
