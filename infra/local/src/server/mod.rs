//! Connections: the one loop that both ports accept them in, with TLS, trusted proxies and limits.
//!
//! In reading order: [`client`] says who a request comes from, [`tls`] encrypts, `exchange` surrounds each request
//! with what is measured and logged of it.

pub mod client;
mod exchange;
pub mod tls;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::{Request, Response, Uri};
use http_body::Body;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

pub use self::client::{Client, TrustedProxies};
use self::exchange::Exchange;
pub use self::tls::{Tls, TlsError, TlsFiles};
use crate::limits::Limits;
pub use crate::limits::body::{BodyError, RequestBody};
use crate::limits::connections::Connections;
use crate::limits::stall::StallGuard;
use crate::metrics::Metrics;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How connections are taken.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the listener is called in logs and metrics.
    pub name: &'static str,
    /// What clients may take.
    pub limits: Limits,
    /// Whose word about the client is believed.
    pub proxies: TrustedProxies,
    /// Encrypts, if set.
    pub tls: Option<Tls>,
    /// Where is counted.
    pub metrics: Metrics,
}

impl Options {
    /// Without TLS and proxies.
    #[must_use]
    pub fn plain(name: &'static str) -> Self {
        Self {
            name,
            limits: Limits::default(),
            proxies: TrustedProxies::default(),
            tls: None,
            metrics: Metrics::default(),
        }
    }
}

/// What every connection of a listener shares.
struct Shared {
    options: Options,
    route: fn(&Uri) -> &'static str,
    /// Something between us and the clients says whom it speaks for, and is not trusted: told once.
    has_met_stranger: AtomicBool,
}

/// Serves until `stop` completes; then accepts no more, finishes the requests under way and returns.
///
/// `route` names what an address is about, out of a small number of names.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    options: Options,
    route: fn(&Uri) -> &'static str,
    stop: impl Future<Output = ()>,
) where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Error: Into<BoxError>, Data: Send> + Send + 'static,
{
    // Each connection holds a receiver for as long as it lasts.
    let (graceful, _) = watch::channel(false);
    let connections = Connections::new(options.limits.connections, options.limits.connections_per_address);
    let shared = Arc::new(Shared { options, route, has_met_stranger: AtomicBool::new(false) });
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let (stream, address, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely too many open files: some will close.
                tracing::warn!(listener = shared.options.name, %error, "a connection could not be accepted");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let peer = address.ip().to_canonical();
        let exempt = peer.is_loopback() || shared.options.proxies.trust(peer);
        let Some(place) = connections.take(permit, peer, exempt) else {
            shared.options.metrics.refused(shared.options.name, "connections");
            tracing::debug!(listener = shared.options.name, %peer, "too many connections from one address");
            continue;
        };
        let (shared, service, stopping) = (Arc::clone(&shared), service.clone(), graceful.subscribe());
        tokio::spawn(async move {
            let open = shared.options.metrics.open_connection(shared.options.name);
            if let Err(error) = connection(stream, peer, service, &shared, stopping).await {
                tracing::debug!(listener = shared.options.name, %peer, error, "a connection broke");
            }
            drop((open, place));
        });
    }
    drop(listener);
    graceful.send_replace(true);
    let drain_time = shared.options.limits.drain_time;
    if timeout(drain_time, graceful.closed()).await.is_err() {
        let listener = shared.options.name;
        tracing::warn!(listener, limit_s = drain_time.as_secs(), "requests were cut off");
    }
}

type Accepted = (TcpStream, std::net::SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, connections: &Connections) -> io::Result<Accepted> {
    let permit = connections.free().await.ok_or(io::ErrorKind::NotConnected)?;
    let (stream, address) = listener.accept().await?;
    Ok((stream, address, permit))
}

async fn connection<S, B>(
    stream: TcpStream,
    peer: std::net::IpAddr,
    service: S,
    shared: &Arc<Shared>,
    stopping: watch::Receiver<bool>,
) -> Result<(), BoxError>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Error: Into<BoxError>, Data: Send> + Send + 'static,
{
    let limits = &shared.options.limits;
    // An answer is written in one go; waiting for more would only delay it.
    stream.set_nodelay(true)?;
    let stream = StallGuard::new(stream, limits.write_time);
    let exchange = Exchange { service, shared: Arc::clone(shared), peer };
    match &shared.options.tls {
        None => speak(stream, exchange, limits, stopping).await,
        Some(tls) => {
            let stream = timeout(limits.handshake_time, tls.acceptor().accept(stream)).await??;
            speak(stream, exchange, limits, stopping).await
        }
    }
}

async fn speak<S, B>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    exchange: Exchange<S>,
    limits: &Limits,
    mut stopping: watch::Receiver<bool>,
) -> Result<(), BoxError>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: Body<Error: Into<BoxError>, Data: Send> + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_bytes)
        .max_headers(limits.headers)
        .max_buf_size(limits.buffer_bytes)
        .serve_connection(TokioIo::new(stream), exchange)
        // A WebSocket begins as a request.
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return Ok(ended?),
        // An error means that the loop is gone, which says the same.
        _ = stopping.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    Ok(connection.await?)
}
