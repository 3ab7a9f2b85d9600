//! The API as a function behind API Gateway.

use std::time::Duration;

use axum::Router;
use http::uri::PathAndQuery;
use http::{HeaderValue, Uri};
use lambda_http::request::RequestContext;
use lambda_http::{Error, Request};
use tower::ServiceBuilder;

use crate::config::Config;
use crate::request_id::REQUEST_ID;
use crate::state::Aws;
use crate::store::Store;

/// How long the first call to S3 may take before requests are asked for all the same.
const WARM_UP: Duration = Duration::from_millis(500);

/// Answers one event after another, for as long as the function lives.
pub async fn run(config: Config, aws: Aws) -> Result<(), Error> {
    // The way to S3 is open, and credentials are there, before the first request is.
    let store = Store::new(aws.s3.clone(), &config);
    match tokio::time::timeout(WARM_UP, store.check()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the store does not answer yet"),
        Err(_) => tracing::warn!("the store takes long to answer"),
    }
    lambda_http::run(service(crate::router(config, aws))).await
}

/// The router for requests as `lambda_http` makes them of events.
fn service(
    router: Router,
) -> impl tower::Service<
    Request,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Clone
+ Send
+ 'static {
    ServiceBuilder::new().map_request(as_clients_sent_it).service(router)
}

/// Takes the stage, which `lambda_http` puts before the path, off again, and keeps the gateway's id of the request.
fn as_clients_sent_it(mut request: Request) -> Request {
    let (stage, id) = match request.extensions().get() {
        Some(RequestContext::ApiGatewayV2(context)) => (context.stage.clone(), context.request_id.clone()),
        Some(RequestContext::ApiGatewayV1(context)) => (context.stage.clone(), context.request_id.clone()),
        _ => (None, None),
    };
    if let Some(uri) = stage.and_then(|stage| without_stage(request.uri(), &stage)) {
        *request.uri_mut() = uri;
    }
    if let Some(id) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        request.headers_mut().entry(REQUEST_ID).or_insert(id);
    }
    request
}

fn without_stage(uri: &Uri, stage: &str) -> Option<Uri> {
    if stage == "$default" {
        return None;
    }
    let rest = uri.path_and_query()?.as_str().strip_prefix('/')?.strip_prefix(stage)?;
    let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(rest.parse::<PathAndQuery>().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_is_taken_off_once() {
        for (uri, stage, expected) in [
            ("https://a.example/prod/api/images?limit=2", "prod", "https://a.example/api/images?limit=2"),
            ("/prod/prod/api", "prod", "/prod/api"),
            ("/prod", "prod", "/"),
        ] {
            assert_eq!(without_stage(&uri.parse().unwrap(), stage), Some(expected.parse().unwrap()), "{uri}");
        }
        assert_eq!(without_stage(&"/api".parse().unwrap(), "$default"), None);
        assert_eq!(without_stage(&"/api".parse().unwrap(), "prod"), None);
    }
}
