//! From S3 to the gallery: asks how images stand until the server is done with each.

use wire::api::MAX_KEYS;
use wire::{Image, ImageId, Status};

use super::backoff;
use super::flow::Flow;
use super::state::{Event, Failure, State};
use crate::browser::memory;
use crate::browser::spawn;
use crate::reactive::prelude::*;
use crate::words::t;
use crate::{api, browser};

/// While the server tells of its own accord, it is asked this often all the same, ms: a message may get lost.
const PAUSE_WHILE_LIVE_MS: u32 = 8000;
/// An image that the server does not know for so long is lost, ms.
const LOST_AFTER_MS: f64 = 60_000.0;

impl Flow {
    /// Starts asking, unless it runs already.
    pub(crate) fn watch(self) {
        let runs = self.tools.try_update_value(|tools| std::mem::replace(&mut tools.is_watching, true));
        if runs == Some(false) {
            spawn(async move {
                while self.ask().await {}
                self.tools.update_value(|tools| tools.is_watching = false);
            });
        }
    }

    /// Asks once about everything that is being processed. False if there was nothing to ask about.
    async fn ask(self) -> bool {
        let pause_ms = self.tools.try_update_value(|tools| {
            tools.asked += 1;
            match tools.asked {
                2.. if tools.is_live => PAUSE_WHILE_LIVE_MS,
                asked => backoff::before_asking_again_ms(asked - 1),
            }
        });
        browser::sleep(pause_ms.unwrap_or(1000)).await;
        let keys = self.processing();
        for keys in keys.chunks(MAX_KEYS) {
            // An error passes or the next round meets it again; what was sent is safe either way.
            if let Ok(page) = api::states(keys).await {
                let known: Vec<ImageId> = page.images.iter().map(|image| image.key).collect();
                page.images.into_iter().for_each(|image| self.take(image));
                keys.iter().filter(|key| !known.contains(key)).for_each(|key| self.miss(*key));
            }
        }
        !keys.is_empty()
    }

    /// Own uploads and, from the gallery, those of others.
    fn processing(self) -> Vec<ImageId> {
        let ids = self.uploads.find(usize::MAX, |upload| upload.state == State::Processing);
        let own = ids.into_iter().filter_map(|id| self.uploads.get(id)?.key);
        let mut keys = Vec::new();
        for key in own.chain(self.gallery.processing()) {
            if let Err(at) = keys.binary_search(&key) {
                keys.insert(at, key);
            }
        }
        keys
    }

    pub(super) fn take(self, image: Image) {
        self.tools.update_value(|tools| {
            tools.missing_since.remove(image.key);
        });
        let event = match (image.status, &image.thumbnail, &image.error) {
            (Status::Processing, ..) => return,
            (Status::Ready, Some(thumbnail), _) => {
                Event::Finished { thumbnail_url: thumbnail.url.clone(), sha256: thumbnail.sha256.clone() }
            }
            (_, _, Some(failure)) => Event::Rejected(failure.clone()),
            _ => Event::Rejected(wire::FailureCode::Internal.into()),
        };
        if let Some(id) = self.uploads.by_key(image.key) {
            if matches!(event, Event::Finished { .. }) {
                self.tools.update_value(|tools| {
                    tools.files.remove(id);
                });
            }
            self.uploads.apply(id, event);
            self.count();
        }
        memory::forget(image.key);
        self.gallery.put(image);
    }

    /// The server does not know the image: it was deleted, or its arrival has not been noticed yet.
    fn miss(self, key: ImageId) {
        let now_ms = browser::now_ms();
        let since_ms = self.tools.try_update_value(|tools| {
            let since_ms = tools.missing_since.get(key).copied().unwrap_or(now_ms);
            tools.missing_since.insert(key, since_ms);
            since_ms
        });
        if now_ms - since_ms.unwrap_or(now_ms) < LOST_AFTER_MS {
            return;
        }
        memory::forget(key);
        self.gallery.forget(key);
        if let Some(id) = self.uploads.by_key(key) {
            // Only the page that still has the file can send it again.
            let retryable = self.tools.with_value(|tools| tools.files.contains_key(id));
            self.fail(id, Failure { sentence: t("lost"), retryable });
        }
    }
}
