//! What goes wrong in one place at a time.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use http::Method;
use live::{Announce, Event};
use processor::{Fate, LargerSize, MAX_TRIES, ProcessError};
use wire::FailureCode;

use crate::proxy::{Fault, Plan, Proxy};
use crate::system::{System, id, processor_with};

fn key() -> String {
    format!("uploads/{}/a.jpg", id(0))
}

fn of_originals(method: &Method, wanted: &Method, path: &str) -> bool {
    method == wanted && path.starts_with("/uploads/")
}

/// A system with one upload, its event, and a way to S3 on which `script` says what goes wrong.
async fn with_one(
    bytes: Vec<u8>,
    media_type: &str,
    script: impl Fn(&http::request::Parts) -> Option<Fault> + Send + Sync + 'static,
) -> (System, String, Proxy) {
    let system = System::start().await;
    system.put(&key(), media_type, bytes).await;
    let event = system.events().await.remove(0);
    let proxy = Proxy::start(system.s3, Plan::Script(Box::new(script))).await;
    (system, event, proxy)
}

fn jpeg() -> Vec<u8> {
    fixtures::photo_jpeg(60, 40, 1)
}

#[tokio::test]
async fn twice_the_same_is_the_same_as_once() {
    let (system, event, proxy) = with_one(jpeg(), "image/jpeg", |_| None).await;
    let processor = system.processor(proxy.address);
    assert_eq!(processor.handle(&event, 1).await.unwrap(), [Fate::Ready]);
    let once = system.made().await;
    assert_eq!(processor.handle(&event, 1).await.unwrap(), [Fate::Ready]);
    assert_eq!(system.made().await, once);
}

#[tokio::test]
async fn what_the_head_rules_out_is_not_read() {
    let (system, event, proxy) = with_one(jpeg(), "image/heic", |_| None).await;
    let fates = system.processor(proxy.address).handle(&event, 1).await.unwrap();
    assert_eq!(fates, [Fate::Failed(FailureCode::UnsupportedFormat)]);
    let settings = processor::Settings { max_bytes: 10, ..processor::Settings::new("processed".to_owned()) };
    system.put(&key(), "image/jpeg", jpeg()).await;
    let fates = processor_with(proxy.address, settings).handle(&event, 1).await.unwrap();
    assert_eq!(fates, [Fate::Failed(FailureCode::TooManyPixels)]);
    let reads = proxy.requests().into_iter().filter(|request| request.starts_with("GET /uploads/uploads/"));
    assert_eq!(reads.count(), 0);
}

#[tokio::test]
async fn bytes_that_are_not_those_declared_are_refused() {
    let head = |request: &http::request::Parts| {
        of_originals(&request.method, &Method::HEAD, request.uri.path()).then_some(Fault::Forgery)
    };
    let (system, event, proxy) = with_one(jpeg(), "image/jpeg", head).await;
    let fates = system.processor(proxy.address).handle(&event, 1).await.unwrap();
    assert_eq!(fates, [Fate::Failed(FailureCode::ChecksumMismatch)]);
}

#[tokio::test]
async fn an_archived_original_fails_at_once_and_a_denial_is_tried_again() {
    let get = |code: (u16, &'static str)| {
        move |request: &http::request::Parts| {
            let is_read = of_originals(&request.method, &Method::GET, request.uri.path());
            is_read.then_some(Fault::Refusal(code.0, code.1))
        }
    };
    let (system, event, proxy) = with_one(jpeg(), "image/jpeg", get((403, "InvalidObjectState"))).await;
    let fates = system.processor(proxy.address).handle(&event, 1).await.unwrap();
    assert_eq!(fates, [Fate::Failed(FailureCode::Internal)]);
    assert!(system.made().await[0].0.contains("/failed,image/jpeg,"));

    let (system, event, proxy) = with_one(jpeg(), "image/jpeg", get((403, "AccessDenied"))).await;
    let processor = system.processor(proxy.address);
    for tries in 1..MAX_TRIES {
        assert!(matches!(processor.handle(&event, tries).await, Err(ProcessError::Retry(_))));
        assert_eq!(system.made().await, [], "nothing is said before the last try");
    }
    assert!(processor.handle(&event, MAX_TRIES).await.is_err(), "it goes to the dead letters");
    assert!(system.made().await[0].0.contains(",internal/"));
    let good = system.processor(system.s3);
    assert_eq!(good.handle(&event, 1).await.unwrap(), [Fate::Ready]);
    let made = system.made().await;
    assert_eq!(made.len(), 2, "a success clears the failure: {made:?}");
    assert!(made[0].0.contains("/ready,") && made[1].0.starts_with("thumbs/"), "{made:?}");
}

/// Keeps what is announced.
#[derive(Debug, Default)]
struct Announced(Mutex<Vec<Event>>);

impl Announce for Announced {
    fn announce(&self, event: Event) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(event);
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn the_thumbnail_comes_first_and_stays_when_what_is_larger_cannot_be_written() {
    let script = |request: &http::request::Parts| {
        let is_larger = request.method == Method::PUT && request.uri.path().contains("/200x200-");
        is_larger.then_some(Fault::Refusal(503, "SlowDown"))
    };
    let (system, event, proxy) = with_one(fixtures::photo_jpeg(500, 300, 1), "image/jpeg", script).await;
    let settings = || processor::Settings {
        larger: LargerSize::USUAL.to_vec(),
        ..processor::Settings::new("processed".to_owned())
    };
    let announced = Arc::new(Announced::default());
    let larger = |at: usize| match &announced.0.lock().unwrap()[at] {
        Event::Finished(entry) => entry.pictures().len() - 1,
        Event::Deleted(_) => panic!("nothing was deleted"),
    };
    let count = || announced.0.lock().unwrap().len();
    let processor = processor_with(proxy.address, settings()).announcing(announced.clone());
    assert!(matches!(processor.handle(&event, 1).await, Err(ProcessError::Retry(_))));
    assert_eq!((count(), larger(0)), (1, 0));
    assert!(system.made().await[0].0.contains("/ready,"));
    let processor = processor_with(system.s3, settings()).announcing(announced.clone());
    assert_eq!(processor.handle(&event, 2).await.unwrap(), [Fate::Ready]);
    assert_eq!((count(), larger(1), larger(2)), (3, 0, 3));
    let made = system.made().await;
    assert_eq!(made.len(), 1 + 4, "{made:?}");
    assert_eq!(processor.handle(&event, 1).await.unwrap(), [Fate::Ready]);
    assert_eq!(system.made().await, made);
}

#[tokio::test]
async fn an_original_that_is_deleted_leaves_nothing() {
    let (system, event, proxy) = with_one(jpeg(), "image/jpeg", |_| None).await;
    let processor = system.processor(proxy.address);
    assert_eq!(processor.handle(&event, 1).await.unwrap(), [Fate::Ready]);
    system.delete(&key()).await;
    assert_eq!(processor.handle(&event, 1).await.unwrap(), [Fate::Gone]);
    assert_eq!(system.made().await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_original_that_changes_on_the_way_is_processed_as_it_is_at_the_end() {
    let (system, event, _) = with_one(jpeg(), "image/jpeg", |_| None).await;
    // While the first is being written down, the second arrives.
    let (seen, told) = tokio::sync::mpsc::unbounded_channel::<()>();
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(Some(wait));
    let script = move |request: &http::request::Parts| {
        if request.method == Method::PUT
            && let Some(wait) = wait.lock().unwrap().take()
        {
            seen.send(()).unwrap();
            tokio::task::block_in_place(|| wait.recv().unwrap());
        }
        None
    };
    let proxy = Proxy::start(system.s3, Plan::Script(Box::new(script))).await;
    let processor = system.patient_processor(proxy.address);
    let first = processor.handle(&event, 1);
    let second = async {
        let mut told = told;
        told.recv().await.unwrap();
        system.put(&key(), "image/png", fixtures::photo_png(50, 70, 2)).await;
        go_on.send(()).unwrap();
    };
    let (fates, ()) = tokio::join!(first, second);
    assert_eq!(fates.unwrap(), [Fate::Ready]);
    let made = system.made().await;
    assert_eq!(made.len(), 2, "{made:?}");
    assert!(made[0].0.contains("/ready,image/png,") && made[0].0.contains(",50x70,"), "{made:?}");
}
