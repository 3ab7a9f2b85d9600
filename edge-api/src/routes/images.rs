//! `GET /api/images`: a page, or the state of the keys asked for.

#![expect(unused_qualifications, reason = "what describes the parameters is written by a macro")]

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::api::{DEFAULT_PAGE, MAX_KEYS, MAX_PAGE};
use wire::{Code, ImageId, ImagePage};

use crate::openapi::{Faults, Refusals};
use crate::problem::ApiError;
use crate::routes::view;
use crate::state::Api;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// How many images a page holds at most
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the page starts: `next_cursor` of the page before
    cursor: Option<String>,
    /// Ids with commas between, at most 100: asks for the state of these instead of a page
    #[param(pattern = "^[0-9a-f]{32}(,[0-9a-f]{32}){0,99}$")]
    keys: Option<String>,
}

/// A page of finished images, newest first, or where given images stand
#[utoipa::path(get, path = "/images", operation_id = "images", params(Params), responses(
    (status = 200, description = "The images", body = ImagePage), Refusals, Faults
))]
pub(crate) async fn list(
    State(api): State<Api>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<Json<ImagePage>, ApiError> {
    let Query(params) = params?;
    match params.keys {
        Some(keys) => states(&api, &keys).await,
        None => page(&api, params.limit.unwrap_or(DEFAULT_PAGE), params.cursor.as_deref()).await,
    }
    .map(Json)
}

async fn page(api: &Api, limit: u16, cursor: Option<&str>) -> Result<ImagePage, ApiError> {
    if !(1..=MAX_PAGE).contains(&limit) {
        let detail = format!("A page holds 1 to {MAX_PAGE} images, not {limit}.");
        return Err(ApiError::new(Code::BadRequest, detail));
    }
    let after = cursor.map(|cursor| api.config.cursor_key.decode(cursor)).transpose()?;
    let page = api.store.page(after, limit).await?;
    let next_cursor = page.next.map(|last| api.config.cursor_key.encode(last));
    Ok(ImagePage { images: page.entries.iter().map(live::finished).collect(), next_cursor })
}

async fn states(api: &Api, keys: &str) -> Result<ImagePage, ApiError> {
    let texts: Vec<&str> = keys.split(',').collect();
    if texts.len() > MAX_KEYS {
        let detail = format!("Ask for at most {MAX_KEYS} keys at once.");
        return Err(ApiError::new(Code::BadRequest, detail));
    }
    let ids = texts
        .into_iter()
        .map(|text| {
            text.parse::<ImageId>()
                .map_err(|error| ApiError::new(Code::BadRequest, format!("keys: {error}.")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let found = api.store.find_all(&ids).await?;
    Ok(ImagePage { images: found.iter().flatten().map(view::image).collect(), next_cursor: None })
}
