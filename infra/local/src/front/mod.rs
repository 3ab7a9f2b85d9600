//! The front: page, API and thumbnails on one port, with the headers that the CDN sends on AWS.
//!
//! `site` is the built page, held in memory; `thumbs` reads thumbnails from the store; `headers` is what every
//! answer carries.

mod headers;
mod site;
mod thumbs;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::routing::get;
use edge_api::PublicEndpoint;
use tokio::net::TcpListener;
use tower::ServiceExt;

pub use self::site::{LoadSiteError, Site};
use crate::store::Store;

/// Everything on one port.
pub fn router(api: Router, store: Store, site: Site, s3: PublicEndpoint) -> Router {
    let thumbs = Router::new().route("/thumbs/{id}/{file}", get(thumbs::get)).with_state(store);
    let page = Router::new().fallback(site::get).with_state(site);
    let page = page.layer(middleware::from_fn_with_state(s3, headers::content_security_policy));
    let others = Router::new().merge(thumbs).fallback_service(page);
    // Chosen by hand rather than by a route: a route would add its own parameters to those of the API's routes.
    let choose = move |request: Request| {
        let path = request.uri().path();
        let is_for_api = path == "/api" || path.starts_with("/api/");
        if is_for_api { api.clone() } else { others.clone() }.oneshot(request)
    };
    Router::new().fallback(choose).layer(middleware::from_fn(headers::for_all))
}

/// Serves until `stop` completes, then finishes what is under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) {
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "the front ended");
    }
}
