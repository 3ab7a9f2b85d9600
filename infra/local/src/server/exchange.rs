//! One request and its answer: who asks, how long it takes, and the line in the log.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use http::header::LOCATION;
use http::{HeaderName, Method, Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;
use tracing::Level;

use super::{BoxError, RequestBody, Shared};

/// Under which names answers carry the id of their request.
const REQUEST_IDS: [HeaderName; 2] =
    [HeaderName::from_static("x-request-id"), HeaderName::from_static("x-amz-request-id")];

/// A service that tells its inner one who asks, and counts and logs what it answers.
pub(super) struct Exchange<S> {
    pub(super) service: S,
    pub(super) shared: Arc<Shared>,
    pub(super) peer: IpAddr,
}

impl<S, B> Service<Request<Incoming>> for Exchange<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (service, shared) = (self.service.clone(), Arc::clone(&self.shared));
        let options = &shared.options;
        let client = options.proxies.client(self.peer, options.tls.is_some(), request.headers());
        if request.headers().contains_key("x-forwarded-for")
            && !options.proxies.trust(self.peer)
            && !shared.has_met_stranger.swap(true, Ordering::Relaxed)
        {
            let hint = "its clients count as one; if it is a proxy of yours, name it with --trust-proxy";
            tracing::warn!(listener = options.name, peer = %self.peer, hint, "X-Forwarded-For is not believed");
        }
        let pace = options.limits.body_pace;
        let mut request = request.map(|body| RequestBody::new(body, pace));
        request.extensions_mut().insert(client);
        Box::pin(async move {
            let start = Instant::now();
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let route = (shared.route)(request.uri());
            let answer = service.call(request).await.map_err(Into::into);
            let listener = shared.options.name;
            match &answer {
                Ok(answer) => {
                    let took = start.elapsed();
                    shared.options.metrics.answered(listener, route, &method, answer.status(), took);
                    log(listener, &method, &path, client.address, answer, took.as_millis());
                }
                Err(error) => tracing::error!(listener, %method, path, error, "a request has no answer"),
            }
            answer
        })
    }
}

/// Failures of ours are told as warnings, changes as information, and what was only looked at for who asks.
fn log<B>(listener: &str, method: &Method, path: &str, client: IpAddr, answer: &Response<B>, took_ms: u128) {
    let status = answer.status().as_u16();
    let header = |name: &HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let id = REQUEST_IDS.iter().find_map(header);
    // Where a posted form's object went: its key has the image's id in it.
    let location = header(&LOCATION);
    macro_rules! line {
        ($level:expr) => {
            tracing::event!($level, listener, id, %method, path, location, %client, status, took_ms, "answered")
        };
    }
    match (status, method) {
        (500.., _) => line!(Level::WARN),
        (_, &Method::GET | &Method::HEAD | &Method::OPTIONS) => line!(Level::DEBUG),
        _ if listener == "internal" => line!(Level::DEBUG),
        _ => line!(Level::INFO),
    }
}
