//! What clients do while the program is being killed, and what they were answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::parts::{self, Left};
use super::system::{Place, Running};

/// How many different pictures are uploaded.
pub(crate) const PICTURES: usize = 12;

/// How many keys are overwritten again and again.
pub(crate) const COUNTERS: usize = 4;

/// How many more there are that are written in two parts.
pub(crate) const LARGE_COUNTERS: usize = 2;

/// A picture of this name fails at its first try, where the program is told so.
pub(crate) const AGAIN: &str = "again";

/// A picture of this name is given up, where the program is told so.
pub(crate) const HOPELESS: &str = "hopeless";

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
    pub(crate) counters: [(u64, u64); COUNTERS + LARGE_COUNTERS],
    /// How often the client of parts has begun something.
    pub(crate) part_turns: usize,
    /// Uploads in parts that are to be completed one day.
    pub(crate) left: Vec<Left>,
    /// Uploads in parts whose end was answered.
    pub(crate) aborted: Vec<Left>,
}

impl Ledger {
    /// Takes down what is known of an image.
    pub(crate) fn note(&mut self, signed: &Signed, picture: usize, state: State) {
        let image = Image { object_key: signed.object_key.clone(), picture, state };
        self.images.insert(signed.key.clone(), image);
    }

    /// The next value of a counter, which is about to be sent.
    pub(crate) fn send_next(&mut self, counter: usize) -> u64 {
        self.counters[counter].1 += 1;
        self.counters[counter].1
    }
}

/// Leave to upload a picture.
pub(crate) struct Signed {
    pub(crate) key: String,
    pub(crate) object_key: String,
    upload: Value,
}

/// The API of a process.
#[derive(Clone)]
pub(crate) struct Front {
    client: reqwest::Client,
    url: String,
}

impl Front {
    pub(crate) fn new(client: &reqwest::Client, running: &Running) -> Self {
        Self { client: client.clone(), url: running.front.clone() }
    }

    /// Asks for leave to upload; `None` if there was no answer.
    pub(crate) async fn sign(&self, name: &str, bytes: &[u8]) -> Option<Signed> {
        let file = json!({ "name": name, "type": "image/jpeg", "size": bytes.len() });
        let request = self.client.post(format!("{}/api/upload", self.url));
        let signed = request.json(&json!({ "files": [file] })).send().await.ok()?;
        let signed: Value = signed.json().await.ok()?;
        let upload = signed["uploads"][0].clone();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Signed { key: text(&upload["key"])?, object_key: text(&upload["fields"]["key"])?, upload })
    }
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
        let (front, s3) = (Front::new(&client, running), running.s3(&place.data()));
        let mut tasks = Vec::new();
        for number in 0..3 {
            let (ledger, pictures, front) =
                (Arc::clone(&self.ledger), Arc::clone(&self.pictures), front.clone());
            tasks.push(tokio::spawn(async move {
                for turn in number.. {
                    let picture = turn % PICTURES;
                    let done = upload(&front, &ledger, name_of(turn), picture, &pictures[picture]).await;
                    let done = match done {
                        // One in three goes again.
                        Some(key) if turn % 3 == 0 => delete(&front, &ledger, &key).await,
                        other => other.map(drop),
                    };
                    if done.is_none() {
                        return;
                    }
                    tokio::time::sleep(BETWEEN_UPLOADS).await;
                }
            }));
        }
        let (ledger, pictures, of_parts) = (Arc::clone(&self.ledger), Arc::clone(&self.pictures), s3.clone());
        tasks.push(tokio::spawn(async move {
            while parts::next(&front, &of_parts, &ledger, &pictures).await.is_some() {
                tokio::time::sleep(BETWEEN_UPLOADS).await;
            }
        }));
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

/// The name of a client's picture: some are troublesome.
fn name_of(turn: usize) -> &'static str {
    match turn % 7 {
        2 | 4 => "again.jpg",
        1 => "hopeless.jpg",
        _ => "photo.jpg",
    }
}

/// Uploads a picture; `None` if there was no answer.
async fn upload(
    front: &Front,
    ledger: &Mutex<Ledger>,
    name: &str,
    picture: usize,
    bytes: &[u8],
) -> Option<String> {
    let signed = front.sign(name, bytes).await?;
    ledger.lock().unwrap().note(&signed, picture, State::Sent);
    let mut form = Form::new();
    for (name, value) in signed.upload["fields"].as_object()? {
        form = form.text(name.clone(), value.as_str()?.to_owned());
    }
    form = form.part("file", Part::bytes(bytes.to_vec()));
    let posted = front.client.post(signed.upload["url"].as_str()?).multipart(form).send().await.ok()?;
    assert!(posted.status().is_success(), "{}: {:?}", posted.status(), posted.text().await);
    ledger.lock().unwrap().note(&signed, picture, State::Stored);
    Some(signed.key)
}

/// Deletes an image; `None` if there was no answer.
pub(crate) async fn delete(front: &Front, ledger: &Mutex<Ledger>, key: &str) -> Option<()> {
    let set = |state| ledger.lock().unwrap().images.get_mut(key).unwrap().state = state;
    set(State::DeleteSent);
    let answer = front.client.delete(format!("{}/api/image/{key}", front.url)).send().await.ok()?;
    if answer.status() != 204 {
        // The API could not reach the endpoint: both are dying.
        return None;
    }
    set(State::Deleted);
    Some(())
}

/// Writes the next value of a counter over the last; `None` if there was no answer.
async fn overwrite(s3: &aws_sdk_s3::Client, ledger: &Mutex<Ledger>, counter: usize) -> Option<()> {
    let value = ledger.lock().unwrap().send_next(counter);
    let put = s3.put_object().bucket("frontend").key(format!("counter-{counter}"));
    put.body(ByteStream::from(content_of(counter, value).into_bytes())).send().await.ok()?;
    ledger.lock().unwrap().counters[counter].0 = value;
    Some(())
}

/// What is stored for a value: of different lengths, and with the value at both ends.
pub(crate) fn content_of(counter: usize, value: u64) -> String {
    let least = if counter < COUNTERS { 0 } else { 3 << 20 };
    let filler = "x ".repeat(least + usize::try_from(value % 7).unwrap() * 10_000);
    format!("{value} {filler}{value}")
}
