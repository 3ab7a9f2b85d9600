//! `GET /api/images`: a page, or the state of the keys asked for.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use wire::api::{DEFAULT_PAGE, MAX_KEYS, MAX_PAGE};
use wire::{Code, ImageId, ImagePage};

use crate::cursor;
use crate::problem::ApiError;
use crate::routes::view;
use crate::state::Api;

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    limit: Option<u16>,
    cursor: Option<String>,
    keys: Option<String>,
}

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
    let after = cursor.map(cursor::decode).transpose()?;
    let page = api.store.page(after, limit).await?;
    let next_cursor = page.entries.last().filter(|_| page.more).map(|last| cursor::encode(last.id));
    Ok(ImagePage { images: page.entries.iter().map(view::finished).collect(), next_cursor })
}

async fn states(api: &Api, keys: &str) -> Result<ImagePage, ApiError> {
    let texts: Vec<&str> = keys.split(',').filter(|key| !key.is_empty()).collect();
    if texts.len() > MAX_KEYS {
        let detail = format!("Ask for at most {MAX_KEYS} keys at once.");
        return Err(ApiError::new(Code::BadRequest, detail));
    }
    let ids = texts
        .into_iter()
        .map(|text| {
            text.parse::<ImageId>()
                .map_err(|error| ApiError::new(Code::BadRequest, format!("{error}: {text}")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let found = api.store.find_all(&ids).await?;
    Ok(ImagePage { images: found.iter().flatten().map(view::image).collect(), next_cursor: None })
}
