//! The front: page, API and thumbnails on one port, with the headers that the CDN sends on AWS.
//!
//! In reading order: `headers` is what every answer carries, `signing` limits how
//! many uploads an address may have signed, `health` asks the store itself, `site` is the built page, held in memory,
//! `negotiate` chooses its form, `thumbs` reads thumbnails from the store.

#[cfg(feature = "embed")]
mod carried;
mod headers;
mod health;
mod negotiate;
mod room;
mod signing;
mod site;
mod thumbs;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use edge_api::{PublicEndpoint, problem, request_id};
use http::Uri;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::ServiceExt;

pub use self::site::{LoadSiteError, Site};
use crate::limits::rate::Rate;
use crate::metrics::Metrics;
use crate::server::{self, Options};
use crate::store::Store;

/// What stands behind the front.
#[derive(Clone, Debug)]
pub struct Front {
    /// The API.
    pub api: Router,
    /// Where thumbnails are.
    pub store: Store,
    /// The page.
    pub site: Site,
    /// Where browsers reach the S3 endpoint.
    pub s3: PublicEndpoint,
    /// Browsers reach the page with TLS, whatever reaches us.
    pub is_encrypted: bool,
    /// How many uploads an address may have signed.
    pub sign_rate: Arc<Rate>,
    /// Where is counted.
    pub metrics: Metrics,
}

impl Front {
    /// Everything on one port.
    pub fn router(&self) -> Router {
        let health = from_fn_with_state(health::Health::new(self.store.clone()), health::before);
        let room = from_fn_with_state(self.store.clone(), room::refuse_when_full);
        let api = self
            .api
            .clone()
            .layer(room)
            .layer(health)
            .layer(from_fn_with_state(self.clone(), signing::limit));
        let api = api.layer(from_fn(problem::write));
        let thumbs = Router::new().route("/thumbs/{id}/{file}", get(thumbs::get));
        let thumbs = thumbs.with_state(self.store.clone()).layer(from_fn(headers::for_pictures));
        let page = Router::new().fallback(site::get).with_state(self.site.clone());
        let page = page.layer(from_fn_with_state(self.s3.clone(), headers::for_page));
        let others = Router::new().merge(thumbs).fallback_service(page);
        // Chosen by hand rather than by a route: a route would add its own parameters to those of the API's routes.
        let choose = move |request: Request| {
            let path = request.uri().path();
            let is_for_api = path == "/api" || path.starts_with("/api/");
            if is_for_api { api.clone() } else { others.clone() }.oneshot(request)
        };
        let for_all = from_fn_with_state(headers::Secure(self.is_encrypted), headers::for_all);
        Router::new().fallback(choose).layer(from_fn(request_id::give)).layer(for_all)
    }
}

/// Serves until `stop` completes, then finishes what is under way.
pub async fn serve(listener: TcpListener, router: Router, options: Options, stop: impl Future<Output = ()>) {
    server::serve(listener, TowerToHyperService::new(router), options, route, stop).await;
}

/// What a request is about, for those who count.
fn route(address: &Uri) -> &'static str {
    let path = address.path();
    match path.split('/').nth(1).unwrap_or_default() {
        "api" => match path {
            "/api/upload" => "/api/upload",
            "/api/images" => "/api/images",
            "/api/config" => "/api/config",
            "/api/health" => "/api/health",
            "/api/live" => "/api/live",
            _ if path.starts_with("/api/image/") => "/api/image/{key}",
            _ => "/api",
        },
        "assets" => "/assets",
        "thumbs" => "/thumbs",
        "metrics" => "/metrics",
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_make_up_does_not_become_a_route() {
        for (path, expected) in [
            ("/", "/"),
            ("/some/deep/link", "/"),
            ("/api/image/0123?x", "/api/image/{key}"),
            ("/api/nothing/here", "/api"),
            ("/thumbs/a/b", "/thumbs"),
            ("/assets/app-0.js", "/assets"),
        ] {
            assert_eq!(route(&path.parse().unwrap()), expected, "{path}");
        }
    }
}
