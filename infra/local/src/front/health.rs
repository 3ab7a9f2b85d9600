//! Before the API says that it is well, the store shows that it can be written and read.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use edge_api::problem;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use wire::{Code, Problem};

use crate::store::Store;

/// A store that takes longer is as good as gone.
const LIMIT: Duration = Duration::from_secs(3);

/// Whoever asks sooner gets the same answer: each try writes to the disk.
const KEPT: Duration = Duration::from_secs(1);

/// What is written: a block of the disk.
const PROBE: [u8; 4096] = [0; 4096];

/// The last that the store has shown. A clone is another handle on the same.
#[derive(Clone, Debug)]
pub(super) struct Health {
    store: Store,
    last: Arc<Mutex<Option<Shown>>>,
}

/// When was tried, and what came of it.
type Shown = (Instant, Result<(), String>);

impl Health {
    pub(super) fn new(store: Store) -> Self {
        Self { store, last: Arc::default() }
    }

    async fn check(&self) -> Result<(), String> {
        let mut last = self.last.lock().await;
        if let Some((at, shown)) = &*last
            && at.elapsed() < KEPT
        {
            return shown.clone();
        }
        let shown = match timeout(LIMIT, self.try_out()).await {
            Ok(shown) => shown,
            Err(_elapsed) => Err("it does not answer".to_owned()),
        };
        if let Err(reason) = &shown {
            tracing::error!(reason, "the store fails");
        }
        *last = Some((Instant::now(), shown.clone()));
        shown
    }

    /// Receives a body as an upload is received, without making it an object, and reads the index.
    async fn try_out(&self) -> Result<(), String> {
        let body = futures::stream::iter([Ok::<_, Infallible>(Bytes::from_static(&PROBE))]);
        self.store.stage(body, &[]).await.map_err(|error| error.to_string())?;
        self.store.object_count().await.map(drop).map_err(|error| error.to_string())
    }
}

/// Answers 503 to `/api/health` if the store fails; everything else is let through.
pub(super) async fn before(State(health): State<Health>, request: Request, next: Next) -> Response {
    if request.uri().path() != "/api/health" || health.check().await.is_ok() {
        return next.run(request).await;
    }
    problem::answer(Problem::new(Code::Unavailable, "The store cannot be written or read."))
}
