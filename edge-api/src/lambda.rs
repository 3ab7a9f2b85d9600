//! The API as a function behind API Gateway.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use axum::response::IntoResponse;
use http::uri::PathAndQuery;
use http::{HeaderValue, StatusCode, Uri};
use lambda_http::aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequestContext;
use lambda_http::request::RequestContext;
use lambda_http::{Error, Request, service_fn};
use live::Gateway;
use live::gateway::GatewaySettings;
use tower::{ServiceBuilder, ServiceExt};

use crate::config::Config;
use crate::request_id::REQUEST_ID;
use crate::state::{Aws, Live};
use crate::store::Store;

/// How long the first call to S3 may take before requests are asked for all the same.
const WARM_UP: Duration = Duration::from_millis(500);

/// Answers one event after another, for as long as the function lives. `pages` are those that API Gateway holds.
pub async fn run(config: Config, aws: Aws, pages: Option<Pages>) -> Result<(), Error> {
    // The way to S3 is open, and credentials are there, before the first request is.
    let store = Store::new(aws.s3.clone(), &config);
    match tokio::time::timeout(WARM_UP, store.check()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the store does not answer yet"),
        Err(_) => tracing::warn!("the store takes long to answer"),
    }
    let gateway = pages.as_ref().map(|pages| pages.gateway.clone());
    let live = pages
        .map_or(Live::None, |Pages { url, gateway }| Live::Elsewhere { url, announcer: Arc::new(gateway) });
    let router =
        ServiceBuilder::new().map_request(as_clients_sent_it).service(crate::live_router(config, aws, live));
    let answer = move |request: Request| {
        let (router, gateway) = (router.clone(), gateway.clone());
        async move {
            match request.extensions().get() {
                Some(RequestContext::WebSocket(context)) => {
                    Ok(connection(gateway.as_ref(), context).await.into_response())
                }
                _ => router.oneshot(request).await,
            }
        }
    };
    lambda_http::run(service_fn(answer)).await
}

/// The pages that API Gateway holds.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Where they connect: `wss://…`
    pub url: String,
    /// How they are told.
    pub gateway: Gateway,
}

impl Pages {
    /// Reads `LIVE_URL`, `LIVE_TABLE` and `LIVE_ENDPOINT`; `None` unless all three are set.
    #[must_use]
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>, aws: &Aws, http: Connector) -> Option<Self> {
        let settings = GatewaySettings::from_env(&lookup, &aws.region)?;
        Some(Self {
            url: lookup("LIVE_URL")?,
            gateway: Gateway::new(settings, aws.credentials.clone(), http),
        })
    }
}

/// What API Gateway tells of a page's connection: the routes `$connect`, `$disconnect` and `$default`.
async fn connection(
    gateway: Option<&Gateway>,
    context: &ApiGatewayWebsocketProxyRequestContext,
) -> StatusCode {
    let (Some(gateway), Some(id)) = (gateway, context.connection_id.as_deref()) else {
        return StatusCode::NOT_FOUND;
    };
    let done = match context.route_key.as_deref() {
        Some("$disconnect") => gateway.disconnected(id).await,
        // A page says something now and then to be thought of as there: its entry lasts on.
        _ => gateway.connected(id).await,
    };
    match done {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!(connection = id, %error, "a connection could not be noted");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
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
