//! The endpoint on a listener.

use std::future::Future;
use std::time::Duration;

use http::Uri;
use tokio::net::TcpListener;

use super::Endpoint;
use crate::server::{self, Options};
use crate::store::Store;

/// Uploads in parts that nobody ended are given up after this.
const MAX_UPLOAD_AGE: Duration = Duration::from_hours(7 * 24);

/// How often they are looked for.
const CLEARING_INTERVAL: Duration = Duration::from_hours(1);

/// Serves, as [`serve_with`], with the usual limits and without encryption.
pub async fn serve(listener: TcpListener, endpoint: Endpoint, shutdown: impl Future<Output = ()>) {
    serve_with(listener, endpoint, Options::plain("s3"), shutdown).await;
}

/// Serves until `shutdown` completes; then accepts no more, finishes the requests under way and returns.
pub async fn serve_with(
    listener: TcpListener,
    endpoint: Endpoint,
    options: Options,
    shutdown: impl Future<Output = ()>,
) {
    server::serve(listener, endpoint, options, route, shutdown).await;
}

/// Gives up old uploads in parts, at once and every hour, until `stop` completes. Once for a store, however many
/// listeners it has.
pub async fn give_up_old_uploads(store: Store, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut due = tokio::time::interval(CLEARING_INTERVAL);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = due.tick() => clear(&store).await,
        }
    }
}

async fn clear(store: &Store) {
    match store.abort_uploads_older_than(MAX_UPLOAD_AGE).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "gave up uploads that were begun a week ago"),
        Err(error) => tracing::warn!(%error, "old uploads could not be given up"),
    }
}

/// What a request is about, for those who count.
fn route(address: &Uri) -> &'static str {
    match address.path().trim_start_matches('/').split_once('/') {
        Some((_bucket, key)) if !key.is_empty() => "object",
        _ if address.path() == "/" => "service",
        _ => "bucket",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_become_routes() {
        for (path, expected) in
            [("/", "service"), ("/uploads", "bucket"), ("/uploads/", "bucket"), ("/uploads/a/b?x", "object")]
        {
            assert_eq!(route(&path.parse().unwrap()), expected, "{path}");
        }
    }
}
