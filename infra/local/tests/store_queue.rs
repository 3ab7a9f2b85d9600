//! What the queue promises: at least once, never in the way of others, nothing lost.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use aws_lambda_events::s3::S3Event;
use bytes::Bytes;
use futures::stream;
use imagasaur::queue::{Depth, HandlerError, Queue, Which, WorkerOptions, run_workers};
use imagasaur::store::{EventName, Expectations, PutOptions, Settings, Store};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_mins(5);

fn open(dir: &Path) -> Store {
    Store::open(dir, Settings::default()).unwrap()
}

async fn put(store: &Store, key: &str) {
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"hello"))]);
    let options = PutOptions { event: EventName::Post, ..PutOptions::default() };
    store.put("uploads", key, body, &Expectations::default(), options).await.unwrap();
}

async fn until<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "waited in vain");
        sleep(Duration::from_millis(10)).await;
    }
}

async fn depth_becomes(queue: &Queue, depth: Depth) {
    until(|| async { (queue.depth().await.unwrap() == depth).then_some(()) }).await;
}

/// The key in an event, decoded as a consumer has to.
fn key(event: &str) -> String {
    let event: S3Event = serde_json::from_str(event).unwrap();
    let key = event.records[0].s3.object.key.clone().unwrap().replace('+', " ");
    percent_encoding::percent_decode_str(&key).decode_utf8().unwrap().into_owned()
}

#[tokio::test]
async fn events_are_read_by_the_type_of_aws() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "uploads/1/été + 100%.jpg").await;
    let received = store.queue().receive(1, LONG).await.unwrap().remove(0);
    let event: S3Event = serde_json::from_str(&received.body).unwrap();
    let record = &event.records[0];
    assert_eq!(record.event_version.as_deref(), Some("2.1"));
    assert_eq!(record.event_source.as_deref(), Some("aws:s3"));
    assert_eq!(record.event_name.as_deref(), Some("ObjectCreated:Post"));
    assert_eq!(record.s3.bucket.name.as_deref(), Some("uploads"));
    assert_eq!(record.s3.bucket.arn.as_deref(), Some("arn:aws:s3:::uploads"));
    assert_eq!(record.s3.object.key.as_deref(), Some("uploads/1/%C3%A9t%C3%A9+%2B+100%25.jpg"));
    assert_eq!(key(&received.body), "uploads/1/été + 100%.jpg");
    assert_eq!(record.s3.object.size, Some(5));
    assert_eq!(record.s3.object.e_tag.as_deref(), Some("5d41402abc4b2a76b9719d911017c592"));
    let known = store.head("uploads", "uploads/1/été + 100%.jpg").await.unwrap().unwrap();
    assert_eq!(u64::try_from(record.event_time.timestamp_millis()).unwrap(), known.last_modified_ms);
}

#[tokio::test]
async fn messages_come_in_order_and_again_unless_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let queue = store.queue();
    for number in 0..5 {
        put(&store, &format!("uploads/{number}")).await;
    }
    let short = Duration::from_millis(300);
    let first = queue.receive(3, short).await.unwrap();
    assert_eq!(
        first.iter().map(|m| key(&m.body)).collect::<Vec<_>>(),
        ["uploads/0", "uploads/1", "uploads/2"]
    );
    let rest = queue.receive(10, LONG).await.unwrap();
    assert_eq!(rest.iter().map(|m| key(&m.body)).collect::<Vec<_>>(), ["uploads/3", "uploads/4"]);
    assert!(queue.receive(10, LONG).await.unwrap().is_empty());

    queue.delete(first[1].id).await.unwrap();
    sleep(short).await;
    let again = queue.receive(10, LONG).await.unwrap();
    assert_eq!(again.iter().map(|m| m.id).collect::<Vec<_>>(), [first[0].id, first[2].id]);
    assert!(again.iter().all(|m| m.receive_count == 2));
    assert_eq!(queue.depth().await.unwrap(), Depth { live: 4, dead: 0 });
}

#[tokio::test]
async fn a_message_under_way_in_a_crash_comes_again_at_the_next_start_and_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "uploads/a").await;
    assert_eq!(store.queue().receive(1, LONG).await.unwrap().len(), 1);
    // The database file as it is, nothing flushed or closed.
    let crashed = tempfile::tempdir().unwrap();
    std::fs::copy(dir.path().join("imagasaur.redb"), crashed.path().join("imagasaur.redb")).unwrap();

    let again = open(crashed.path());
    let message = again.queue().receive(1, LONG).await.unwrap().remove(0);
    assert_eq!(message.receive_count, 2);
}

#[tokio::test]
async fn ids_are_never_used_twice() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "uploads/a").await;
    let first = store.queue().receive(1, LONG).await.unwrap().remove(0);
    store.queue().delete(first.id).await.unwrap();
    put(&store, "uploads/b").await;
    let second = store.queue().receive(1, LONG).await.unwrap().remove(0);
    assert!(second.id > first.id);
}

/// Runs workers until the test is over.
fn work<H, F>(
    queue: &Queue,
    options: WorkerOptions,
    handler: H,
) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>)
where
    H: Fn(String, u32) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), HandlerError>> + Send + 'static,
{
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    (stop, tokio::spawn(run_workers(queue.clone(), options, handler, shutdown)))
}

fn quick() -> WorkerOptions {
    WorkerOptions { backoff: Duration::from_millis(40), ..WorkerOptions::default() }
}

#[tokio::test]
async fn workers_are_woken_by_a_new_object() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (stop, workers) = work(store.queue(), WorkerOptions::default(), |_, _| async { Ok(()) });
    sleep(Duration::from_millis(100)).await;
    put(&store, "uploads/a").await;
    timeout(Duration::from_secs(5), depth_becomes(store.queue(), Depth::default())).await.unwrap();
    stop.send(()).unwrap();
    workers.await.unwrap();
}

#[tokio::test]
async fn what_keeps_failing_is_given_up_after_five_tries_that_grow_apart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let tries = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&tries);
    let handler = move |_, count| {
        log.lock().unwrap().push((count, Instant::now()));
        async move { Err(HandlerError::Retry(format!("failure {count}"))) }
    };
    put(&store, "uploads/poison").await;
    let (_stop, _workers) = work(store.queue(), quick(), handler);
    depth_becomes(store.queue(), Depth { live: 0, dead: 1 }).await;

    let tries = tries.lock().unwrap().clone();
    assert_eq!(tries.iter().map(|(count, _)| *count).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    for (index, pair) in tries.windows(2).enumerate() {
        // Half of the wait is left to chance.
        let at_least = Duration::from_millis(40) * (1 << index) / 2;
        assert!(pair[1].1 - pair[0].1 >= at_least, "try {}", index + 2);
    }
    let letter = store.queue().dead_letters(10).await.unwrap().remove(0);
    assert_eq!((letter.reason.as_str(), letter.receive_count), ("failure 5", 5));
    assert_eq!(key(&letter.body), "uploads/poison");
}

#[tokio::test]
async fn poison_is_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let handler = |event: String, _| async move {
        match key(&event).as_str() {
            "uploads/hopeless" => Err(HandlerError::Permanent("not a picture".to_owned())),
            "uploads/panics" => panic!("a bug"),
            "uploads/hangs" => std::future::pending().await,
            _ => Ok(()),
        }
    };
    for name in ["panics", "hangs", "hopeless", "good"] {
        put(&store, &format!("uploads/{name}")).await;
    }
    let options =
        WorkerOptions { concurrency: 1, timeout: Duration::from_millis(50), max_receives: 2, ..quick() };
    let (_stop, _workers) = work(store.queue(), options, handler);
    depth_becomes(store.queue(), Depth { live: 0, dead: 3 }).await;
    let letters = store.queue().dead_letters(10).await.unwrap();
    let counts: Vec<_> = letters.iter().map(|l| (key(&l.body), l.receive_count)).collect();
    let expected = [("uploads/panics", 2), ("uploads/hangs", 2), ("uploads/hopeless", 1)];
    assert_eq!(counts, expected.map(|(key, count)| (key.to_owned(), count)));
}

#[tokio::test]
async fn what_killed_every_process_that_took_it_is_not_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, "uploads/killer").await;
    for _ in 0..5 {
        assert_eq!(store.queue().receive(1, Duration::ZERO).await.unwrap().len(), 1);
        sleep(Duration::from_millis(2)).await;
    }
    let counts = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&counts);
    let handler = move |_, count| {
        log.lock().unwrap().push(count);
        async { Ok(()) }
    };
    let (_stop, _workers) = work(store.queue(), quick(), handler);
    depth_becomes(store.queue(), Depth { live: 0, dead: 1 }).await;
    let letter = store.queue().dead_letters(1).await.unwrap().remove(0);
    assert!(letter.reason.contains("received 5 times and never answered"), "{}", letter.reason);
    // Handed over once, with a count that says that it is not to be tried.
    assert_eq!(*counts.lock().unwrap(), [6]);
}

#[tokio::test]
async fn at_shutdown_what_runs_is_finished_and_no_more_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for number in 0..4 {
        put(&store, &format!("uploads/{number}")).await;
    }
    let done = Arc::new(Mutex::new(0));
    let count = Arc::clone(&done);
    let handler = move |_, _| {
        let count = Arc::clone(&count);
        async move {
            sleep(Duration::from_millis(300)).await;
            *count.lock().unwrap() += 1;
            Ok(())
        }
    };
    let (stop, workers) = work(store.queue(), WorkerOptions { concurrency: 2, ..quick() }, handler);
    sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    workers.await.unwrap();
    assert_eq!(*done.lock().unwrap(), 2);
    assert_eq!(store.queue().depth().await.unwrap().live, 2);
}

#[tokio::test]
async fn dead_letters_can_be_tried_again_all_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for number in 0..3 {
        put(&store, &format!("uploads/{number}")).await;
    }
    for message in store.queue().receive(3, LONG).await.unwrap() {
        store.queue().bury(message.id, "no reason").await.unwrap();
    }
    assert_eq!(store.queue().depth().await.unwrap(), Depth { live: 0, dead: 3 });
    assert_eq!(store.queue().redrive(Which::All).await.unwrap(), 3);
    assert_eq!(store.queue().depth().await.unwrap(), Depth { live: 3, dead: 0 });
    let again = store.queue().receive(3, LONG).await.unwrap();
    assert!(again.len() == 3 && again.iter().all(|m| m.receive_count == 1));
}

#[tokio::test]
async fn what_was_cut_off_is_tried_alone_and_what_waits_is_given_back_at_shutdown() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = open(dir.path());
        for name in ["suspect", "bystander"] {
            put(&store, &format!("uploads/{name}")).await;
        }
        assert_eq!(store.queue().receive(2, LONG).await.unwrap().len(), 2);
    }
    let store = open(dir.path());
    put(&store, "uploads/new").await;
    let at_once = Arc::new(Mutex::new((0, 0)));
    let (seen, gate) = (Arc::clone(&at_once), Arc::new(tokio::sync::Semaphore::new(0)));
    let door = Arc::clone(&gate);
    let handler = move |_, _| {
        let (seen, door) = (Arc::clone(&seen), Arc::clone(&door));
        async move {
            {
                let mut seen = seen.lock().unwrap();
                seen.0 += 1;
                seen.1 = seen.1.max(seen.0);
            }
            door.acquire().await.unwrap().forget();
            seen.lock().unwrap().0 -= 1;
            Ok(())
        }
    };
    let (stop, workers) = work(store.queue(), quick(), handler);
    until(|| async { (at_once.lock().unwrap().0 == 1).then_some(()) }).await;
    stop.send(()).unwrap();
    gate.add_permits(1);
    workers.await.unwrap();
    assert_eq!(at_once.lock().unwrap().1, 1);
    // The other one that was cut off was received and never begun: that was no try.
    let waiting = store.queue().waiting(10).await.unwrap();
    assert_eq!(waiting.iter().map(|m| m.receive_count).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(key(&waiting[0].body), "uploads/bystander");
    assert!(waiting[0].is_under_way && !waiting[1].is_under_way);
}
