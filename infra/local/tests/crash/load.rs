//! What clients do while the program is being killed, and what they were answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::system::{Place, Running};

/// How many different pictures are uploaded.
pub(crate) const PICTURES: usize = 12;

/// How many keys are overwritten again and again.
pub(crate) const COUNTERS: usize = 4;

/// Clients are no faster than this: each picture is looked at when all is over.
const BETWEEN_UPLOADS: Duration = Duration::from_millis(40);

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Sent; no answer came.
    Sent,
    /// The upload was answered.
    Stored,
    /// The deletion was sent; no answer came.
    DeleteSent,
    /// The deletion was answered.
    Deleted,
}

/// An image as its client knows it.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) object_key: String,
    pub(crate) picture: usize,
    pub(crate) state: State,
}

/// All that clients have been told.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) images: HashMap<String, Image>,
    /// Of each counter the last value answered and the last value sent.
    pub(crate) counters: [(u64, u64); COUNTERS],
}

/// Works against one process until it dies.
pub(crate) struct Clients {
    pub(crate) ledger: Arc<Mutex<Ledger>>,
    pub(crate) pictures: Arc<Vec<Vec<u8>>>,
}

impl Clients {
    pub(crate) fn new() -> Self {
        let pictures = (0..12_u32).map(|seed| fixtures::photo_jpeg(120 + 40 * seed, 200, seed)).collect();
        Self { ledger: Arc::default(), pictures: Arc::new(pictures) }
    }

    /// Starts clients; they end by themselves when nobody answers any longer.
    pub(crate) fn begin(&self, running: &Running, place: &Place) -> Vec<tokio::task::JoinHandle<()>> {
        // Without a pool: a connection to a process that was killed must not be used again.
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        let s3 = running.s3(&place.data());
        let mut tasks = Vec::new();
        for number in 0..3 {
            let (ledger, pictures) = (Arc::clone(&self.ledger), Arc::clone(&self.pictures));
            let (client, front) = (client.clone(), running.front.clone());
            tasks.push(tokio::spawn(async move {
                for turn in number.. {
                    let picture = turn % PICTURES;
                    let done = upload(&client, &front, &ledger, picture, &pictures[picture]).await;
                    let done = match done {
                        // One in three goes again.
                        Some(key) if turn % 3 == 0 => delete(&client, &front, &ledger, &key).await,
                        other => other.map(drop),
                    };
                    if done.is_none() {
                        return;
                    }
                    tokio::time::sleep(BETWEEN_UPLOADS).await;
                }
            }));
        }
        let ledger = Arc::clone(&self.ledger);
        tasks.push(tokio::spawn(async move {
            for turn in 0.. {
                if overwrite(&s3, &ledger, turn % COUNTERS).await.is_none() {
                    return;
                }
            }
        }));
        tasks
    }
}

/// Uploads a picture; `None` if there was no answer.
async fn upload(
    client: &reqwest::Client,
    front: &str,
    ledger: &Mutex<Ledger>,
    picture: usize,
    bytes: &[u8],
) -> Option<String> {
    let file = json!({ "name": "photo.jpg", "type": "image/jpeg", "size": bytes.len() });
    let request = json!({ "files": [file] });
    let signed = client.post(format!("{front}/api/upload")).json(&request).send().await.ok()?;
    let signed: Value = signed.json().await.ok()?;
    let upload = &signed["uploads"][0];
    let key = upload["key"].as_str()?.to_owned();
    let object_key = upload["fields"]["key"].as_str()?.to_owned();
    let set = |state| {
        let image = Image { object_key: object_key.clone(), picture, state };
        ledger.lock().unwrap().images.insert(key.clone(), image);
    };
    set(State::Sent);
    let mut form = Form::new();
    for (name, value) in upload["fields"].as_object()? {
        form = form.text(name.clone(), value.as_str()?.to_owned());
    }
    form = form.part("file", Part::bytes(bytes.to_vec()));
    let posted = client.post(upload["url"].as_str()?).multipart(form).send().await.ok()?;
    assert!(posted.status().is_success(), "{}: {:?}", posted.status(), posted.text().await);
    set(State::Stored);
    Some(key)
}

/// Deletes an image; `None` if there was no answer.
pub(crate) async fn delete(
    client: &reqwest::Client,
    front: &str,
    ledger: &Mutex<Ledger>,
    key: &str,
) -> Option<()> {
    let set = |state| ledger.lock().unwrap().images.get_mut(key).unwrap().state = state;
    set(State::DeleteSent);
    let answer = client.delete(format!("{front}/api/image/{key}")).send().await.ok()?;
    if answer.status() != 204 {
        // The API could not reach the endpoint: both are dying.
        return None;
    }
    set(State::Deleted);
    Some(())
}

/// Writes the next value of a counter over the last; `None` if there was no answer.
async fn overwrite(s3: &aws_sdk_s3::Client, ledger: &Mutex<Ledger>, counter: usize) -> Option<()> {
    let value = {
        let mut ledger = ledger.lock().unwrap();
        ledger.counters[counter].1 += 1;
        ledger.counters[counter].1
    };
    let put = s3.put_object().bucket("frontend").key(format!("counter-{counter}"));
    put.body(ByteStream::from(text_of(value).into_bytes())).send().await.ok()?;
    ledger.lock().unwrap().counters[counter].0 = value;
    Some(())
}

/// What is stored for a value: of different lengths, and with the value at both ends.
pub(crate) fn text_of(value: u64) -> String {
    format!("{value} {}{value}", "x ".repeat(usize::try_from(value % 7).unwrap() * 10_000))
}
