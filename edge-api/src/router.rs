//! Which path leads to which handler.

use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Code;

use crate::config::Config;
use crate::problem::ApiError;
use crate::state::{Api, Aws, Live};
use crate::surround::surround;
use crate::{guard, openapi, routes};

/// The API under `/api`, and problem+json for everything else; pages ask by themselves what happens.
pub fn router(config: Config, aws: Aws) -> Router {
    live_router(config, aws, Live::None)
}

/// The same, with pages told what happens by `live`.
pub fn live_router(config: Config, aws: Aws, live: Live) -> Router {
    let api = OpenApiRouter::new();
    #[cfg(feature = "socket")]
    let api = api.routes(routes!(routes::live::connect));
    let api = api
        .routes(routes!(routes::upload::sign))
        .routes(routes!(routes::images::list))
        .routes(routes!(routes::image::show, routes::image::delete))
        .routes(routes!(routes::config::show))
        .routes(routes!(routes::health::show))
        .routes(routes!(openapi::show));
    let (api, document) =
        OpenApiRouter::with_openapi(openapi::Document::openapi()).nest("/api", api).split_for_parts();
    let origins = config.allowed_origins.clone();
    let state = Api::new(config, aws, live);
    let api = api
        .fallback(|| async { ApiError::new(Code::NotFound, "There is nothing at this address.") })
        .method_not_allowed_fallback(|| async {
            ApiError::new(Code::MethodNotAllowed, "This address exists, but not for this method.")
        })
        .layer(Extension(openapi::Json::of(&document)))
        .layer(from_fn_with_state(state.clone(), guard::only_through_the_cdn))
        .with_state(state);
    surround(api, &origins)
}
