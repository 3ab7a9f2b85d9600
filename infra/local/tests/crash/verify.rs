//! What must be so after a crash, and at the end.

use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use serde_json::Value;

use super::load::{Clients, State, delete, text_of};
use super::system::{Place, Running};

/// After each crash: what was answered a moment ago is there, and nothing is there by half.
pub(crate) async fn after_crash(clients: &Clients, running: &Running, place: &Place, all: bool) {
    let s3 = running.s3(&place.data());
    let (images, counters) = {
        let ledger = clients.ledger.lock().unwrap();
        (ledger.images.clone(), ledger.counters)
    };
    for (counter, (answered, sent)) in counters.into_iter().enumerate() {
        let text = read(&s3, "frontend", &format!("counter-{counter}")).await;
        let text = text.map(|bytes| String::from_utf8(bytes).unwrap());
        let value = text.as_ref().map_or(0, |text| text.split(' ').next().unwrap().parse().unwrap());
        assert!(
            (answered..=sent).contains(&value),
            "counter {counter} is {value}, answered {answered}, sent {sent}"
        );
        if value > 0 {
            assert!(text.unwrap() == text_of(value), "counter {counter} is a mixture");
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

/// At the end: each original has exactly one result, the right one; what was deleted has none.
pub(crate) async fn at_the_end(clients: &Clients, running: &Running, place: &Place) {
    let client = reqwest::Client::new();
    let s3 = running.s3(&place.data());
    let unfinished: Vec<String> = {
        let ledger = clients.ledger.lock().unwrap();
        let is_unfinished = |state| matches!(state, State::DeleteSent);
        ledger.images.iter().filter(|(_, i)| is_unfinished(i.state)).map(|(key, _)| key.clone()).collect()
    };
    // Whoever got no answer asks again.
    for key in unfinished {
        delete(&client, &running.front, &clients.ledger, &key).await.expect("a deletion is answered");
    }
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
}

/// Waits until the queue is empty; nothing may have been given up.
pub(crate) async fn until_idle(place: &Place) {
    let start = Instant::now();
    loop {
        let lines = queue(place);
        assert!(lines.iter().all(|line| line["state"] != "given up"), "{lines:?}\n{}", place.last_lines());
        if lines.is_empty() {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(240), "still not done: {lines:?}");
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
        Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => None,
        Err(error) => panic!("{key}: {}", aws_sdk_s3::error::DisplayErrorContext(error)),
    }
}

async fn list(s3: &Client, prefix: &str) -> Vec<String> {
    let listing = s3.list_objects_v2().bucket("processed").prefix(prefix).send().await.unwrap();
    listing.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
}
