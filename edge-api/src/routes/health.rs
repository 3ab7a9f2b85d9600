//! `GET /api/health`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use wire::{Code, Health};

use crate::openapi::Faults;
use crate::problem::ApiError;
use crate::state::Api;

/// A store that takes longer is as good as gone.
const STORE_TIMEOUT: Duration = Duration::from_secs(3);

/// Whether the store answers
#[utoipa::path(get, path = "/health", operation_id = "health", responses(
    (status = 200, description = "It does", body = Health), Faults
))]
pub(crate) async fn show(State(api): State<Api>) -> Result<Json<Health>, ApiError> {
    match tokio::time::timeout(STORE_TIMEOUT, api.store.check()).await {
        Ok(checked) => checked?,
        Err(_) => return Err(ApiError::new(Code::Unavailable, "The store does not answer.")),
    }
    Ok(Json(Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }))
}
