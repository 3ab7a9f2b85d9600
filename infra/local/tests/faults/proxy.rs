//! A way to S3 that is as bad as any: it stands between the processor and the endpoint.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::stream::{self, StreamExt};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// 500, and nothing was done.
    ServerError,
    /// 503 `SlowDown`, and nothing was done.
    SlowDown,
    /// Nothing is answered.
    Silence,
    /// The connection is cut before the request is passed on.
    CutBefore,
    /// The request is done, and the connection cut before it is answered.
    CutAfter,
    /// Half of the answer comes, then the connection is cut.
    CutWithin,
    /// Half of the answer comes, then nothing.
    StallWithin,
    /// A status and a code of S3's.
    Refusal(u16, &'static str),
    /// The answer names another SHA-256 than the object's.
    Forgery,
}

const ALL: [Fault; 7] = [
    Fault::ServerError,
    Fault::SlowDown,
    Fault::Silence,
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::CutWithin,
    Fault::StallWithin,
];

/// What goes wrong when.
pub enum Plan {
    /// So many of a thousand requests, in every way of [`ALL`], the same on every run.
    PerMille(u64),
    /// What this says of a request.
    Script(Script),
}

/// What goes wrong with a request.
pub type Script = Box<dyn Fn(&Parts) -> Option<Fault> + Send + Sync>;

/// A running proxy; a clone is another handle on the same.
#[derive(Clone)]
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    upstream: String,
    client: reqwest::Client,
    plan: Plan,
    random: AtomicU64,
    injected: Mutex<BTreeMap<Fault, u64>>,
    requests: Mutex<Vec<String>>,
}

impl Proxy {
    /// Passes requests on to `upstream`, but for those of which `plan` says otherwise.
    pub async fn start(upstream: SocketAddr, plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            upstream: format!("http://{upstream}"),
            client: reqwest::Client::new(),
            plan,
            random: AtomicU64::new(0),
            injected: Mutex::default(),
            requests: Mutex::default(),
        });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                let service = service_fn(move |request| answer(state.clone(), request));
                let connection = hyper::server::conn::http1::Builder::new();
                // A connection that is cut on purpose ends with an error.
                tokio::spawn(async move {
                    drop(connection.serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        Self { address, state }
    }

    /// Method and path of each request that came.
    pub fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }

    /// How often each went wrong.
    pub fn injected(&self) -> BTreeMap<Fault, u64> {
        self.state.injected.lock().unwrap().clone()
    }
}

impl State {
    fn fault(&self, request: &Parts) -> Option<Fault> {
        let fault = match &self.plan {
            Plan::PerMille(per_mille) => self.random_fault(*per_mille),
            Plan::Script(script) => script(request),
        }?;
        *self.injected.lock().unwrap().entry(fault).or_default() += 1;
        Some(fault)
    }

    fn random_fault(&self, per_mille: u64) -> Option<Fault> {
        let mut x = self.random.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^= x >> 31;
        (x % 1000 < per_mille).then(|| ALL[usize::try_from(x / 1000 % 7).unwrap()])
    }
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let cut = || io::Error::other("cut on purpose");
    let (head, body) = request.into_parts();
    state.requests.lock().unwrap().push(format!("{} {}", head.method, head.uri.path()));
    let fault = state.fault(&head);
    match fault {
        Some(Fault::Refusal(status, code)) => {
            return Ok(refusal(StatusCode::from_u16(status).unwrap(), code));
        }
        Some(Fault::ServerError) => return Ok(refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")),
        Some(Fault::SlowDown) => return Ok(refusal(StatusCode::SERVICE_UNAVAILABLE, "SlowDown")),
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::CutBefore) => return Err(cut()),
        _ => {}
    }
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let passed_on = state
        .client
        .request(head.method, format!("{}{}", state.upstream, head.uri))
        .headers(head.headers)
        .body(body)
        .send();
    let answer = passed_on.await.map_err(io::Error::other)?;
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    if fault == Some(Fault::Forgery) {
        let digest = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        headers.insert("x-amz-checksum-sha256", digest.parse().unwrap());
    }
    let body = answer.bytes().await.map_err(io::Error::other)?;
    let half = body.slice(..body.len() / 2);
    let body: Body = match fault {
        Some(Fault::CutAfter) => return Err(cut()),
        Some(Fault::CutWithin) => part(half, stream::once(async move { Err(cut()) })),
        Some(Fault::StallWithin) => part(half, stream::pending()),
        _ => Full::new(body).map_err(|never: Infallible| match never {}).boxed_unsync(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// Some bytes, and how it ends then.
fn part(bytes: Bytes, end: impl stream::Stream<Item = io::Result<Frame<Bytes>>> + Send + 'static) -> Body {
    let first = stream::once(async move { Ok(Frame::data(bytes)) });
    StreamBody::new(first.chain(end)).boxed_unsync()
}

fn refusal(status: StatusCode, code: &str) -> Response<Body> {
    let xml =
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>on purpose</Message></Error>");
    let body = Full::new(Bytes::from(xml)).map_err(|never: Infallible| match never {}).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
