//! A picture that kills every process that touches it.

use std::time::Duration;

use serde_json::{Value, json};

use super::system::{Place, Running};
use super::verify::queue;

/// Uploads a picture. Returns its key and whether the upload was answered; `None` if it got nowhere.
async fn upload(running: &Running, name: &str, bytes: &[u8]) -> Option<(String, bool)> {
    let client = reqwest::Client::new();
    let file = json!({ "name": name, "type": "image/jpeg", "size": bytes.len() });
    let signed = client.post(format!("{}/api/upload", running.front)).json(&json!({ "files": [file] }));
    let signed: Value = signed.send().await.ok()?.json().await.ok()?;
    let upload = &signed["uploads"][0];
    let mut form = reqwest::multipart::Form::new();
    for (name, value) in upload["fields"].as_object()? {
        form = form.text(name.clone(), value.as_str()?.to_owned());
    }
    form = form.part("file", reqwest::multipart::Part::bytes(bytes.to_vec()));
    let posted = client.post(upload["url"].as_str()?).multipart(form).send().await;
    let is_answered = posted.is_ok_and(|answer| answer.status().is_success());
    Some((upload["key"].as_str()?.to_owned(), is_answered))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_kills_the_process_is_given_up_and_the_others_are_made() {
    let place = Place::new();
    let photo = fixtures::photo_jpeg(300, 200, 1);
    let env = [("IMAGASAUR_FAIL_POISON", "poison")];
    let mut running = place.start(&env).unwrap();
    // It dies of this as soon as it is stored, maybe before it has answered.
    let poison = upload(&running, "poison.jpg", &photo).await.unwrap().0;
    let (mut keys, mut deaths) = (vec![poison], 0);
    let running = loop {
        // Whoever got no answer sends again.
        while keys.len() < 4 {
            match upload(&running, "good.jpg", &photo).await {
                Some((key, true)) => keys.push(key),
                _ => break,
            }
        }
        let waited = tokio::task::spawn_blocking(move || {
            let ended = running.ended_within(Duration::from_secs(15));
            (running, ended)
        });
        let (again, ended) = waited.await.unwrap();
        if ended.is_none() {
            break again;
        }
        deaths += 1;
        assert!(deaths <= 5, "it is tried again and again");
        running = loop {
            match place.start(&env) {
                Some(running) => break running,
                None => deaths += 1,
            }
        };
    };
    assert_eq!((deaths, keys.len()), (5, 4));
    let client = reqwest::Client::new();
    let url = format!("{}/api/images?keys={}", running.front, keys.join(","));
    let states: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    let statuses: Vec<_> =
        states["images"].as_array().unwrap().iter().map(|image| image["status"].clone()).collect();
    assert_eq!(statuses, ["failed", "ready", "ready", "ready"], "{states}\n{}", place.last_lines());

    let lines = queue(&place);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["state"], "given up");
    assert!(lines[0]["reason"].as_str().unwrap().contains("never answered"), "{lines:?}");
    assert!(lines[0]["key"].as_str().unwrap().contains("poison.jpg"), "{lines:?}");
    running.kill();

    // A program that is mended: the operator has it tried again, and it is made.
    let running = place.start(&[]).unwrap();
    let id = lines[0]["id"].to_string();
    assert!(place.command(&["queue", "retry", &id]).status.success());
    super::verify::until_idle(&place).await;
    let url = format!("{}/api/images?keys={}", running.front, keys[0]);
    let states: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(states["images"][0]["status"], "ready", "{states}");
}
