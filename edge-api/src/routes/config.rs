//! `GET /api/config`

use axum::Json;
use axum::extract::State;

use crate::openapi::Faults;
use crate::state::Api;

/// Limits and accepted types
#[utoipa::path(get, path = "/config", operation_id = "config", responses(
    (status = 200, description = "What a client has to know before it can judge a file", body = wire::Config), Faults
))]
pub(crate) async fn show(State(api): State<Api>) -> Json<wire::Config> {
    Json(api.config.for_page(api.live.url()))
}
