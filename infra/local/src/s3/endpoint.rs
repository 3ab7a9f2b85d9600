//! What stands between a connection and the protocol library.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::header::{CONTENT_TYPE, EXPECT, HOST};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use s3s::auth::{S3Auth, SecretKey};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, S3Error, S3ErrorCode, S3Result};

use super::body::SharedBody;
use super::cors::{self, AllowedOrigins};
use super::operations::Operations;
use super::{S3Settings, error, form};
use crate::server::RequestBody;
use crate::store::Store;

/// How far a client's clock may be off, seconds, as on AWS.
const MAX_SKEW_S: u32 = 15 * 60;

/// A form is judged by its policy's expiry; its date only says which key signed it, which is valid for a week.
const MAX_POLICY_AGE_S: u32 = 7 * 24 * 60 * 60;

/// A posted file is gathered in memory while its policy is judged, so it has a limit of its own, bytes.
const MAX_POST_BYTES: u64 = 256 << 20;

/// The S3 endpoint as a service of hyper. Cheap to clone.
#[derive(Clone)]
pub struct Endpoint {
    requests: S3Service,
    forms: S3Service,
    origins: Arc<AllowedOrigins>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl Endpoint {
    pub(super) fn new(store: &Store, settings: S3Settings) -> Self {
        let build = |max_skew_s| {
            let mut builder = S3ServiceBuilder::new(Operations::new(store.clone()));
            builder.set_auth(OneKey {
                access_key: settings.access_key.clone(),
                secret_key: settings.secret_key.clone().into(),
            });
            let mut config = S3Config::default();
            config.post_object_max_file_size = MAX_POST_BYTES;
            config.form_max_field_size = 20 << 10;
            config.form_max_fields_size = 1 << 20;
            config.form_max_parts = 100;
            config.presigned_url_max_skew_time_secs = max_skew_s;
            builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
            builder.build()
        };
        Self {
            requests: build(MAX_SKEW_S),
            forms: build(MAX_POLICY_AGE_S),
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
        let is_form = request.method() == Method::POST
            && request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
                kind.as_bytes()
                    .get(..19)
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/form-data"))
            });
        // Who asks before sending is told before sending.
        let is_to_be_drained = !request.headers().contains_key(EXPECT);
        let host = request.headers().get(HOST).cloned();
        let (head, incoming) = request.into_parts();
        let shared = SharedBody::new(incoming);
        let request = Request::from_parts(head, Body::http_body_unsync(shared.clone()));
        let service = if is_form { &self.forms } else { &self.requests };
        let response = service.call(request).await?;
        if is_to_be_drained && !response.status().is_success() {
            shared.drain().await;
        }
        if is_form { form::as_aws_answers(response, host.as_ref()) } else { Ok(response) }
    }
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
