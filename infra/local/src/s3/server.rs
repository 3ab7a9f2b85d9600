//! Accepting connections.

use std::future::Future;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::Endpoint;
use crate::store::Store;

/// How long a client may take to say what it wants.
const HEADER_TIME: Duration = Duration::from_secs(30);

/// How long requests under way may take once the end has begun.
const DRAIN_TIME: Duration = Duration::from_secs(30);

/// Uploads in parts that nobody ended are given up after this.
const MAX_UPLOAD_AGE: Duration = Duration::from_hours(7 * 24);

/// How often they are looked for.
const CLEARING_INTERVAL: Duration = Duration::from_hours(1);

/// Serves until `shutdown` completes; then accepts no more, finishes the requests under way and returns.
pub async fn serve(listener: TcpListener, endpoint: Endpoint, shutdown: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let mut clearing = tokio::time::interval(CLEARING_INTERVAL);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
            _ = clearing.tick() => {
                tokio::spawn(clear(endpoint.store().clone()));
                continue;
            }
        };
        let stream = match accepted {
            Ok((stream, _peer)) => stream,
            Err(error) => {
                // Most likely too many open files: some will close.
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // An answer is written in one go; waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .serve_connection(TokioIo::new(stream), endpoint.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    if timeout(DRAIN_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!(limit_s = DRAIN_TIME.as_secs(), "requests were cut off");
    }
}

async fn clear(store: Store) {
    match store.abort_uploads_older_than(MAX_UPLOAD_AGE).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "gave up uploads that were begun a week ago"),
        Err(error) => tracing::warn!(%error, "old uploads could not be given up"),
    }
}
