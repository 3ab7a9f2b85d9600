//! Doing what is asked.

use super::{Answer, Request};
use crate::store::{Store, StoreError};

/// Does what is asked. What it holds on to, if anything, is let go when the second value is dropped.
pub(super) async fn answer(store: &Store, request: Request) -> (Answer, Option<crate::store::SweepPause>) {
    if let Request::Snapshot(path) = request {
        let pause = store.pause_sweeping();
        return match store.snapshot(path).await {
            Ok(()) => (Answer::Done, Some(pause)),
            Err(error) => (Answer::Failed(error.to_string()), None),
        };
    }
    (about_queue(store, request).await.unwrap_or_else(|error| Answer::Failed(error.to_string())), None)
}

async fn about_queue(store: &Store, request: Request) -> Result<Answer, StoreError> {
    let queue = store.queue();
    Ok(match request {
        Request::List { max } => {
            let depth = queue.depth().await?;
            Answer::Queue {
                waiting: queue.waiting(max).await?,
                dead: queue.dead_letters(max).await?,
                waiting_count: depth.live,
                dead_count: depth.dead,
            }
        }
        Request::Retry(which) => Answer::Count(queue.redrive(which).await?),
        Request::Forget(which) => Answer::Count(queue.forget(which).await?),
        Request::Snapshot(_) => Answer::Done,
    })
}
