//! The document of a request, held against the hashes that were announced of it.
//!
//! The protocol library reads documents by itself and looks at no `Content-MD5` and no checksum of them. A list of what is to
//! be deleted is one that must not be acted on when it was damaged on its way.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use http::Method;
use http::request::Parts;
use hyper::body::{Body, Frame, SizeHint};
use s3s::{S3Error, S3Result, StdError};

use super::body::SharedBody;
use super::error::from_store;
use super::receive::Announced;
use crate::store::{Algorithm, Checksums, Expectations, Hasher};

/// A body that fails at its end if it is not what it was announced to be.
pub(super) struct Verified {
    body: SharedBody,
    hasher: Option<Hasher>,
    bytes: u64,
    expectations: Expectations,
    refusal: Refusal,
}

/// Why a body was refused, once it was.
#[derive(Clone, Default)]
pub(super) struct Refusal(Arc<Mutex<Option<S3Error>>>);

impl Refusal {
    /// What is to be answered in place of what the library makes of a body that broke off.
    pub(super) fn take(&self) -> Option<S3Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, error: S3Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl Verified {
    /// None if the request has no such document, or nothing is announced of it.
    pub(super) fn new(head: &Parts, body: &SharedBody) -> S3Result<Option<(Self, Refusal)>> {
        let is_deletion = || {
            let mut names = head.uri.query().unwrap_or_default().split('&');
            names.any(|pair| pair == "delete" || pair.starts_with("delete="))
        };
        if head.method != Method::POST || !is_deletion() {
            return Ok(None);
        }
        let value = |name: &str| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
        if value("x-amz-content-sha256").is_some_and(|hash| hash.starts_with("STREAMING-")) {
            // No client sends a document in chunks.
            return Ok(None);
        }
        let sum = |algorithm: Algorithm| Some((algorithm, value(algorithm.header())?));
        let checksums: Checksums = Algorithm::ALL.into_iter().filter_map(sum).collect();
        let announced = Announced::new(None, value("content-md5"), checksums, &head.headers)?;
        let expectations = Expectations { length: None, ..announced.expectations };
        if expectations.md5.is_none() && expectations.checksums.is_empty() {
            return Ok(None);
        }
        let wanted: Vec<Algorithm> = expectations.checksums.keys().copied().collect();
        let (hasher, refusal) = (Some(Hasher::new(&wanted)), Refusal::default());
        let this = Self { body: body.clone(), hasher, bytes: 0, expectations, refusal: refusal.clone() };
        Ok(Some((this, refusal)))
    }

    /// At the end of the body.
    fn check(&mut self) -> Result<(), StdError> {
        let Some((md5, checksums)) = self.hasher.take().map(Hasher::finish) else { return Ok(()) };
        self.expectations.check(self.bytes, md5, &checksums).map_err(|error| {
            self.refusal.set(from_store(error));
            StdError::from("not what was announced")
        })
    }
}

impl Body for Verified {
    type Data = bytes::Bytes;
    type Error = StdError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, StdError>>> {
        match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => {
                if let (Some(data), this) = (frame.data_ref(), &mut *self)
                    && let Some(hasher) = &mut this.hasher
                {
                    hasher.update(data);
                    this.bytes += data.len() as u64;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => Poll::Ready(Some(Err(error.into()))),
            None => Poll::Ready(self.check().err().map(Err)),
        }
    }

    /// Never known in advance: whoever believed it would not ask for the end, where it is looked at.
    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
