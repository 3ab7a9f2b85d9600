//! What must be so after a crash, and at the end.

use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;
use serde_json::Value;

use super::load::{Clients, Front, HOPELESS, Image, State, content_of, delete};
use super::parts;
use super::system::{Place, Running};

/// After each crash: what was answered a moment ago is there, and nothing is there by half.
pub(crate) async fn after_crash(clients: &Clients, running: &Running, place: &Place, all: bool) {
    let s3 = running.s3(&place.data());
    let (images, counters, left, aborted) = {
        let ledger = clients.ledger.lock().unwrap();
        (ledger.images.clone(), ledger.counters, ledger.left.clone(), ledger.aborted.clone())
    };
    for left in left.iter().rev().take(if all { usize::MAX } else { 8 }) {
        assert!(parts::is_there(&s3, left).await, "a part of {} was answered and is gone", left.object_key);
        assert!(
            read(&s3, "uploads", &left.object_key).await.is_none(),
            "{} is made of a part",
            left.object_key
        );
    }
    for aborted in aborted.iter().rev().take(if all { usize::MAX } else { 8 }) {
        assert!(!parts::is_there(&s3, aborted).await, "{} was aborted and is back", aborted.object_key);
        assert!(read(&s3, "uploads", &aborted.object_key).await.is_none(), "{} was made", aborted.object_key);
    }
    for (counter, (answered, sent)) in counters.into_iter().enumerate() {
        let text = read(&s3, "frontend", &format!("counter-{counter}")).await;
        let text = text.map(|bytes| String::from_utf8(bytes).unwrap());
        let value = text.as_ref().map_or(0, |text| text.split(' ').next().unwrap().parse().unwrap());
        assert!(
            (answered..=sent).contains(&value),
            "counter {counter} is {value}, answered {answered}, sent {sent}"
        );
        if value > 0 {
            assert!(text.unwrap() == content_of(counter, value), "counter {counter} is a mixture");
        }
        // What was sent and is there now has been settled: a later crash must not bring an older one back.
        clients.ledger.lock().unwrap().counters[counter].0 = value;
    }
    let newest = images.iter().collect::<Vec<_>>();
    for (index, (key, image)) in newest.into_iter().enumerate() {
        // All of them at the end; before, a part in turn, or it takes longer with every crash.
        if !all && index % 8 != 0 {
            continue;
        }
        let found = read(&s3, "uploads", &image.object_key).await;
        let is_whole = found.as_ref().is_none_or(|found| *found == clients.pictures[image.picture]);
        assert!(is_whole, "{key} is there by half");
        match image.state {
            State::Stored => assert!(found.is_some(), "{key} was answered and is gone"),
            State::Deleted => assert!(found.is_none(), "{key} was deleted and is back"),
            State::Sent | State::DeleteSent => {}
        }
    }
}

/// At the end: each original has exactly one result, the right one; what was deleted has none. Returns how many pictures
/// had been given up that were not meant to be: their tries have all ended with the process.
pub(crate) async fn at_the_end(clients: &Clients, running: &Running, place: &Place) -> usize {
    let client = reqwest::Client::new();
    let (front, s3) = (Front::new(&client, running), running.s3(&place.data()));
    let unfinished: Vec<String> = {
        let ledger = clients.ledger.lock().unwrap();
        let is_unfinished = |state| matches!(state, State::DeleteSent);
        ledger.images.iter().filter(|(_, i)| is_unfinished(i.state)).map(|(key, _)| key.clone()).collect()
    };
    // Whoever got no answer asks again.
    for key in unfinished {
        delete(&front, &clients.ledger, &key).await.expect("a deletion is answered");
    }
    let unlucky = try_given_up_again(place).await;
    after_crash(clients, running, place, true).await;
    complete_what_was_left(clients, &s3).await;
    until_idle(place).await;
    after_crash(clients, running, place, true).await;
    let images = clients.ledger.lock().unwrap().images.clone();
    let expected: Vec<Vec<u8>> = clients
        .pictures
        .iter()
        .map(|picture| wasm_thumb::thumbnail(picture, &wasm_thumb::Options::default()).unwrap().bytes)
        .collect();
    for (key, image) in &images {
        let thumbs = list(&s3, &format!("thumbs/{key}/")).await;
        let entries = list(&s3, &format!("images/{key}/")).await;
        let is_there = read(&s3, "uploads", &image.object_key).await.is_some();
        let state = image.state;
        if is_there {
            assert_eq!((thumbs.len(), entries.len()), (1, 1), "{key}, {state:?}: {thumbs:?} {entries:?}");
            let thumb = read(&s3, "processed", &thumbs[0]).await.unwrap();
            assert!(thumb == expected[image.picture], "{key} has the thumbnail of another");
            let url = format!("{}/api/images?keys={key}", running.front);
            let states: Value = client.get(url).send().await.unwrap().json().await.unwrap();
            assert_eq!(states["images"][0]["status"], "ready", "{states}");
        } else {
            assert_eq!((thumbs.len(), entries.len()), (0, 0), "{key}, {state:?}: {thumbs:?} {entries:?}");
        }
    }
    unlucky
}

/// Waits until nothing is under way, and has what was given up tried once more.
async fn try_given_up_again(place: &Place) -> usize {
    let given_up = until_settled(place).await;
    let is_meant = |line: &&Value| line["key"].as_str().is_some_and(|key| key.contains(HOPELESS));
    for line in given_up.iter().filter(is_meant) {
        assert!(!line["reason"].as_str().unwrap().is_empty(), "{line}");
    }
    assert!(given_up.is_empty() || place.command(&["queue", "retry", "--all"]).status.success());
    given_up.len() - given_up.iter().filter(is_meant).count()
}

/// Ends the uploads in parts, one in two by completing it: then it is an upload like any other.
async fn complete_what_was_left(clients: &Clients, s3: &Client) {
    let left = std::mem::take(&mut clients.ledger.lock().unwrap().left);
    for (index, left) in left.iter().enumerate() {
        if index % 2 == 0 {
            parts::finish(s3, left).await.expect("an answer");
            let image =
                Image { object_key: left.object_key.clone(), picture: left.picture, state: State::Stored };
            clients.ledger.lock().unwrap().images.insert(left.key.clone(), image);
        }
    }
    for bucket in ["uploads", "frontend"] {
        parts::abort_all(s3, bucket).await;
    }
}

/// Waits until the queue is empty; nothing may have been given up.
pub(crate) async fn until_idle(place: &Place) {
    let given_up = until_settled(place).await;
    assert!(given_up.is_empty(), "{given_up:?}\n{}", place.last_lines());
}

/// Waits until nothing is under way or waits any longer; returns what was given up.
async fn until_settled(place: &Place) -> Vec<Value> {
    let start = Instant::now();
    loop {
        let lines = queue(place);
        if lines.iter().all(|line| line["state"] == "given up") {
            return lines;
        }
        assert!(start.elapsed() < Duration::from_mins(4), "still not done: {lines:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What `imagasaur queue list` shows.
pub(crate) fn queue(place: &Place) -> Vec<Value> {
    let output = place.command(&["queue", "list", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn read(s3: &Client, bucket: &str, key: &str) -> Option<Vec<u8>> {
    match s3.get_object().bucket(bucket).key(key).send().await {
        // Collecting fails if fewer bytes come than the answer says.
        Ok(object) => Some(object.body.collect().await.unwrap().to_vec()),
        Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => None,
        Err(error) => panic!("{key}: {}", aws_sdk_s3::error::DisplayErrorContext(error)),
    }
}

async fn list(s3: &Client, prefix: &str) -> Vec<String> {
    let listing = s3.list_objects_v2().bucket("processed").prefix(prefix).send().await.unwrap();
    listing.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
}
