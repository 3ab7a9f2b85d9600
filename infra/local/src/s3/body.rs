//! The body of a request, shared between who handles it and who clears up after a refusal.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::timeout;

use crate::server::{BodyError, RequestBody};

/// The largest piece handed on. A connection's buffer grows beyond that, and who gathers pieces counts in them.
const MAX_PIECE_BYTES: usize = 32 << 10;

/// How long a refused client is listened to.
const DRAIN_TIME: Duration = Duration::from_secs(30);

/// A request's body in pieces. A clone is another handle on the same one.
#[derive(Clone, Debug)]
pub(super) struct SharedBody(Arc<Mutex<Pieces>>);

#[derive(Debug)]
struct Pieces {
    incoming: RequestBody,
    rest: Bytes,
}

impl SharedBody {
    pub(super) fn new(incoming: RequestBody) -> Self {
        Self(Arc::new(Mutex::new(Pieces { incoming, rest: Bytes::new() })))
    }

    /// Reads what is left and forgets it. A browser that is still sending when the connection closes shows a
    /// network failure instead of the answer; one that may finish sees why it was refused.
    pub(super) async fn drain(mut self) {
        let read_all = async { while let Some(Ok(_)) = self.frame().await {} };
        // One that sends for longer than this does not get its answer.
        let _ = timeout(DRAIN_TIME, read_all).await;
    }
}

impl Body for SharedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pieces.rest.is_empty() {
            match ready!(Pin::new(&mut pieces.incoming).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => pieces.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                other => return Poll::Ready(other),
            }
        }
        let length = pieces.rest.len().min(MAX_PIECE_BYTES);
        Poll::Ready(Some(Ok(Frame::data(pieces.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.rest.is_empty() && pieces.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (hint, rest) = (pieces.incoming.size_hint(), pieces.rest.len() as u64);
        let mut sum = SizeHint::new();
        if let Some(upper) = hint.upper() {
            sum.set_upper(upper + rest);
        }
        sum.set_lower(hint.lower() + rest);
        sum
    }
}
