//! What happens when there is no room: writes are refused, reads go on, and it works again once there is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use imagasaur::store::{Expectations, ObjectRecord, PutOptions, Settings, Store, StoreError};
use tokio::io::AsyncReadExt as _;

async fn put(store: &Store, bucket: &str, key: &str, bytes: usize) -> Result<ObjectRecord, StoreError> {
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![7; bytes]))]);
    store.put(bucket, key, body, &Expectations::default(), PutOptions::default()).await
}

async fn read(store: &Store, bucket: &str, key: &str) -> usize {
    let (record, mut file) = store.get(bucket, key).await.unwrap().unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(record.size, bytes.len() as u64);
    bytes.len()
}

fn files(dir: &Path) -> usize {
    let folders = fs::read_dir(dir.join("bodies")).unwrap().map(|folder| folder.unwrap().path());
    folders.chain([dir.join("incoming")]).map(|folder| fs::read_dir(folder).unwrap().count()).sum()
}

#[tokio::test]
async fn more_than_the_operator_allows_is_refused_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { max_storage_bytes: Some(1000), ..Settings::default() };
    let store = Store::open(dir.path(), settings.clone()).unwrap();
    put(&store, "uploads", "uploads/a", 600).await.unwrap();
    let refused = put(&store, "processed", "b", 600).await;
    assert!(matches!(&refused, Err(error) if error.is_full()), "{refused:?}");
    assert_eq!((files(dir.path()), store.stored_bytes()), (1, 600));
    assert_eq!(read(&store, "uploads", "uploads/a").await, 600);
    // A copy takes no room, a smaller object does, and what is replaced gives its own back.
    store.copy(("uploads", "uploads/a"), ("processed", "copy"), None).await.unwrap();
    put(&store, "processed", "c", 400).await.unwrap();
    assert_eq!(store.stored_bytes(), 1000);
    store.check_room().unwrap_err();

    // Nothing is begun that could not be finished.
    assert!(store.queue().receive(1, Duration::from_mins(1)).await.unwrap().is_empty());
    store.delete("processed", "c").await.unwrap();
    assert_eq!(store.queue().receive(1, Duration::from_mins(1)).await.unwrap().len(), 1);

    store.delete("uploads", "uploads/a").await.unwrap();
    assert_eq!(store.stored_bytes(), 600);
    store.delete("processed", "copy").await.unwrap();
    assert_eq!(store.stored_bytes(), 0);
    put(&store, "processed", "d", 1000).await.unwrap();
    drop(store);
    let again = Store::open(dir.path(), settings).unwrap();
    assert_eq!(again.stored_bytes(), 1000);
}

/// A small disk of its own, if this may be made here.
struct Disk(tempfile::TempDir);

impl Disk {
    fn mount(bytes: usize) -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        let mut mount = Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"]).arg(disk.0.path());
        mount.status().is_ok_and(|status| status.success()).then_some(disk)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).status());
    }
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_answers_reads_and_recovers() {
    let Some(disk) = Disk::mount(24 << 20) else {
        println!("skipped: a small disk can be mounted by root only");
        return;
    };
    let data = disk.0.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = Store::open(&data, Settings::default()).unwrap();
    put(&store, "processed", "kept", 1 << 20).await.unwrap();
    let mut count = 0;
    let full = loop {
        match put(&store, "processed", &format!("filler/{count}"), 1 << 20).await {
            Ok(_) => count += 1,
            Err(error) => break error,
        }
    };
    assert!(full.is_full(), "{full:?}");
    // An eighth is left free for the index.
    assert!((10..22).contains(&count), "{count}");
    assert_eq!(read(&store, "processed", "kept").await, 1 << 20);
    store.delete("processed", "filler/0").await.unwrap();
    store.delete("processed", "filler/1").await.unwrap();
    put(&store, "processed", "again", 1 << 20).await.unwrap();

    // Somebody else takes the last byte: now the index cannot grow either.
    let mut filler = vec![0_u8; 64 << 20];
    drop(fs::write(disk.0.path().join("somebody-elses"), &filler));
    filler.clear();
    let refused = put(&store, "processed", "no", 100).await;
    assert!(matches!(&refused, Err(error) if error.is_full()), "{refused:?}");
    assert_eq!(read(&store, "processed", "kept").await, 1 << 20);
    for attempt in 0..200 {
        // Copies go to the index alone, until it finds no room.
        let copied = store.copy(("processed", "kept"), ("processed", &format!("copy/{attempt}")), None).await;
        if copied.is_err() {
            break;
        }
    }
    assert_eq!(read(&store, "processed", "kept").await, 1 << 20);

    fs::remove_file(disk.0.path().join("somebody-elses")).unwrap();
    put(&store, "processed", "yes", 100).await.unwrap();
    assert_eq!(read(&store, "processed", "kept").await, 1 << 20);
    drop(store);
    let again = Store::open(&data, Settings::default()).unwrap();
    assert_eq!(read(&again, "processed", "yes").await, 100);
    assert_eq!(read(&again, "processed", "again").await, 1 << 20);
}
