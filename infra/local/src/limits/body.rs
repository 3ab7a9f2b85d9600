//! The body of a request, given up when it arrives too slowly.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use thiserror::Error;
use tokio::time::{Instant, Sleep, sleep_until};

use super::Pace;

/// Why the rest of a body will not come.
#[derive(Debug, Error)]
pub enum BodyError {
    /// The client waited too long.
    #[error("the request's body arrived too slowly")]
    TooSlow,
    /// The connection broke, or what came was no HTTP.
    #[error("the request's body broke off: {0}")]
    Broken(#[from] hyper::Error),
}

/// A request's body that fails with [`BodyError::TooSlow`] when the client falls behind its [`Pace`].
///
/// Only time spent waiting for the client counts, not the time that we take with what has come.
#[derive(Debug)]
pub struct RequestBody<B = Incoming> {
    inner: B,
    pace: Pace,
    /// Bytes and waiting since the pace was last kept.
    received_bytes: u64,
    waited: Duration,
    /// Since when is being waited now.
    since: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
    is_over: bool,
}

impl<B> RequestBody<B> {
    /// A body as it comes from the connection.
    pub fn new(inner: B, pace: Pace) -> Self {
        Self {
            inner,
            pace,
            received_bytes: 0,
            waited: Duration::ZERO,
            since: None,
            alarm: None,
            is_over: false,
        }
    }

    fn received(&mut self, bytes: u64) {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        self.alarm = None;
        self.received_bytes += bytes;
        if self.received_bytes >= self.pace.bytes {
            self.received_bytes = 0;
            self.waited = Duration::ZERO;
        }
    }

    /// Ready when the client has fallen behind.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        let end = since + self.pace.within.saturating_sub(self.waited);
        self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end))).as_mut().poll(cx)
    }
}

impl<B: Body<Data = Bytes, Error = hyper::Error> + Unpin> Body for RequestBody<B> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.received(frame.data_ref().map_or(0, |data| data.len() as u64));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.is_over = true;
                Poll::Ready(Some(Err(error.into())))
            }
            Poll::Ready(None) => {
                self.is_over = true;
                Poll::Ready(None)
            }
            Poll::Pending => self.poll_patience(cx).map(|()| {
                self.is_over = true;
                Some(Err(BodyError::TooSlow))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_over || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures::channel::mpsc;
    use http_body_util::{BodyExt, StreamBody};
    use tokio::time::sleep;

    use super::*;

    const PACE: Pace = Pace { within: Duration::from_secs(30), bytes: 1000 };

    type Sender = mpsc::UnboundedSender<Result<Frame<Bytes>, hyper::Error>>;

    fn body() -> (Sender, RequestBody<impl Body<Data = Bytes, Error = hyper::Error> + Unpin>) {
        let (sender, receiver) = mpsc::unbounded();
        (sender, RequestBody::new(StreamBody::new(receiver), PACE))
    }

    fn send(sender: &Sender, bytes: usize) -> bool {
        sender.unbounded_send(Ok(Frame::data(Bytes::from(vec![0; bytes])))).is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_sends_a_byte_now_and_then_is_given_up() {
        let (sender, mut body) = body();
        tokio::spawn(async move {
            while send(&sender, 1) {
                sleep(Duration::from_secs(5)).await;
            }
        });
        let start = Instant::now();
        let error = loop {
            match body.frame().await.unwrap() {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(error, BodyError::TooSlow), "{error}");
        assert_eq!(start.elapsed().as_secs(), 30);
        assert!(body.frame().await.is_none(), "it is over");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_and_steady_one_is_heard_out_for_hours() {
        let (sender, body) = body();
        tokio::spawn(async move {
            for _ in 0..1000 {
                sleep(Duration::from_secs(29)).await;
                assert!(send(&sender, 1000));
            }
        });
        assert_eq!(body.collect().await.unwrap().to_bytes().len(), 1_000_000);
    }

    #[tokio::test(start_paused = true)]
    async fn our_own_slowness_is_not_held_against_the_client() {
        let (sender, mut body) = body();
        for _ in 0..10 {
            assert!(send(&sender, 1));
        }
        drop(sender);
        while let Some(frame) = body.frame().await {
            assert!(frame.is_ok());
            sleep(Duration::from_mins(1)).await;
        }
    }
}
