//! The side of the running system.

use std::io;
use std::path::Path;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::answer::answer;
use super::socket::Place;
use super::{Answer, Request};
use crate::store::Store;

/// The longest request, bytes.
const MAX_REQUEST_BYTES: u64 = 1 << 20;

/// Listens in a data directory.
pub struct Listener {
    inner: UnixListener,
    place: Place,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

impl Listener {
    /// Listens in `data`. To be called by the process that has the store open: a socket that is there is one that a
    /// crash has left.
    pub fn bind(data: &Path) -> io::Result<Self> {
        let place = Place::make(data)?;
        let path = place.path();
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Self { inner: UnixListener::bind(path)?, place })
    }

    /// Answers until `stop` completes. Then nothing of it holds the store any longer.
    pub async fn serve(self, store: Store, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut stop => break,
                Some(_) = connections.join_next() => continue,
                accepted = self.inner.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let store = store.clone();
                    connections.spawn(async move {
                        if let Err(error) = converse(&store, stream).await {
                            tracing::warn!(%error, "an operator's connection broke");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "an operator's connection could not be accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
        // The next to come learns at once that nobody listens.
        drop(std::fs::remove_file(self.place.path()));
        connections.shutdown().await;
    }
}

async fn converse(store: &Store, mut stream: UnixStream) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader.take(MAX_REQUEST_BYTES));
    let mut line = String::new();
    // A snapshot keeps what it names for as long as whoever asked for it stays.
    let mut _kept = None;
    while reader.read_line(&mut line).await? > 0 {
        let reply;
        (reply, _kept) = match serde_json::from_str::<Request>(&line) {
            Ok(request) => answer(store, request).await,
            Err(error) => (Answer::Failed(format!("not understood: {error}")), None),
        };
        let mut reply = serde_json::to_vec(&reply)?;
        reply.push(b'\n');
        writer.write_all(&reply).await?;
        line.clear();
        reader.get_mut().set_limit(MAX_REQUEST_BYTES);
    }
    Ok(())
}
