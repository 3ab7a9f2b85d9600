//! What the workers tell, and what it means for an upload.

use messages::Trouble;
use wire::FailureCode;

use super::flow::Flow;
use super::state::{Event, Failure, Preview, sentence_of};
use crate::bridge::News;
use crate::browser;
use crate::words::t;

impl Flow {
    /// Takes note of news about a file.
    pub(super) fn hear(self, id: u32, news: News) {
        match news {
            News::Started => {
                self.uploads.apply(id, Event::Started);
            }
            News::Preview(made, bytes) => {
                let Some(url) = browser::object_url(&bytes, &made.media_type) else { return };
                let preview =
                    Preview { url: url.clone(), sha256: made.sha256, source_type: made.source_type };
                if !self.uploads.apply(id, Event::Previewed(preview)) {
                    browser::revoke_url(&url);
                }
            }
            News::Digest(sha256) => {
                let twin = self.uploads.twin(id, &sha256);
                self.uploads.apply(id, Event::Digested(sha256));
                if twin.is_some_and(|name| self.uploads.apply(id, Event::Repeated(name))) {
                    self.count();
                } else {
                    self.keep(id);
                }
                self.send_next();
            }
            News::Trouble(trouble) => self.fail(id, failure_of(trouble)),
            News::Died => {
                self.fail(id, Failure { sentence: t("worker-died"), retryable: true });
            }
        }
    }

    /// Takes note that the preview can be seen, or never will be: from now on the file may be sent.
    pub(crate) fn shown(self, id: u32) {
        if self.uploads.apply(id, Event::Shown) {
            self.send_next();
        }
    }

    /// Ends an upload that cannot go on by itself.
    pub(super) fn fail(self, id: u32, failure: Failure) {
        self.uploads.apply(id, Event::Failed(failure));
        self.count();
    }
}

/// A file that cannot be read now may be readable later; a damaged picture stays damaged.
fn failure_of(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Unreadable => Failure { sentence: t("unreadable"), retryable: true },
        Trouble::Picture(code) => {
            Failure { sentence: sentence_of(&code.into()), retryable: code == FailureCode::Internal }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_picture_is_not_tried_again() {
        assert!(!failure_of(Trouble::Picture(FailureCode::Corrupt)).retryable);
        assert!(failure_of(Trouble::Picture(FailureCode::Internal)).retryable);
        assert!(failure_of(Trouble::Unreadable).sentence.contains("no longer be read"));
    }
}
