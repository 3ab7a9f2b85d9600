//! `GET` and `DELETE /api/image/{key}`

use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use live::Event;
use wire::{Code, ImageDetails, ImageId, Metadata, OriginalKey, Problem};

use crate::openapi::Faults;
use crate::problem::ApiError;
use crate::routes::view;
use crate::state::Api;
use crate::store::Found;

/// How long the address of an original stays valid.
const ORIGINAL_URL_LIFETIME: Duration = Duration::from_mins(5);

/// One image, with a link to its original
#[utoipa::path(get, path = "/image/{key}", operation_id = "image", params(("key" = ImageId, Path)), responses(
    (status = 200, description = "The image", body = ImageDetails),
    (status = 404, description = "There is no such image", body = Problem, content_type = "application/problem+json"),
    Faults
))]
pub(crate) async fn show(
    State(api): State<Api>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Json<ImageDetails>, ApiError> {
    let id: ImageId = key.parse().map_err(|_| ApiError::no_such_image())?;
    let mut found = api.store.find(id).await?.ok_or_else(ApiError::no_such_image)?;
    let (original, metadata) = loop {
        match &found {
            Found::Original(original) => break (original.key.clone(), Metadata::default()),
            Found::Entry(entry) => {
                let original = OriginalKey { id, name: entry.name.clone() };
                if let Some(metadata) = api.store.metadata(entry).await? {
                    break (original, metadata);
                }
            }
        }
        // The entry makes way for one that tells of more, or the image is deleted just now.
        found = api.store.find(id).await?.ok_or_else(ApiError::no_such_image)?;
    };
    let original_url = presign(&api, &headers, &original).await?;
    Ok(Json(ImageDetails { image: view::image(&found), original_url, metadata }))
}

/// Removes the original and all that was made of it; may be repeated
#[utoipa::path(delete, path = "/image/{key}", operation_id = "delete", params(("key" = ImageId, Path)), responses(
    (status = 204, description = "There is no such image any more"),
    (status = 404, description = "This is no id", body = Problem, content_type = "application/problem+json"),
    Faults
))]
pub(crate) async fn delete(State(api): State<Api>, Path(key): Path<String>) -> Result<StatusCode, ApiError> {
    let id: ImageId = key.parse().map_err(|_| ApiError::no_such_image())?;
    // Deleting what is not there is no error: a client that missed the first answer asks again.
    api.store.delete(id).await?;
    api.live.announcer().announce(Event::Deleted(id)).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn presign(api: &Api, headers: &HeaderMap, original: &OriginalKey) -> Result<String, ApiError> {
    let failed = |cause: String| {
        tracing::error!(cause, "the address of an original could not be signed");
        ApiError::new(Code::Unavailable, "The original cannot be reached now. Try again in a moment.")
    };
    let lifetime = PresigningConfig::expires_in(ORIGINAL_URL_LIFETIME).map_err(|e| failed(e.to_string()))?;
    let request = api
        .public_s3(headers)?
        .get_object()
        .bucket(&api.config.uploads_bucket)
        .key(original.to_string())
        .response_content_disposition("attachment")
        .presigned(lifetime)
        .await
        .map_err(|e| failed(e.to_string()))?;
    Ok(request.uri().to_owned())
}
