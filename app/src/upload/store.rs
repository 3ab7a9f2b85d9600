//! Every upload on the page, each in a signal of its own: progress of one redraws one tile.

use wire::ImageId;

use super::state::{Event, State, Upload};
use super::summary::Summary;
use crate::reactive::prelude::*;

/// The list of uploads, in the order they were added. A handle: copies share the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uploads(RwSignal<Vec<Row>>);

/// One upload by its id, which never changes.
#[derive(Clone, Debug)]
struct Row {
    id: u32,
    upload: ArcRwSignal<Upload>,
}

impl Uploads {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.with(Vec::is_empty)
    }

    /// Adds uploads, whose ids must be higher than all before.
    pub(crate) fn add(self, uploads: Vec<Upload>) {
        let rows = uploads.into_iter().map(|upload| Row { id: upload.id, upload: ArcRwSignal::new(upload) });
        self.0.update(|all| all.extend(rows));
    }

    /// Lets an event happen to an upload. False if it does not fit or there is no such upload.
    pub(crate) fn apply(self, id: u32, event: Event) -> bool {
        let Some(upload) = self.signal(id) else { return false };
        upload.try_maybe_update(|upload| {
            let fits = upload.apply(event);
            (fits, fits)
        }) == Some(true)
    }

    /// A copy of one upload as it is now.
    pub(crate) fn get(self, id: u32) -> Option<Upload> {
        self.signal(id).map(|upload| upload.get_untracked())
    }

    /// Takes one out of the list.
    pub(crate) fn remove(self, id: u32) -> Option<Upload> {
        let at = self.0.with_untracked(|rows| position(rows, id))?;
        self.0.try_update(|rows| rows.remove(at)).map(|row| row.upload.get_untracked())
    }

    /// The ids of those for which `wanted` holds, in order, at most `most`.
    pub(crate) fn find(self, most: usize, wanted: impl Fn(&Upload) -> bool) -> Vec<u32> {
        self.0.with_untracked(|rows| {
            let found = rows.iter().filter(|row| row.upload.with_untracked(&wanted));
            found.map(|row| row.id).take(most).collect()
        })
    }

    /// The upload that became this image.
    pub(crate) fn by_key(self, key: ImageId) -> Option<u32> {
        self.find(1, |upload| upload.key == Some(key) && upload.state == State::Processing).pop()
    }

    /// The name of another upload of the same bytes that is being sent or was.
    pub(crate) fn twin(self, id: u32, digest: &str) -> Option<String> {
        let is_twin = |upload: &Upload| {
            let counts = !matches!(upload.state, State::Failed(_) | State::Duplicate { .. });
            upload.id != id && counts && upload.digest.as_deref() == Some(digest)
        };
        let twin = self.find(1, is_twin).pop()?;
        self.get(twin).map(|upload| upload.name)
    }

    /// The upload's own signal: progress of one redraws one tile.
    pub(crate) fn one(self, id: u32) -> Option<ArcRwSignal<Upload>> {
        self.signal(id)
    }

    /// The ids, in order; the caller hears of added and removed ones.
    pub(crate) fn ids(self) -> Vec<u32> {
        self.0.with(|rows| rows.iter().map(|row| row.id).collect())
    }

    pub(crate) fn summary(self) -> Summary {
        self.0.with_untracked(|rows| {
            let uploads: Vec<_> = rows.iter().map(|row| row.upload.read_untracked()).collect();
            Summary::of(uploads.iter().map(|upload| &**upload))
        })
    }

    fn signal(self, id: u32) -> Option<ArcRwSignal<Upload>> {
        self.0.with_untracked(|rows| position(rows, id).map(|at| rows[at].upload.clone()))
    }
}

fn position(rows: &[Row], id: u32) -> Option<usize> {
    rows.binary_search_by_key(&id, |row| row.id).ok()
}
