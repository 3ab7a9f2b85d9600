//! From the preview to S3: sign just before sending, send a few at a time, try again what may pass.

use web_sys::File;
use wire::{SignedUpload, UploadFile, UploadOutcome};

use super::backoff;
use super::flow::{Flow, Leave};
use super::refusal::Refusal;
use super::state::{Event, Failure, State, Upload};
use crate::api::{self, ApiError};
use crate::browser;
use crate::browser::memory::{self, Remembered};
use crate::browser::post::{Answer, Post};
use crate::browser::spawn;
use crate::reactive::prelude::*;
use crate::words::t;

/// How many files are on their way at once, if the page's head does not say (`<meta name="uploads-at-once">`).
const MOST_AT_ONCE: usize = 4;
/// For so many files leave is asked for at once: few enough to be sent before it expires.
const SIGNED_AT_ONCE: usize = 20;
/// Leave is used for so long, ms. The server gives 15 minutes, or less; clocks may differ, so its end is not read.
const FRESH_FOR_MS: f64 = 300_000.0;
/// Without a network, this long until the next look whether there really is none, ms.
const OFFLINE_PAUSE_MS: u32 = 5000;

impl Flow {
    /// Starts as many uploads as there are free places.
    ///
    /// Browsers may say "offline" while the server is this very machine, so what they say only slows down:
    /// one attempt is made, and the others wait while it pauses.
    pub(super) fn send_next(self) {
        let busy = self.uploads.find(usize::MAX, |upload| upload.state.is_being_sent()).len();
        let held_back = !browser::is_online() && !self.uploads.find(1, |upload| upload.paused).is_empty();
        if held_back {
            return;
        }
        let free = most_at_once().saturating_sub(busy);
        for id in self.uploads.find(free, Upload::is_sendable) {
            match self.tools.try_update_value(|tools| tools.leaves.remove(id)).flatten() {
                Some(leave) if browser::now_ms() - leave.since_ms < FRESH_FOR_MS => {
                    if self.uploads.apply(id, Event::Signing) {
                        spawn(self.send(id, leave.signed));
                    }
                }
                _ => return self.ask_leave(),
            }
        }
    }

    /// Ends all pauses: the network is back.
    pub(super) fn resume_all(self) {
        for id in self.uploads.find(usize::MAX, |upload| upload.paused) {
            self.uploads.apply(id, Event::Resumed);
        }
        self.send_next();
    }

    /// Asks for leave for those that are next, one question at a time.
    fn ask_leave(self) {
        let may_ask = self.tools.try_update_value(|tools| {
            browser::now_ms() >= tools.busy_until_ms && !std::mem::replace(&mut tools.is_signing, true)
        });
        if may_ask != Some(true) {
            return;
        }
        let has_leave = |id| self.tools.with_value(|tools| tools.leaves.contains_key(id));
        let ids = self.uploads.find(SIGNED_AT_ONCE, |upload| upload.is_sendable() && !has_leave(upload.id));
        let files: Vec<UploadFile> = ids.iter().filter_map(|id| self.announce(*id)).collect();
        spawn(async move {
            let answer = api::sign(files).await;
            self.tools.update_value(|tools| tools.is_signing = false);
            match answer {
                Ok(response) => {
                    ids.into_iter()
                        .zip(response.uploads)
                        .for_each(|(id, outcome)| self.take_leave(id, outcome));
                }
                Err(ApiError::Busy { retry_after_s }) => self.wait_until_quiet(retry_after_s),
                Err(error) => ids.into_iter().for_each(|id| self.take_api_error(id, &error)),
            }
            self.send_next();
        });
    }

    fn take_leave(self, id: u32, outcome: UploadOutcome) {
        match outcome {
            UploadOutcome::Signed(signed) => {
                let leave = Leave { signed, since_ms: browser::now_ms() };
                self.tools.update_value(|tools| tools.leaves.insert(id, leave));
            }
            UploadOutcome::Refused { error } => self.take_api_error(id, &ApiError::Problem(error)),
        }
    }

    /// The server said when to ask again; that is no failed try.
    fn wait_until_quiet(self, retry_after_s: u32) {
        let pause_ms = retry_after_s.saturating_mul(1000);
        self.tools.update_value(|tools| tools.busy_until_ms = browser::now_ms() + f64::from(pause_ms));
        spawn(async move {
            browser::sleep(pause_ms.saturating_add(50)).await;
            self.send_next();
        });
    }

    /// What is to be signed.
    fn announce(self, id: u32) -> Option<UploadFile> {
        let upload = self.uploads.get(id)?;
        Some(UploadFile {
            name: upload.name,
            media_type: upload.preview?.source_type.as_str().to_owned(),
            size: upload.bytes,
            sha256: upload.digest,
        })
    }

    async fn send(self, id: u32, signed: SignedUpload) {
        if !self.uploads.apply(id, Event::Signed(signed.key)) {
            return;
        }
        let file = self.tools.with_value(|tools| tools.files.get(id).cloned());
        let (Some(file), Some(post)) = (file, Post::open(&signed.url)) else {
            self.fail(id, Failure { sentence: t("unexpected"), retryable: true });
            return;
        };
        self.tools.update_value(|tools| tools.posts.insert(id, post.clone()));
        let progress = move |sent| {
            self.uploads.apply(id, Event::Sent(sent));
        };
        let answer = post.clone().send(&signed.fields, &file, progress).await;
        // Another post under the same id is of a later try: this one was held and released.
        let was_stopped = self.tools.try_update_value(|tools| {
            let is_ours = tools.posts.get(id) == Some(&post);
            if is_ours {
                tools.posts.remove(id);
            }
            !is_ours
        });
        if was_stopped == Some(false) {
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
                self.let_go(id);
                self.watch();
            }
            Answer::Status(status, body) => match Refusal::from_answer(status, &body) {
                Refusal::Passing => self.interrupt(id, Refusal::Passing.sentence()),
                refusal => {
                    let retryable = refusal == Refusal::Other;
                    self.fail(id, Failure { sentence: refusal.sentence(), retryable });
                }
            },
            // A browser reports a file that it cannot read as a broken connection.
            Answer::Nothing if browser::is_readable(file).await => {
                self.interrupt(id, t("network"));
            }
            Answer::Nothing => {
                self.fail(id, Failure { sentence: t("unreadable"), retryable: true });
            }
        }
    }

    fn take_api_error(self, id: u32, error: &ApiError) {
        // It was to be sent: from here on it counts as a try.
        self.uploads.apply(id, Event::Signing);
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
        spawn(async move {
            browser::sleep(pause_ms).await;
            self.uploads.apply(id, Event::Resumed);
            self.send_next();
        });
    }
}

fn most_at_once() -> usize {
    browser::meta("uploads-at-once").and_then(|most| most.parse().ok()).unwrap_or(MOST_AT_ONCE)
}
