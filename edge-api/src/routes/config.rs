//! `GET /api/config`

use axum::Json;
use axum::extract::State;

use crate::state::Api;

pub(crate) async fn show(State(api): State<Api>) -> Json<wire::Config> {
    Json(api.config.for_page())
}
