//! One file on its way from the device to the gallery, as plain data.
//!
//! Everything that happens to a file is an [`Event`]; [`Upload::apply`] is the only place where its [`State`]
//! changes. An event that no longer fits (a late answer after a retry) changes nothing.

use wire::{Failure as ImageFailure, ImageId, MediaType};

use crate::words::t;

/// How often a file is sent before it needs a person's "try again".
pub(crate) const MAX_TRIES: u32 = 6;

/// One file.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other and of the state")]
pub(crate) struct Upload {
    /// Counts from 1 within the page's life.
    pub(crate) id: u32,
    /// The name on the device.
    pub(crate) name: String,
    /// Size of the file, bytes.
    pub(crate) bytes: u64,
    pub(crate) state: State,
    /// What the worker made; stays for good.
    pub(crate) preview: Option<Preview>,
    /// The preview can be seen: nothing is sent before that.
    pub(crate) is_shown: bool,
    /// SHA-256 of the file, base64; comes after the preview.
    pub(crate) digest: Option<String>,
    /// The image's id, once signed.
    pub(crate) key: Option<ImageId>,
    /// Where the server's thumbnail is, once ready.
    pub(crate) thumbnail_url: Option<String>,
    /// Failed attempts to send since the last retry by hand.
    pub(crate) tries: u32,
    /// Waits before it is sent again.
    pub(crate) paused: bool,
    /// The person has it wait.
    pub(crate) held: bool,
    /// The person wants it sent although the same file was sent already.
    pub(crate) again: bool,
}

/// The picture that the worker made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Preview {
    /// An object URL.
    pub(crate) url: String,
    /// SHA-256 of the preview, hex.
    pub(crate) sha256: String,
    /// What the file is, by its bytes.
    pub(crate) source_type: MediaType,
}

/// Where a file stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// For a worker.
    Waiting,
    /// A worker has it.
    Preparing,
    /// The preview is there. Sent as soon as it is shown, the digest is there and a place is free.
    Prepared,
    /// The very same file was sent already: the person decides.
    Duplicate {
        /// The other one's name.
        of: String,
    },
    /// The API is asked for leave to send it.
    Signing,
    /// On its way.
    Uploading {
        /// Bytes that have left.
        sent: u64,
    },
    /// Arrived; the server makes the thumbnail.
    Processing,
    /// In the gallery.
    Ready(Check),
    /// Not in the gallery.
    Failed(Failure),
}

/// Does the preview equal the server's thumbnail?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Byte for byte.
    Same,
    /// It should, and does not.
    Different,
    /// There is no preview to compare, as after a reload.
    Unknown,
}

/// Why a file is not in the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// For the person: what happened and what to do.
    pub(crate) sentence: String,
    /// Trying again may help.
    pub(crate) retryable: bool,
}

/// Something that happened to a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A worker took it.
    Started,
    /// The preview is there.
    Previewed(Preview),
    /// The browser shows the preview, or has found that it cannot.
    Shown,
    /// The digest is there.
    Digested(String),
    /// The same file was sent already, under this name.
    Repeated(String),
    /// The API is being asked.
    Signing,
    /// The API gave leave.
    Signed(ImageId),
    /// So many bytes have left.
    Sent(u64),
    /// S3 has it.
    Arrived,
    /// The server made its thumbnail.
    Finished {
        /// Where it is.
        thumbnail_url: String,
        /// Its SHA-256, hex.
        sha256: String,
    },
    /// The server could not make a thumbnail.
    Rejected(ImageFailure),
    /// Sending broke off in a way that may pass.
    Interrupted {
        /// What to say if it was the last try.
        sentence: String,
        /// Being offline does not count as a try.
        counts: bool,
    },
    /// The pause after an interruption is over.
    Resumed,
    /// It cannot go on.
    Failed(Failure),
    /// The person asks to try again, or to send a file once more.
    Retried,
    /// The person has it wait; what has left is lost.
    Held,
    /// The person lets it go on.
    Released,
}

impl Upload {
    /// A file that was just added.
    pub(crate) fn new(id: u32, name: String, bytes: u64) -> Self {
        Self {
            id,
            name,
            bytes,
            state: State::Waiting,
            preview: None,
            is_shown: false,
            digest: None,
            key: None,
            thumbnail_url: None,
            tries: 0,
            paused: false,
            held: false,
            again: false,
        }
    }

    /// A file that an earlier life of the page sent, and that the server was still working on.
    pub(crate) fn remembered(id: u32, key: ImageId, name: String, bytes: u64) -> Self {
        Self { state: State::Processing, key: Some(key), ..Self::new(id, name, bytes) }
    }

    /// Lets an event happen. False if it does not fit the state, which then stays as it is.
    pub(crate) fn apply(&mut self, event: Event) -> bool {
        let next = match (&self.state, event) {
            (state, Event::Shown) if !self.is_shown => {
                self.is_shown = true;
                state.clone()
            }
            (State::Waiting, Event::Started) => State::Preparing,
            (State::Preparing, Event::Previewed(preview)) => {
                self.preview = Some(preview);
                State::Prepared
            }
            (State::Prepared, Event::Digested(digest)) => {
                self.digest = Some(digest);
                State::Prepared
            }
            (State::Prepared, Event::Repeated(of)) if !self.again => State::Duplicate { of },
            (State::Duplicate { .. }, Event::Retried) => {
                self.again = true;
                State::Prepared
            }
            (state, Event::Held) if state.is_unsafe_to_leave() && !self.held => {
                self.held = true;
                if state.is_being_sent() { State::Prepared } else { state.clone() }
            }
            (state, Event::Released) if self.held => {
                self.held = false;
                state.clone()
            }
            (State::Prepared, Event::Signing) => State::Signing,
            (State::Signing, Event::Signed(key)) => {
                self.key = Some(key);
                State::Uploading { sent: 0 }
            }
            (State::Uploading { sent }, Event::Sent(now)) => {
                State::Uploading { sent: now.clamp(*sent, self.bytes) }
            }
            (State::Uploading { .. }, Event::Arrived) => State::Processing,
            (State::Processing, Event::Finished { thumbnail_url, sha256 }) => {
                self.thumbnail_url = Some(thumbnail_url);
                State::Ready(self.check(&sha256))
            }
            (State::Processing, Event::Rejected(failure)) => State::Failed(Failure::from(failure)),
            (State::Signing | State::Uploading { .. }, Event::Interrupted { sentence, counts }) => {
                self.tries += u32::from(counts);
                self.paused = true;
                if self.tries >= MAX_TRIES {
                    State::Failed(Failure { sentence, retryable: true })
                } else {
                    State::Prepared
                }
            }
            (State::Prepared, Event::Resumed) => {
                self.paused = false;
                State::Prepared
            }
            (State::Ready(_) | State::Failed(_) | State::Duplicate { .. }, Event::Failed(_)) => return false,
            (_, Event::Failed(failure)) => State::Failed(failure),
            (State::Failed(Failure { retryable: true, .. }), Event::Retried) => {
                (self.tries, self.paused, self.held, self.key) = (0, false, false, None);
                if self.digest.is_some() { State::Prepared } else { State::Waiting }
            }
            _ => return false,
        };
        self.state = next;
        true
    }

    /// Everything that sending needs is there.
    pub(crate) fn is_sendable(&self) -> bool {
        self.state == State::Prepared && self.is_shown && self.digest.is_some() && !self.paused && !self.held
    }

    /// Bytes that have left the device.
    pub(crate) fn sent_bytes(&self) -> u64 {
        match self.state {
            State::Uploading { sent } => sent,
            State::Processing | State::Ready(_) => self.bytes,
            _ => 0,
        }
    }

    fn check(&self, sha256: &str) -> Check {
        match &self.preview {
            None => Check::Unknown,
            Some(preview) if preview.sha256 == sha256 => Check::Same,
            Some(_) => Check::Different,
        }
    }
}

impl State {
    /// A stable word for the state, for style sheets and tests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Preparing => "preparing",
            Self::Prepared => "prepared",
            Self::Duplicate { .. } => "duplicate",
            Self::Signing => "signing",
            Self::Uploading { .. } => "uploading",
            Self::Processing => "processing",
            Self::Ready(_) => "ready",
            Self::Failed(_) => "failed",
        }
    }

    /// Nothing more happens by itself.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self, Self::Ready(_) | Self::Failed(_) | Self::Duplicate { .. })
    }

    /// A place among those sent at once is taken.
    pub(crate) fn is_being_sent(&self) -> bool {
        matches!(self, Self::Signing | Self::Uploading { .. })
    }

    /// Closing the page now would lose the file.
    pub(crate) fn is_unsafe_to_leave(&self) -> bool {
        !self.is_settled() && *self != Self::Processing
    }
}

impl From<ImageFailure> for Failure {
    /// A damaged picture stays damaged; what happened on the way or on the server may not happen again.
    fn from(failure: ImageFailure) -> Self {
        let retryable =
            matches!(failure.code, wire::FailureCode::ChecksumMismatch | wire::FailureCode::Internal);
        Self { sentence: sentence_of(&failure), retryable }
    }
}

/// For the person: why a picture was refused and what to do.
pub(crate) fn sentence_of(failure: &ImageFailure) -> String {
    use wire::FailureCode::{
        ChecksumMismatch, Corrupt, Internal, NotAnImage, TooManyPixels, UnsupportedFormat,
    };
    t(match failure.code {
        NotAnImage => "failure-not-an-image",
        UnsupportedFormat => "failure-unsupported-format",
        Corrupt => "failure-corrupt",
        TooManyPixels => "failure-too-many-pixels",
        ChecksumMismatch => "failure-checksum-mismatch",
        Internal if failure.detail == Internal.detail() => "failure-internal",
        // A code of a newer server: its own sentence says more than ours would.
        Internal => return failure.detail.clone(),
    })
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
