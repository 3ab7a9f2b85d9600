//! For a power failure, which no test can make: the order in which things are made durable.
//!
//! A body is synced, then the folder that its name is in, then the index that names it, and only then is the client
//! answered and the marker removed. What the system calls say is read with strace.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use aws_sdk_s3::primitives::ByteStream;

use super::system::Place;

/// A system call, with the lines of the trace at which it began and ended.
#[derive(Debug)]
struct Call {
    text: String,
    began: usize,
    ended: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_its_name_and_the_index_are_durable_in_this_order_before_the_answer() {
    if !Command::new("strace").arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("skipped: strace is not installed");
        return;
    }
    let place = Place::new();
    let traces = tempfile::tempdir().unwrap();
    let file = traces.path().join("trace");
    let running = place.start_traced(&file).unwrap();
    let s3 = running.s3(&place.data());
    for number in 0..3 {
        let put = s3.put_object().bucket("frontend").key("same key");
        put.body(ByteStream::from(vec![number; 5000])).send().await.unwrap();
    }
    running.kill();
    let calls = read(&file);
    let bodies: Vec<&str> = calls.iter().filter_map(|call| made_body(&call.text)).collect();
    assert_eq!(bodies.len(), 3, "{calls:#?}");
    let mut answered = 0;
    for body in bodies {
        let folder = body.rsplit_once('/').unwrap().0;
        let id = body.rsplit_once('/').unwrap().1;
        let after = |what: &str, line: usize, is: &dyn Fn(&str) -> bool| -> &Call {
            let next = calls.iter().find(|call| call.began > line && is(&call.text));
            next.unwrap_or_else(|| panic!("no {what} after line {line}: {calls:#?}"))
        };
        let made = calls.iter().find(|call| made_body(&call.text) == Some(body)).unwrap();
        let synced = after("sync of the body", made.ended, &|text| is_sync(text, &format!("{body}>")));
        let named = after("sync of the folder", synced.ended, &|text| is_sync(text, &format!("{folder}>")));
        let committed = after("sync of the index", named.ended, &|text| is_sync(text, "/imagasaur.redb>"));
        let settled = after("end of the marker", made.ended, &|text| {
            text.starts_with("unlink(") && text.contains(&format!("incoming/{id}"))
        });
        let answer = after("answer", answered.max(made.ended), &|text| text.contains("HTTP/1.1 200"));
        assert!(settled.began > committed.ended, "{calls:#?}");
        assert!(answer.began > committed.ended, "{calls:#?}");
        answered = answer.ended;
        // What was replaced goes only after the index that no longer names it is durable.
        let removed = calls.iter().find(|call| call.text.starts_with("unlink(") && call.text.contains(body));
        if let Some(removed) = removed {
            let before = calls
                .iter()
                .filter(|call| call.ended < removed.began && is_sync(&call.text, "/imagasaur.redb>"));
            assert!(before.count() >= 2, "{calls:#?}");
        }
    }
}

/// The file of a body that a call makes.
fn made_body(text: &str) -> Option<&str> {
    if !(text.starts_with("openat(") && text.contains("O_CREAT") && text.contains("/bodies/")) {
        return None;
    }
    text.split('"').nth(1)
}

fn is_sync(text: &str, of: &str) -> bool {
    (text.starts_with("fsync(") || text.starts_with("fdatasync(")) && text.contains(of)
}

/// The calls of a trace that is at its end, each with where it began and ended.
fn read(file: &Path) -> Vec<Call> {
    let start = Instant::now();
    let text = loop {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        if text.trim_end().ends_with("+++ killed by SIGKILL +++") {
            break text;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the trace does not end");
        std::thread::sleep(Duration::from_millis(10));
    };
    let (mut calls, mut open) = (Vec::new(), HashMap::new());
    for (line, text) in text.lines().enumerate() {
        let Some((thread, text)) = text.split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(text) = text.strip_suffix(" <unfinished ...>") {
            open.insert(thread.to_owned(), (text.to_owned(), line));
        } else if text.starts_with("<... ") {
            if let Some((text, began)) = open.remove(thread) {
                calls.push(Call { text, began, ended: line });
            }
        } else {
            calls.push(Call { text: text.to_owned(), began: line, ended: line });
        }
    }
    calls.sort_by_key(|call| call.began);
    calls
}
