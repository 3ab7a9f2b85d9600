//! `imagasaur verify` and `imagasaur reprocess`, with the real program beside a running system, and without one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use std::fs;
use std::path::Path;

use api_support::{Running, photo};
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use fixtures::truncated_jpeg;
use imagasaur::serve::{self, Credentials, INNER_ENDPOINT_FILE};
use tokio::process::Command;

/// The exit code, and what was printed.
async fn imagasaur(data: &Path, words: &str) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_imagasaur");
    let output = Command::new(program).args(words.split(' ')).arg("--data").arg(data).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() != Some(1), "{text}{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), text)
}

struct Bucket(Client);

impl Bucket {
    fn of(data: &Path) -> Self {
        let credentials = Credentials::load(data).unwrap().unwrap();
        let address = fs::read_to_string(data.join(INNER_ENDPOINT_FILE)).unwrap().parse().unwrap();
        Self(serve::s3_client(&credentials, address))
    }

    async fn keys(&self, prefix: &str) -> Vec<String> {
        let listing = self.0.list_objects_v2().bucket("processed").prefix(prefix).send().await.unwrap();
        listing.contents.unwrap_or_default().into_iter().map(|object| object.key.unwrap()).collect()
    }

    async fn put(&self, key: &str, body: &'static [u8]) {
        self.0
            .put_object()
            .bucket("processed")
            .key(key)
            .body(ByteStream::from_static(body))
            .send()
            .await
            .unwrap();
    }

    async fn delete(&self, key: &str) {
        self.0.delete_object().bucket("processed").key(key).send().await.unwrap();
    }
}

/// The first word of each line that names an original, without the last line.
fn named(text: &str) -> Vec<&str> {
    let lines: Vec<_> = text.lines().collect();
    lines[..lines.len() - 1].iter().map(|line| line.split(':').next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_it_would_be_made_is_found_and_mended() {
    let system = Running::start().await;
    let data = system.data();
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(system.upload("a.jpg", &photo(80 + number, 60)).await);
    }
    ids.push(system.upload("broken.jpg", &truncated_jpeg()).await);
    system.wait_until_idle().await;
    let good = "5 originals: 5 as they would be made, 0 different, 0 errors\n".to_owned();
    assert_eq!(imagasaur(&data, "verify").await, (0, good.clone()));

    let bucket = Bucket::of(&data);
    let before = bucket.keys("").await;
    // A thumbnail is lost, another is not what its name says, an entry tells of something that once failed, and one
    // thumbnail is of another engine.
    bucket.delete(&bucket.keys(&format!("thumbs/{}/", ids[0])).await[0]).await;
    bucket.put(&bucket.keys(&format!("thumbs/{}/", ids[1])).await[0], b"no thumbnail").await;
    bucket.delete(&bucket.keys(&format!("images/{}/", ids[2])).await[0]).await;
    bucket.put(&format!("images/{}/failed,image/jpeg,5,internal/a.jpg", ids[2]), b"{}").await;
    bucket.put(&format!("thumbs/{}/100x100-0123456789abcdef.jpg", ids[3]), b"old").await;
    let (code, text) = imagasaur(&data, "verify").await;
    let mut found = named(&text);
    found.sort_unstable();
    let mut expected: Vec<_> = ids[..4].iter().map(|id| format!("uploads/{id}/a.jpg")).collect();
    expected.sort_unstable();
    assert_eq!((code, found), (2, expected.iter().map(String::as_str).collect()), "{text}");

    assert_eq!(imagasaur(&data, "reprocess --dry-run").await.1, "5 originals\n");
    let of_one = format!("reprocess --dry-run --prefix {}", ids[3]);
    assert_eq!(imagasaur(&data, &of_one).await.1, "1 originals\n");
    let failed = imagasaur(&data, "reprocess --failed").await.1;
    assert_eq!(failed, "2 originals: 1 ready, failed: 1 corrupt, 0 gone, 0 errors\n");
    assert_eq!(imagasaur(&data, "verify").await.1.lines().count(), 4, "three are left");
    let all = imagasaur(&data, "reprocess --jobs 3 --rate 100").await.1;
    assert_eq!(all, "5 originals: 4 ready, failed: 1 corrupt, 0 gone, 0 errors\n");
    assert_eq!(imagasaur(&data, "verify").await, (0, good.clone()));
    assert_eq!(bucket.keys("").await, before, "the same originals, the same objects");

    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let system = Running::start().await;
    let data = system.data();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(system.upload("a.jpg", &photo(60, 40)).await);
    }
    system.wait_until_idle().await;
    // The newest is gone through first.
    ids.sort();
    let state = data.join("reprocess.json");
    let reached = format!(r#"{{"which":" false","after":"{}"}}"#, ids[0]);
    fs::write(&state, &reached).unwrap();
    let rest =
        "2 originals more, after those of a run that was cut off: 2 ready, failed: 0, 0 gone, 0 errors\n";
    assert_eq!(imagasaur(&data, "reprocess").await.1, rest);
    assert!(!state.exists(), "it is done");
    fs::write(&state, &reached).unwrap();
    assert_eq!(imagasaur(&data, "reprocess --restart --dry-run").await.1, "3 originals\n");
    // A system that has stopped leaves its address behind.
    let dir = system.stop_and_keep().await;
    let text = imagasaur(&dir.path().join("data"), "verify").await.1;
    assert_eq!(text, "3 originals: 3 as they would be made, 0 different, 0 errors\n");
}
