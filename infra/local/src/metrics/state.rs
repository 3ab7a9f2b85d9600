//! `GET /metrics`: what was counted, and how queue and store stand at the moment.

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::text;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::labels;
use super::{MEDIA_TYPE, Metrics};
use crate::store::{Store, StoreError};

/// Serves the metrics of a store and of what is done with it.
pub fn router(metrics: Metrics, store: Store) -> Router {
    Router::new().route("/metrics", get(show)).with_state((metrics, store))
}

async fn show(State((metrics, store)): State<(Metrics, Store)>) -> Response {
    match text(&metrics, &store).await {
        Ok(text) => ([(CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the state of queue and store cannot be told");
            (StatusCode::SERVICE_UNAVAILABLE, "The store cannot be read now.").into_response()
        }
    }
}

async fn text(metrics: &Metrics, store: &Store) -> Result<String, StoreError> {
    let mut registry = Registry::with_prefix("imagasaur");
    let depth = store.queue().depth().await?;
    let messages = Family::<labels::State, Gauge>::default();
    for (state, count) in [("live", depth.live), ("dead", depth.dead)] {
        messages.get_or_create(&labels::State { state }).set(signed(count));
    }
    registry.register("queue_messages", "Waiting or being worked on (live), and given up (dead)", messages);
    let oldest = Gauge::<i64>::default();
    let event = store.queue().oldest().await?;
    oldest.set(signed(event.map_or(0, |event| age(&event, SystemTime::now()).as_secs())));
    let help = "Since the oldest live message's original was uploaded";
    registry.register_with_unit("queue_oldest_age", help, Unit::Seconds, oldest);
    let objects = Gauge::<i64>::default();
    objects.set(signed(store.object_count().await?));
    registry.register("store_objects", "Objects in all buckets", objects);
    let bytes = Gauge::<i64>::default();
    bytes.set(signed(store.stored_bytes()));
    let help = "Of all objects; what copies share is counted once";
    registry.register_with_unit("store", help, Unit::Bytes, bytes);

    let mut whole = metrics.text();
    // Writing to a string does not fail.
    let _ = text::encode(&mut whole, &registry);
    Ok(whole)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How long ago an event happened.
fn age(event: &str, now: SystemTime) -> Duration {
    let happened = || {
        let event: Value = serde_json::from_str(event).ok()?;
        OffsetDateTime::parse(event["Records"][0]["eventTime"].as_str()?, &Rfc3339).ok()
    };
    let since = happened().map(|happened| now.duration_since(happened.into()).unwrap_or_default());
    since.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_told_by_the_event() {
        let event = r#"{"Records":[{"eventTime":"1970-01-01T00:01:00.000Z"}]}"#;
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        assert_eq!(age(event, now), Duration::from_secs(40));
        assert_eq!(age("no event", now), Duration::ZERO);
    }
}
