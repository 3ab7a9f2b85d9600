//! Bodies in the chunks of AWS (`aws-chunked`), made fit for the protocol library, which gathers a chunk in memory.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>
//!
//! Some clients send a whole body as one chunk. Where chunks are not signed a large one is cut into small ones; one
//! that is signed must be whole to be verified, and is refused when it is too large.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use hyper::body::{Body, Frame};
use s3s::StdError;

use super::body::SharedBody;

/// The longest line before a chunk: its size, and its signature of 64 digits.
const MAX_LINE_BYTES: usize = 1 << 10;

/// The largest signed chunk, bytes. Clients send 64 KiB to 1 MiB.
pub(super) const MAX_SIGNED_CHUNK_BYTES: u64 = 16 << 20;

/// What a body's error says when a signed chunk is too large.
pub(super) const TOO_LARGE: &str = "signed chunk too large";

/// A body in chunks, on its way.
pub(super) struct Chunked {
    body: SharedBody,
    is_signed: bool,
    state: State,
    rest: Bytes,
    line: BytesMut,
    ready: VecDeque<Bytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In the line before a chunk.
    Line,
    /// In a chunk of which so many bytes are to come.
    Data(u64),
    /// In the two bytes after a chunk, of which so many are to come.
    End(u8),
    /// After the last chunk.
    Trailers,
}

impl Chunked {
    pub(super) fn new(body: SharedBody, is_signed: bool) -> Self {
        let (rest, line, ready) = (Bytes::new(), BytesMut::new(), VecDeque::new());
        Self { body, is_signed, state: State::Line, rest, line, ready }
    }

    /// Takes on as much of the rest as belongs together.
    fn step(&mut self) -> Result<(), StdError> {
        match self.state {
            State::Line => {
                let end =
                    self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |at| at + 1);
                self.line.extend_from_slice(&self.rest.split_to(end));
                if self.line.len() > MAX_LINE_BYTES {
                    return Err("the line before a chunk is too long".into());
                }
                if self.line.ends_with(b"\n") {
                    self.begin_chunk()?;
                }
            }
            State::Data(left) => {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(self.rest.len());
                let piece = self.rest.split_to(here);
                let left = left - here as u64;
                if self.is_signed {
                    self.ready.push_back(piece);
                } else {
                    self.ready.push_back(format!("{here:x}\r\n").into());
                    self.ready.push_back(piece);
                    self.ready.push_back(Bytes::from_static(b"\r\n"));
                }
                self.state = if left == 0 { State::End(2) } else { State::Data(left) };
            }
            State::End(left) => {
                let expected = if left == 2 { b'\r' } else { b'\n' };
                if self.rest.get_u8() != expected {
                    return Err("a chunk does not end where its size says".into());
                }
                if self.is_signed {
                    self.ready.push_back(Bytes::copy_from_slice(&[expected]));
                }
                self.state = if left == 2 { State::End(1) } else { State::Line };
            }
            State::Trailers => self.ready.push_back(std::mem::take(&mut self.rest)),
        }
        Ok(())
    }

    /// The line before a chunk is there.
    fn begin_chunk(&mut self) -> Result<(), StdError> {
        let line = self.line.split().freeze();
        let digits = line.split(|byte| matches!(byte, b';' | b'\r' | b'\n')).next().unwrap_or_default();
        let size = std::str::from_utf8(digits).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let size = size.ok_or("a chunk has no size")?;
        if self.is_signed && size > MAX_SIGNED_CHUNK_BYTES {
            return Err(TOO_LARGE.into());
        }
        if self.is_signed || size == 0 {
            self.ready.push_back(line);
        }
        self.state = if size == 0 { State::Trailers } else { State::Data(size) };
        Ok(())
    }
}

impl Body for Chunked {
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
            if self.rest.is_empty() {
                match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                    Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                    None => return Poll::Ready(None),
                }
                continue;
            }
            if let Err(error) = self.step() {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}
