//! What stands between a connection and the protocol library.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::header::{AUTHORIZATION, CONNECTION, CONTENT_RANGE, EXPECT};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use s3s::auth::{S3Auth, SecretKey};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, S3Error, S3ErrorCode, S3Result};

use super::body::SharedBody;
use super::chunked::Chunked;
use super::cors::{self, AllowedOrigins};
use super::form::{Forms, Keys};
use super::operations::Operations;
use super::verified::{Refusal, Verified};
use super::{S3Settings, attributes, error};
use crate::server::RequestBody;
use crate::store::Store;

/// How far a client's clock may be off, seconds, as on AWS.
const MAX_SKEW_S: u32 = 15 * 60;

/// How long a presigned URL may be good, seconds, as on AWS.
const MAX_PRESIGNED_S: u64 = 7 * 24 * 60 * 60;

/// The longest XML document that a client may send, bytes: a list of 10,000 parts with all checksums fits.
const MAX_XML_BYTES: usize = 8 << 20;

/// The S3 endpoint as a service of hyper. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint {
    requests: S3Service,
    forms: Forms,
    origins: Arc<AllowedOrigins>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl Endpoint {
    pub(super) fn new(store: &Store, settings: S3Settings) -> Self {
        let mut builder = S3ServiceBuilder::new(Operations::new(store.clone()));
        builder.set_auth(OneKey {
            access_key: settings.access_key.clone(),
            secret_key: settings.secret_key.clone().into(),
        });
        let mut config = S3Config::default();
        config.xml_max_body_size = MAX_XML_BYTES;
        config.presigned_url_max_skew_time_secs = MAX_SKEW_S;
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
        let keys = Keys { access_key: settings.access_key, secret_key: settings.secret_key };
        Self {
            requests: builder.build(),
            forms: Forms::new(store.clone(), keys),
            origins: Arc::new(settings.allowed_origins),
        }
    }

    async fn answer(self, request: Request<RequestBody>) -> Result<Response<Body>, HttpError> {
        let origin = self.origins.find(request.headers());
        let mut response = if cors::is_preflight(request.method(), request.headers()) {
            preflight(&request, origin.is_some())?
        } else {
            self.dispatch(request).await?
        };
        if let Some(origin) = origin {
            cors::grant(origin, response.headers_mut());
        }
        if let Some(id) = request_id() {
            response.headers_mut().insert(HeaderName::from_static("x-amz-request-id"), id);
        }
        Ok(response)
    }

    async fn dispatch(&self, request: Request<RequestBody>) -> Result<Response<Body>, HttpError> {
        // Who asks before sending is told before sending.
        let is_to_be_drained = !request.headers().contains_key(EXPECT);
        // Leave to send nothing is not given. Clients of AWS that asked for it take the next answer on the connection
        // for this one's: it is the last.
        let is_last = !is_to_be_drained && request.body().is_end_stream();
        let (head, incoming) = request.into_parts();
        let shared = SharedBody::new(incoming);
        let is_head = head.method == Method::HEAD;
        let mut response = if let Some(refusal) = refusal(&head) {
            error::into_response(refusal)?
        } else if Forms::is_for(&head) {
            self.forms.post(&head, shared.clone()).await?
        } else {
            self.call_library(head, &shared).await?
        };
        // The library does this for GET alone.
        if is_head && response.status() == StatusCode::OK && response.headers().contains_key(CONTENT_RANGE) {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        if is_last {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if is_to_be_drained && !response.status().is_success() {
            shared.drain().await;
        }
        Ok(response)
    }

    async fn call_library(&self, head: Parts, shared: &SharedBody) -> Result<Response<Body>, HttpError> {
        let is_of_attributes = attributes::is_asked_for(&head);
        let (body, refusal) = match Verified::new(&head, shared) {
            Err(refusal) => return error::into_response(refusal),
            Ok(Some((body, refusal))) => (Body::http_body_unsync(body), Some(refusal)),
            Ok(None) => (body_for_library(&head.headers, shared.clone()), None),
        };
        let response = self.requests.call(Request::from_parts(head, body)).await?;
        if let Some(refusal) = refusal.as_ref().and_then(Refusal::take) {
            return error::into_response(refusal);
        }
        if is_of_attributes { attributes::with_bare_etag(response).await } else { Ok(response) }
    }
}

/// Bodies in chunks are cut so that none is large.
fn body_for_library(headers: &HeaderMap, body: SharedBody) -> Body {
    match headers.get("x-amz-content-sha256").and_then(|hash| hash.to_str().ok()) {
        Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER") => Body::http_body_unsync(Chunked::new(body, false)),
        Some(hash) if hash.starts_with("STREAMING-") => Body::http_body_unsync(Chunked::new(body, true)),
        _ => Body::http_body_unsync(body),
    }
}

/// What the library would let through and AWS does not: requests signed with version 2 in their headers, which AWS
/// takes for no bucket made since 2020, and URLs that are good for longer than a week.
fn refusal(head: &Parts) -> Option<S3Error> {
    if head.headers.get(AUTHORIZATION).is_some_and(|value| value.as_bytes().starts_with(b"AWS ")) {
        let message =
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
        return Some(S3Error::with_message(S3ErrorCode::InvalidRequest, message));
    }
    let lasts_s = head.uri.query()?.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Expires="))?;
    if lasts_s.parse::<u64>().is_ok_and(|lasts_s| lasts_s <= MAX_PRESIGNED_S) {
        return None;
    }
    let message = "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
                   than 604800 seconds";
    Some(error::bad_request("AuthorizationQueryParametersError", message))
}

impl hyper::service::Service<Request<RequestBody>> for Endpoint {
    type Response = Response<Body>;
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, HttpError>> + Send>>;

    fn call(&self, request: Request<RequestBody>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

fn preflight(request: &Request<RequestBody>, is_allowed: bool) -> Result<Response<Body>, HttpError> {
    if !is_allowed {
        let refusal = "CORSResponse: This CORS request is not allowed.";
        return error::response(S3ErrorCode::AccessDenied, refusal);
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::OK;
    cors::grant_preflight(request.headers(), response.headers_mut());
    Ok(response)
}

/// A random name for an answer, to find it in a log by. Without randomness an answer has none.
fn request_id() -> Option<HeaderValue> {
    let id = getrandom::u64().ok()?;
    HeaderValue::from_str(&format!("{id:016X}")).ok()
}

/// The one key there is.
struct OneKey {
    access_key: String,
    secret_key: SecretKey,
}

#[async_trait::async_trait]
impl S3Auth for OneKey {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.access_key {
            return Ok(self.secret_key.clone());
        }
        let message = "The AWS Access Key Id you provided does not exist in our records.";
        Err(S3Error::with_message(S3ErrorCode::InvalidAccessKeyId, message))
    }
}
