//! What the store promises of objects: durable when answered, whole or not there, one winner.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures::stream;
use imagasaur::store::{
    After, Algorithm, Condition, Expectations, ListPage, ListQuery, ObjectMeta, OpenError, PutOptions,
    Settings, Store, StoreError,
};
use tokio::io::AsyncReadExt;

fn open(dir: &Path) -> Store {
    Store::open(dir, Settings::default()).unwrap()
}

fn body(bytes: &'static [u8]) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + Send {
    stream::iter(bytes.chunks(3).map(|chunk| Ok(Bytes::from_static(chunk))))
}

async fn put(store: &Store, bucket: &str, key: &str, bytes: &'static [u8]) {
    let expectations = Expectations::default();
    store.put(bucket, key, body(bytes), &expectations, PutOptions::default()).await.unwrap();
}

async fn read(store: &Store, bucket: &str, key: &str) -> Option<Vec<u8>> {
    let (record, mut file) = store.get(bucket, key).await.unwrap()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(record.size, bytes.len() as u64);
    Some(bytes)
}

/// What a crash leaves: the files as they are now, with nothing flushed or closed.
fn crash(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_all(dir, copy.path());
    copy
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The names of all bodies and markers on disk.
fn files(dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let folders = fs::read_dir(dir.join("bodies")).unwrap().map(|folder| folder.unwrap().path());
    for folder in folders.chain([dir.join("incoming")]) {
        for file in fs::read_dir(folder).unwrap() {
            names.push(file.unwrap().file_name().into_string().unwrap());
        }
    }
    names
}

#[tokio::test]
async fn an_answered_put_survives_a_crash_with_its_event() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let meta = ObjectMeta {
        content_type: Some("image/jpeg".to_owned()),
        user: [("name".to_owned(), "été".to_owned())].into(),
        ..ObjectMeta::default()
    };
    let options = PutOptions { meta: meta.clone(), ..PutOptions::default() };
    let expectations = Expectations { length: Some(5), ..Expectations::default() };
    store.put("uploads", "uploads/1/a.jpg", body(b"hello"), &expectations, options).await.unwrap();

    let crashed = crash(dir.path());
    let again = open(crashed.path());
    let record = again.head("uploads", "uploads/1/a.jpg").await.unwrap().unwrap();
    assert_eq!(record.meta, meta);
    assert_eq!(record.etag, "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(read(&again, "uploads", "uploads/1/a.jpg").await.unwrap(), b"hello");
    let messages = again.queue().receive(10, Duration::from_mins(1)).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].body.contains("uploads/1/a.jpg"), "{}", messages[0].body);
}

#[tokio::test]
async fn only_what_the_rule_names_is_announced() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "uploads", "other/a.jpg", b"x").await;
    put(&store, "processed", "uploads/a.jpg", b"x").await;
    assert_eq!(store.queue().depth().await.unwrap().live, 0);
    put(&store, "uploads", "uploads/a.jpg", b"x").await;
    assert_eq!(store.queue().depth().await.unwrap().live, 1);
}

#[tokio::test]
async fn bytes_that_are_not_those_announced_leave_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let before = files(dir.path());
    let wrong = BASE64_STANDARD.encode([7; 32]);
    let sum = |algorithm| Expectations {
        checksums: [(algorithm, wrong.clone())].into(),
        ..Expectations::default()
    };
    let mut cases: Vec<Expectations> = Algorithm::ALL.map(sum).to_vec();
    cases.push(Expectations { md5: Some([7; 16]), ..Expectations::default() });
    cases.push(Expectations { length: Some(4), ..Expectations::default() });
    cases.push(Expectations { length: Some(6), ..Expectations::default() });
    for case in cases {
        let put = store.put("uploads", "uploads/a", body(b"hello"), &case, PutOptions::default()).await;
        assert!(matches!(put, Err(StoreError::Mismatch(_))), "{case:?}: {put:?}");
    }
    assert_eq!(store.head("uploads", "uploads/a").await.unwrap(), None);
    assert_eq!(store.queue().depth().await.unwrap().live, 0);
    assert_eq!(files(dir.path()), before);
}

#[tokio::test]
async fn right_checksums_are_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    // Of "hello", by other programs.
    let checksums = [
        (Algorithm::Crc32, "NhCmhg=="),
        (Algorithm::Crc32c, "mnG7TA=="),
        (Algorithm::Sha1, "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        (Algorithm::Sha256, "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ];
    let checksums = checksums.map(|(algorithm, sum)| (algorithm, sum.to_owned())).into();
    let expectations = Expectations { checksums, ..Expectations::default() };
    let put = store.put("uploads", "a", body(b"hello"), &expectations, PutOptions::default()).await.unwrap();
    assert_eq!(put.checksums, expectations.checksums);
}

#[tokio::test]
async fn a_body_that_breaks_off_or_is_too_large_leaves_the_old_object() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { max_object_bytes: 8, ..Settings::default() };
    let store = Store::open(dir.path(), settings).unwrap();
    put(&store, "processed", "a", b"old").await;
    let before = files(dir.path());

    let breaks = stream::iter([Ok(Bytes::from_static(b"ne")), Err(std::io::Error::other("gone"))]);
    let broken = store.put("processed", "a", breaks, &Expectations::default(), PutOptions::default()).await;
    assert!(matches!(broken, Err(StoreError::Body(_))), "{broken:?}");
    let large = store
        .put("processed", "a", body(b"123456789"), &Expectations::default(), PutOptions::default())
        .await;
    assert!(matches!(large, Err(StoreError::TooLarge { limit_bytes: 8 })), "{large:?}");

    assert_eq!(read(&store, "processed", "a").await.unwrap(), b"old");
    assert_eq!(files(dir.path()), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn if_absent_has_one_winner() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let attempts = (0..32).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let bytes = Bytes::from(format!("writer {number}"));
            let body = stream::iter([Ok::<_, std::io::Error>(bytes.clone())]);
            let options = PutOptions { condition: Condition::IfAbsent, ..PutOptions::default() };
            match store.put("uploads", "uploads/a", body, &Expectations::default(), options).await {
                Ok(_) => Some(bytes),
                Err(StoreError::PreconditionFailed) => None,
                Err(error) => panic!("{error}"),
            }
        })
    });
    let winners: Vec<Bytes> =
        futures::future::join_all(attempts).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(read(&store, "uploads", "uploads/a").await.unwrap(), winners[0]);
    assert_eq!(store.queue().depth().await.unwrap().live, 1);
    assert_eq!(files(dir.path()).len(), 1);
}

#[tokio::test]
async fn keys_are_names_and_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let longest = "é".repeat(512);
    let keys = [
        "a",
        "a/b",
        "a/b/",
        "../../etc/passwd",
        "/",
        "//",
        ".",
        "..",
        "in/../out",
        "nul\u{1}\n",
        "é 写真 🦖",
        "\\",
        "%2e%2e",
        "A",
        &longest,
    ];
    for (key, bytes) in keys.iter().zip([b"0" as &[u8], b"1", b"2", b"3"].iter().cycle()) {
        put(&store, "processed", key, bytes).await;
    }
    for (key, bytes) in keys.iter().zip([b"0" as &[u8], b"1", b"2", b"3"].iter().cycle()) {
        assert_eq!(read(&store, "processed", key).await.unwrap(), *bytes, "{key:?}");
    }
    let mut sorted: Vec<&str> = keys.to_vec();
    sorted.sort_unstable();
    let page = list(&store, ListQuery { max_keys: 100, ..ListQuery::default() }).await;
    assert_eq!(names(&page), sorted);

    for bad in [String::new(), "x".repeat(1025)] {
        let options = PutOptions::default();
        let put = store.put("processed", &bad, body(b"x"), &Expectations::default(), options).await;
        assert!(matches!(put, Err(StoreError::KeyLength(_))), "{put:?}");
    }
    assert!(matches!(store.head("nowhere", "a").await, Err(StoreError::NoSuchBucket(_))));
}

#[tokio::test]
async fn a_reader_of_a_replaced_object_reads_on_and_the_old_body_goes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "processed", "a", b"old").await;
    let (_, mut old) = store.get("processed", "a").await.unwrap().unwrap();
    put(&store, "processed", "a", b"new").await;
    assert_eq!(files(dir.path()).len(), 1);
    let mut bytes = Vec::new();
    old.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"old");
    assert_eq!(read(&store, "processed", "a").await.unwrap(), b"new");

    store.delete("processed", "a").await.unwrap();
    store.delete("processed", "a").await.unwrap();
    assert_eq!(read(&store, "processed", "a").await, None);
    assert_eq!(files(dir.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_copy_outlives_its_source() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "uploads", "a", b"bytes").await;
    store.copy(("uploads", "a"), ("processed", "b"), None).await.unwrap();
    store.copy(("processed", "b"), ("processed", "b"), Some(ObjectMeta::default())).await.unwrap();
    assert_eq!(files(dir.path()).len(), 1);
    store.delete("uploads", "a").await.unwrap();
    assert_eq!(read(&store, "processed", "b").await.unwrap(), b"bytes");
    put(&store, "processed", "b", b"other").await;
    assert_eq!(files(dir.path()).len(), 1);
    let missing = store.copy(("uploads", "a"), ("processed", "c"), None).await;
    assert!(matches!(missing, Err(StoreError::NoSuchKey)));
}

#[tokio::test]
async fn what_a_crash_cut_off_is_removed_at_start_and_the_rest_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "processed", "kept", b"kept").await;
    let kept = files(dir.path());
    let staged = store.stage(body(b"never committed"), &[]).await.unwrap();
    assert_eq!(files(dir.path()).len(), 3);
    let crashed = crash(dir.path());
    // A crash right after the commit, before the marker went.
    fs::write(crashed.path().join("incoming").join(&kept[0]), "").unwrap();

    let again = open(crashed.path());
    assert_eq!(files(crashed.path()), kept);
    assert_eq!(read(&again, "processed", "kept").await.unwrap(), b"kept");
    drop(staged);
    assert_eq!(files(dir.path()), kept);
}

#[tokio::test]
async fn a_body_that_could_not_be_removed_is_removed_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "processed", "a", b"old").await;
    let name = files(dir.path()).remove(0);
    let path = dir.path().join("bodies").join(&name[..2]).join(&name);
    // A folder cannot be removed as a file.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    put(&store, "processed", "a", b"new").await;
    fs::remove_dir(&path).unwrap();
    fs::write(&path, "old").unwrap();
    drop(store);

    let again = open(dir.path());
    assert!(!path.exists());
    assert_eq!(read(&again, "processed", "a").await.unwrap(), b"new");
}

#[test]
fn a_second_process_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let _store = open(dir.path());
    let second = Store::open(dir.path(), Settings::default());
    assert!(matches!(second, Err(OpenError::InUse)), "{second:?}");
}

async fn list(store: &Store, query: ListQuery) -> ListPage {
    store.list("processed", query).await.unwrap()
}

fn names(page: &ListPage) -> Vec<&str> {
    page.objects.iter().map(|(key, _)| key.as_str()).collect()
}

#[tokio::test]
async fn pages_with_a_delimiter_show_everything_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let keys = ["a", "b/1", "b/2", "b/c/3", "b0", "c/", "c/d", "é/x", "z"];
    for key in keys {
        put(&store, "processed", key, b"x").await;
    }
    put(&store, "frontend", "a0", b"x").await;
    put(&store, "uploads", "a0", b"x").await;

    for max_keys in 1..=10 {
        let (mut objects, mut prefixes, mut after) = (Vec::new(), Vec::new(), None);
        loop {
            let delimiter = Some("/".to_owned());
            let page = list(&store, ListQuery { delimiter, after, max_keys, ..ListQuery::default() }).await;
            assert!(page.objects.len() + page.prefixes.len() <= max_keys);
            objects.extend(page.objects.into_iter().map(|(key, _)| key));
            prefixes.extend(page.prefixes);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(objects, ["a", "b0", "z"], "{max_keys}");
        assert_eq!(prefixes, ["b/", "c/", "é/"], "{max_keys}");
    }
}

#[tokio::test]
async fn listings_start_where_they_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for key in ["a", "b/1", "b/2", "b/c/3", "b0"] {
        put(&store, "processed", key, b"x").await;
    }
    let query = |prefix: &str, after: Option<After>| ListQuery {
        prefix: prefix.to_owned(),
        after,
        max_keys: 10,
        ..ListQuery::default()
    };
    assert_eq!(names(&list(&store, query("b/", None)).await), ["b/1", "b/2", "b/c/3"]);
    let key = |key: &str| Some(After::Key(key.to_owned()));
    assert_eq!(names(&list(&store, query("b/", key("b/1"))).await), ["b/2", "b/c/3"]);
    assert_eq!(names(&list(&store, query("b/", key("a"))).await), ["b/1", "b/2", "b/c/3"]);
    assert_eq!(names(&list(&store, query("b/", key("z"))).await), Vec::<&str>::new());
    let inner = ListQuery { delimiter: Some("/".to_owned()), ..query("b/", None) };
    let page = list(&store, inner).await;
    assert_eq!(names(&page), ["b/1", "b/2"]);
    assert_eq!(page.prefixes, ["b/c/"]);
    let none = list(&store, ListQuery { max_keys: 0, ..query("", None) }).await;
    assert!(none.objects.is_empty() && none.next.is_none());
    let all: BTreeSet<String> =
        list(&store, query("", None)).await.objects.into_iter().map(|(key, _)| key).collect();
    assert_eq!(all.len(), 5);
}
