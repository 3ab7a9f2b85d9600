//! The pages that API Gateway holds for a function: a table knows their connections, and the management API of the
//! WebSocket API posts to each.
//!
//! Sources: Amazon DynamoDB API reference (`PutItem`, `DeleteItem`, `Scan`; JSON 1.0), API Gateway developer guide
//! ("Use @connections commands in your backend service"), Signature Version 4.
//!
//! Four calls of two services do not carry an SDK of several megabytes into a function that starts cold: they are
//! JSON over HTTP, signed by the library that signs for the SDKs.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use thiserror::Error;

use crate::{Announce, Event};

/// API Gateway ends every connection after two hours; an entry is not needed for longer.
pub const CONNECTION_LIFETIME: Duration = Duration::from_hours(2);

/// How many pages are posted to at once.
const PARALLEL_POSTS: usize = 50;

/// Longer than either service takes when it is well.
const CALL_TIME: Duration = Duration::from_secs(3);

/// Where table and connections are.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// The region of both.
    pub region: String,
    /// The table: `connection_id` (text) is its key, `expires_at` (seconds since 1970) has entries removed.
    pub table: String,
    /// Where `DynamoDB` is, without a slash at the end.
    pub dynamodb: String,
    /// Where the connections are: `https://{api}.execute-api.{region}.amazonaws.com/{stage}`.
    pub connections: String,
}

impl GatewaySettings {
    /// Reads `LIVE_TABLE` and `LIVE_ENDPOINT`; `None` unless both are set. `AWS_ENDPOINT_URL_DYNAMODB` names another
    /// database than that of the region.
    #[must_use]
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>, region: &str) -> Option<Self> {
        Some(Self {
            region: region.to_owned(),
            table: lookup("LIVE_TABLE")?,
            dynamodb: lookup("AWS_ENDPOINT_URL_DYNAMODB")
                .unwrap_or_else(|| format!("https://dynamodb.{region}.amazonaws.com")),
            connections: lookup("LIVE_ENDPOINT")?,
        })
    }
}

/// A call that did not do what was asked.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// The request cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The request cannot be made.
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// The service cannot be reached.
    #[error(transparent)]
    Connector(#[from] ConnectorError),
    /// It took too long.
    #[error("no answer in {} s", CALL_TIME.as_secs())]
    Late,
    /// The service refused.
    #[error("status {status}: {body}")]
    Status {
        /// What it answered.
        status: u16,
        /// With which words.
        body: String,
    },
}

/// Tells the pages that API Gateway holds.
#[derive(Clone)]
pub struct Gateway {
    settings: GatewaySettings,
    credentials: SharedCredentialsProvider,
    http: SharedHttpConnector,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Gateway {
    /// A gateway that is reached through `http`.
    #[must_use]
    pub fn new(settings: GatewaySettings, credentials: SharedCredentialsProvider, http: Connector) -> Self {
        Self { settings, credentials, http: SharedHttpConnector::new(http) }
    }

    /// Remembers a connection.
    pub async fn connected(&self, connection: &str) -> Result<(), GatewayError> {
        let end = SystemTime::now() + CONNECTION_LIFETIME;
        let end_unix_s = end.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let item =
            json!({ "connection_id": { "S": connection }, "expires_at": { "N": end_unix_s.to_string() } });
        self.table("PutItem", json!({ "Item": item })).await.map(drop)
    }

    /// Forgets a connection; one that is not known is none already.
    pub async fn disconnected(&self, connection: &str) -> Result<(), GatewayError> {
        self.table("DeleteItem", json!({ "Key": { "connection_id": { "S": connection } } })).await.map(drop)
    }

    async fn announce_to_all(&self, text: &str) -> Result<(), GatewayError> {
        let mut start = Value::Null;
        loop {
            let mut query = json!({ "ProjectionExpression": "connection_id" });
            if !start.is_null() {
                query["ExclusiveStartKey"] = start;
            }
            let mut page = self.table("Scan", query).await?;
            let ids = page["Items"].as_array().into_iter().flatten();
            let ids: Vec<String> =
                ids.filter_map(|item| Some(item["connection_id"]["S"].as_str()?.to_owned())).collect();
            stream::iter(ids).for_each_concurrent(PARALLEL_POSTS, |id| self.tell(id, text)).await;
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                return Ok(());
            }
        }
    }

    /// Posts to one page. One that is gone is forgotten; what else goes wrong concerns no other.
    async fn tell(&self, connection: String, text: &str) {
        let id = utf8_percent_encode(&connection, NON_ALPHANUMERIC);
        let url = format!("{}/@connections/{id}", self.settings.connections);
        let told = match self.call("execute-api", &url, None, text.to_owned()).await {
            Err(GatewayError::Status { status: 410, .. }) => self.disconnected(&connection).await,
            told => told.map(drop),
        };
        if let Err(error) = told {
            tracing::warn!(connection, %error, "a page could not be told");
        }
    }

    async fn table(&self, operation: &str, mut body: Value) -> Result<Value, GatewayError> {
        body["TableName"] = json!(self.settings.table);
        let url = format!("{}/", self.settings.dynamodb);
        let target = format!("DynamoDB_20120810.{operation}");
        let answer = self.call("dynamodb", &url, Some(&target), body.to_string()).await?;
        serde_json::from_slice(&answer).map_err(|error| GatewayError::Request(error.to_string()))
    }

    /// One signed call; the answer's body if it is a success.
    async fn call(
        &self,
        service: &str,
        url: &str,
        target: Option<&str>,
        body: String,
    ) -> Result<Vec<u8>, GatewayError> {
        let unusable = |error: &dyn fmt::Display| GatewayError::Request(error.to_string());
        let mut request = http::Request::post(url);
        if let Some(target) = target {
            request =
                request.header("content-type", "application/x-amz-json-1.0").header("x-amz-target", target);
        }
        let mut request = request.body(SdkBody::from(body.as_str())).map_err(|error| unusable(&error))?;
        let identity = self.credentials.provide_credentials().await?.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.settings.region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| unusable(&error))?
            .into();
        let headers =
            request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new("POST", url, headers, SignableBody::Bytes(body.as_bytes()))?;
        let (instructions, _signature) = sign(signable, &params)?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        let request = HttpRequest::try_from(request).map_err(|error| unusable(&error))?;
        let exchange = async {
            let answer = self.http.call(request).await?;
            let status = answer.status();
            let body =
                ByteStream::new(answer.into_body()).collect().await.map_err(|error| unusable(&error))?;
            Ok::<_, GatewayError>((status, body.to_vec()))
        };
        let (status, body) =
            tokio::time::timeout(CALL_TIME, exchange).await.map_err(|_| GatewayError::Late)??;
        if status.is_success() {
            return Ok(body);
        }
        Err(GatewayError::Status {
            status: status.as_u16(),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

impl Announce for Gateway {
    fn announce(&self, event: Event) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let text = serde_json::to_string(&event.message(None)).unwrap_or_default();
            if let Err(error) = self.announce_to_all(&text).await {
                tracing::error!(%error, "pages could not be told");
            }
        })
    }
}
