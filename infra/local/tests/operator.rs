//! What an operator types: `check`, `backup` and `queue`, with the real program.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use imagasaur::admin::Listener;
use imagasaur::store::{Expectations, PutOptions, Settings, Store};
use serde_json::Value;

fn open(dir: &Path) -> Store {
    Store::open(dir, Settings::default()).unwrap()
}

async fn put(store: &Store, bucket: &str, key: &str, text: &str) {
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::copy_from_slice(text.as_bytes()))]);
    store.put(bucket, key, body, &Expectations::default(), PutOptions::default()).await.unwrap();
}

fn imagasaur(args: &[&str], data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_imagasaur")).args(args).arg("--data").arg(data).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn check(data: &Path) -> (i32, Vec<Value>) {
    let output = imagasaur(&["check", "--json"], data);
    (output.status.code().unwrap(), lines(&output))
}

/// The files of all bodies.
fn bodies(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data.join("bodies")).unwrap().map(|folder| folder.unwrap().path());
    folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|file| file.unwrap().path())).collect()
}

#[tokio::test]
async fn check_finds_what_is_missing_wrong_or_too_much() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = open(dir.path());
        for number in 0..20 {
            put(&store, "uploads", &format!("uploads/{number}/é.jpg"), &format!("picture {number:02}")).await;
        }
        store.copy(("uploads", "uploads/1/é.jpg"), ("processed", "copy"), None).await.unwrap();
    }
    let (code, good) = check(dir.path());
    assert_eq!((code, good.len()), (0, 1), "{good:?}");
    assert_eq!(good[0]["objects"], 21);
    assert_eq!((&good[0]["bodies"], &good[0]["bytes"]), (&20.into(), &(21 * 10).into()));

    let files = bodies(dir.path());
    let find =
        |text: &str| files.iter().find(|file| fs::read_to_string(file).unwrap() == text).unwrap().clone();
    let (rotten, gone, short) = (find("picture 03"), find("picture 05"), find("picture 07"));
    fs::write(rotten, "pictuRe 03").unwrap();
    fs::remove_file(gone).unwrap();
    fs::write(short, "picture").unwrap();
    fs::write(dir.path().join("bodies/00").join("0".repeat(32)), "whose").unwrap();
    // Cut off in the middle: the next start removes it.
    fs::write(dir.path().join("bodies/11").join("1".repeat(32)), "half").unwrap();
    fs::write(dir.path().join("incoming").join("1".repeat(32)), "").unwrap();

    let (code, found) = check(dir.path());
    assert_eq!(code, 2);
    let told: Vec<_> = found
        .iter()
        .filter(|line| line["problem"].is_string())
        .map(|line| format!("{} {}", line["problem"].as_str().unwrap(), line["key"].as_str().unwrap_or("-")))
        .collect();
    for expected in [
        "wrong_hash uploads/3/é.jpg",
        "missing_body uploads/5/é.jpg",
        "wrong_size uploads/7/é.jpg",
        "orphan -",
    ] {
        assert!(told.iter().any(|line| line == expected), "{expected}: {told:?}");
    }
    let end = found.last().unwrap();
    assert_eq!((&end["ok"], &end["left_to_next_start"]), (&false.into(), &1.into()), "{end}");
    // A check repairs nothing.
    assert_eq!(check(dir.path()).1.len(), found.len());

    let nowhere = imagasaur(&["check"], &dir.path().join("nowhere"));
    assert_eq!(nowhere.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_the_store_is_written_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
    fs::create_dir(&data).unwrap();
    let store = open(&data);
    let listener = Listener::bind(&data).unwrap();
    assert_eq!(fs::metadata(data.join("admin")).unwrap().permissions().mode() & 0o777, 0o700);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(listener.serve(store.clone(), async move { drop(stopped.await) }));
    for number in 0..50 {
        put(&store, "processed", &format!("old/{number}"), "there before").await;
    }
    // Somebody replaces and deletes all the while.
    let writer = store.clone();
    let writing = tokio::spawn(async move {
        for number in 0_u64.. {
            let key = format!("old/{}", number % 50);
            if number % 3 == 0 {
                writer.delete("processed", &key).await.unwrap();
            } else {
                put(&writer, "processed", &key, &format!("number {number}")).await;
            }
        }
    });
    for _ in 0..3 {
        let (data, to) = (data.clone(), copy.clone());
        let made =
            tokio::task::spawn_blocking(move || imagasaur(&["backup", "--to", to.to_str().unwrap()], &data));
        let made = made.await.unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let (code, told) = check(&copy);
        assert_eq!(code, 0, "{told:?}");
        assert!(told[0]["objects"].as_u64().unwrap() > 10, "{told:?}");
    }
    writing.abort();
    assert!(writing.await.unwrap_err().is_cancelled());
    // A store opens from it.
    let restored = open(&copy);
    assert!(restored.head("processed", "old/1").await.is_ok());
    stop.send(()).unwrap();
    serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_shown_and_retried_while_the_store_is_open_and_when_it_is_not() {
    let dir = tempfile::tempdir().unwrap();
    // A path that is too long for the address of a socket.
    let data = dir.path().join("x".repeat(120));
    fs::create_dir(&data).unwrap();
    let ids: Vec<String> = {
        let store = open(&data);
        let listener = Listener::bind(&data).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(listener.serve(store.clone(), async move { drop(stopped.await) }));
        for number in 0..4 {
            put(&store, "uploads", &format!("uploads/{number}/a b.jpg"), "x").await;
        }
        for message in store.queue().receive(3, Duration::from_mins(1)).await.unwrap() {
            store.queue().bury(message.id, "no good").await.unwrap();
        }
        let shown = lines(&imagasaur(&["queue", "list", "--json"], &data));
        let states: Vec<_> = shown.iter().map(|line| line["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["due", "given up", "given up", "given up"]);
        assert_eq!(shown[1]["reason"], "no good");
        assert_eq!(shown[1]["key"], "uploads/0/a+b.jpg");
        let ids: Vec<_> = shown[1..].iter().map(|line| line["id"].to_string()).collect();
        assert!(imagasaur(&["queue", "retry", &ids[0]], &data).status.success());
        assert_eq!(store.queue().depth().await.unwrap().live, 2);
        let text = imagasaur(&["queue", "list"], &data);
        assert!(String::from_utf8_lossy(&text.stdout).contains("2 waiting or under way, 2 given up"));
        stop.send(()).unwrap();
        serving.await.unwrap();
        ids
    };
    // Nobody serves: the command opens the store itself.
    assert!(imagasaur(&["queue", "forget", &ids[1]], &data).status.success());
    assert!(imagasaur(&["queue", "retry", "--all"], &data).status.success());
    assert_eq!(lines(&imagasaur(&["queue", "list", "--json"], &data)).len(), 3);
    assert_eq!(imagasaur(&["queue", "retry"], &data).status.code(), Some(2));
}
