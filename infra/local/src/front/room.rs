//! No leave to upload when there is no room: told before the bytes are sent, not after.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use edge_api::problem;
use http::Method;
use wire::{Code, Problem};

use crate::store::Store;

/// Answers requests for leave to upload with 503 while the store is full; everything else goes on.
pub(super) async fn refuse_when_full(State(store): State<Store>, request: Request, next: Next) -> Response {
    let is_for_upload = request.method() == Method::POST && request.uri().path() == "/api/upload";
    if !is_for_upload || store.check_room().is_ok() {
        return next.run(request).await;
    }
    tracing::warn!("an upload was refused: the store is full");
    let detail =
        "There is no room for more photos at the moment. Those that are here can be seen and deleted.";
    problem::answer(Problem::new(Code::Unavailable, detail))
}
