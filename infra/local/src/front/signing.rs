//! How many uploads an address may have signed.

use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use edge_api::problem;
use edge_api::sign::SignedFiles;
use http::header::RETRY_AFTER;
use http::{HeaderValue, Method};
use wire::{Code, Problem};

use super::Front;
use crate::limits::rate::Later;
use crate::server::Client;

/// Lets a request for signatures through if its address has any left, and takes from them what was signed. How many
/// files a request names is only known afterwards, so the last one may take more than is left; the next waits longer.
pub(super) async fn limit(State(front): State<Front>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().copied();
    let is_to_sign = request.method() == Method::POST && request.uri().path() == "/api/upload";
    let Some(client) = client.filter(|_| is_to_sign) else {
        return next.run(request).await;
    };
    if let Err(Later(wait)) = front.sign_rate.check(client.address, Instant::now()) {
        front.metrics.refused("front", "sign_rate");
        tracing::debug!(client = %client.address, wait_ms = wait.as_millis(), "too many uploads signed");
        return later(wait);
    }
    let response = next.run(request).await;
    let signed = response.extensions().get().map_or(0, |SignedFiles(count)| *count);
    front.sign_rate.take(client.address, u32::try_from(signed).unwrap_or(u32::MAX), Instant::now());
    response
}

fn later(wait: Duration) -> Response {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let detail = format!("Too many files from your address at once. Go on in {seconds} seconds.");
    let mut response = problem::answer(Problem::new(Code::TooManyRequests, detail));
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}
