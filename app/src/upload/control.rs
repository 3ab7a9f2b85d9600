//! What a person can do with uploads.

use crate::reactive::prelude::*;

use super::flow::Flow;
use super::state::{Event, State};
use crate::browser;
use crate::browser::memory;
use crate::browser::post::Post;

impl Flow {
    /// Takes an upload off the list, and stops it if it still runs.
    pub(crate) fn remove(self, id: u32) {
        let (pool, post) = self
            .tools
            .try_update_value(|tools| {
                tools.files.remove(id);
                tools.leaves.remove(id);
                (tools.pool.clone(), tools.posts.remove(id))
            })
            .unwrap_or_default();
        if let Some(pool) = pool {
            pool.cancel(id);
        }
        self.let_go(id);
        let removed = self.uploads.remove(id);
        abort(post);
        if let Some(upload) = removed {
            if let Some(preview) = upload.preview {
                browser::revoke_url(&preview.url);
            }
            if let Some(key) = upload.key {
                memory::forget(key);
            }
        }
        self.send_next();
        self.count();
    }

    /// Takes everything off the list that is in the gallery.
    pub(crate) fn clear_finished(self) {
        self.for_all(|state| matches!(state, State::Ready(_)), Self::remove);
    }

    /// Tries a failed upload again, from the step that failed; sends a file although it was sent already.
    pub(crate) fn retry(self, id: u32) {
        if self.uploads.apply(id, Event::Retried) {
            if self.uploads.get(id).is_some_and(|upload| upload.state == State::Waiting) {
                self.prepare(id);
            }
            self.send_next();
            self.count();
        }
    }

    /// Tries every failed upload again for which it may help.
    pub(crate) fn retry_all(self) {
        self.for_all(|state| matches!(state, State::Failed(failure) if failure.retryable), Self::retry);
    }

    /// Has an upload wait. A form cannot be taken up in its middle: it starts over when it goes on.
    pub(crate) fn hold(self, id: u32) {
        if self.uploads.apply(id, Event::Held) {
            abort(self.tools.try_update_value(|tools| tools.posts.remove(id)).flatten());
            self.send_next();
            self.count();
        }
    }

    /// Lets an upload go on.
    pub(crate) fn release(self, id: u32) {
        if self.uploads.apply(id, Event::Released) {
            self.send_next();
            self.count();
        }
    }

    /// Has everything wait that has not arrived.
    pub(crate) fn hold_all(self) {
        // From the last on, so that no free place is taken meanwhile by what is held next.
        let ids = self.uploads.find(usize::MAX, |upload| upload.state.is_unsafe_to_leave() && !upload.held);
        for id in ids.into_iter().rev() {
            self.hold(id);
        }
    }

    /// Lets everything go on.
    pub(crate) fn release_all(self) {
        let ids = self.uploads.find(usize::MAX, |upload| upload.held);
        for id in ids {
            self.release(id);
        }
    }

    fn for_all(self, wanted: impl Fn(&State) -> bool, act: impl Fn(Self, u32)) {
        let ids = self.uploads.find(usize::MAX, |upload| wanted(&upload.state));
        for id in ids {
            act(self, id);
        }
    }
}

fn abort(post: Option<Post>) {
    if let Some(post) = post {
        post.abort();
    }
}
