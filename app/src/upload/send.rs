//! From the preview to S3: sign just before sending, send a few at a time, try again what may pass.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;
use wire::{SignedUpload, UploadFile, UploadOutcome};

use super::backoff;
use super::flow::Flow;
use super::refusal::Refusal;
use super::state::{Event, Failure, State};
use crate::api::{self, ApiError};
use crate::browser::memory::{self, Remembered};
use crate::browser::post::{Answer, Post};
use crate::{browser, text};

/// How many files are on their way at once.
const MOST_AT_ONCE: usize = 4;
/// Without a network, this long until the next look whether there really is none, ms.
const OFFLINE_PAUSE_MS: u32 = 5000;

impl Flow {
    /// Starts as many uploads as there are free places.
    ///
    /// Browsers may say "offline" while the server is this very machine, so what they say only slows down:
    /// one attempt is made, and the others wait while it pauses.
    pub(super) fn send_next(self) {
        let under_way = |state: &State| matches!(state, State::Signing | State::Uploading { .. });
        let busy = self.uploads.find(MOST_AT_ONCE, |upload| under_way(&upload.state)).len();
        let held_back = !browser::is_online() && !self.uploads.find(1, |upload| upload.paused).is_empty();
        if held_back {
            return;
        }
        let ids = self.uploads.find(MOST_AT_ONCE - busy, super::state::Upload::is_sendable);
        let files = ids.iter().filter_map(|id| self.announce(*id)).collect::<Vec<_>>();
        if !files.is_empty() {
            spawn_local(self.sign_and_send(ids, files));
        }
    }

    /// Ends all pauses: the network is back.
    pub(super) fn resume_all(self) {
        for id in self.uploads.find(usize::MAX, |upload| upload.paused) {
            self.uploads.apply(id, Event::Resumed);
        }
        self.send_next();
    }

    /// Moves an upload to signing, and says what is to be signed.
    fn announce(self, id: u32) -> Option<UploadFile> {
        self.uploads.apply(id, Event::Signing);
        let upload = self.uploads.get(id)?;
        Some(UploadFile {
            name: upload.name,
            media_type: upload.preview?.source_type.as_str().to_owned(),
            size: upload.bytes,
            sha256: upload.digest,
        })
    }

    async fn sign_and_send(self, ids: Vec<u32>, files: Vec<UploadFile>) {
        match api::sign(files).await {
            Ok(response) => {
                for (id, outcome) in ids.into_iter().zip(response.uploads) {
                    match outcome {
                        UploadOutcome::Signed(signed) => spawn_local(self.send(id, signed)),
                        UploadOutcome::Refused { error } => {
                            self.take_api_error(id, &ApiError::Problem(error));
                        }
                    }
                }
            }
            Err(error) => ids.into_iter().for_each(|id| self.take_api_error(id, &error)),
        }
        self.send_next();
    }

    async fn send(self, id: u32, signed: SignedUpload) {
        // Cancelled while it was being signed.
        if !self.uploads.apply(id, Event::Signed(signed.key)) {
            return;
        }
        let file = self.tools.with_value(|tools| tools.files.get(id).cloned());
        let (Some(file), Some(post)) = (file, Post::open(&signed.url)) else {
            self.fail(id, Failure { sentence: text::UNEXPECTED.to_owned(), retryable: true });
            return;
        };
        self.tools.update_value(|tools| {
            tools.posts.insert(id, post.clone());
        });
        let progress = move |sent| {
            self.uploads.apply(id, Event::Sent(sent));
        };
        let answer = post.send(&signed.fields, &file, progress).await;
        let was_cancelled = self.tools.try_update_value(|tools| tools.posts.remove(id).is_none());
        if was_cancelled == Some(false) {
            self.take_answer(id, &signed, answer, &file).await;
        }
        self.send_next();
    }

    async fn take_answer(self, id: u32, signed: &SignedUpload, answer: Answer, file: &File) {
        match answer {
            Answer::Status(200..300, _) => {
                self.uploads.apply(id, Event::Arrived);
                if let Some(upload) = self.uploads.get(id) {
                    memory::keep(&Remembered { key: signed.key, name: upload.name, bytes: upload.bytes });
                }
                self.tools.update_value(|tools| tools.asked = 0);
                self.watch();
            }
            Answer::Status(status, body) => match Refusal::from_answer(status, &body) {
                Refusal::Passing => self.interrupt(id, Refusal::Passing.sentence().to_owned()),
                refusal => {
                    let retryable = refusal == Refusal::Other;
                    self.fail(id, Failure { sentence: refusal.sentence().to_owned(), retryable });
                }
            },
            // A browser reports a file that it cannot read as a broken connection.
            Answer::Nothing if browser::is_readable(file).await => {
                self.interrupt(id, text::NETWORK.to_owned());
            }
            Answer::Nothing => {
                self.fail(id, Failure { sentence: text::UNREADABLE.to_owned(), retryable: true });
            }
        }
    }

    fn take_api_error(self, id: u32, error: &ApiError) {
        if error.is_passing() {
            self.interrupt(id, error.sentence());
        } else {
            self.fail(id, Failure { sentence: error.sentence(), retryable: false });
        }
    }

    /// Pauses an upload, or ends it if this was the last try.
    fn interrupt(self, id: u32, sentence: String) {
        let counts = browser::is_online();
        if !self.uploads.apply(id, Event::Interrupted { sentence, counts }) {
            return;
        }
        let Some(upload) = self.uploads.get(id).filter(|upload| upload.state == State::Prepared) else {
            self.count();
            return;
        };
        let pause_ms = if counts { backoff::before_sending_again_ms(upload.tries) } else { OFFLINE_PAUSE_MS };
        spawn_local(async move {
            browser::sleep(pause_ms).await;
            self.uploads.apply(id, Event::Resumed);
            self.send_next();
        });
    }
}
