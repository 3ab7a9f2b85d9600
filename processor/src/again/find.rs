//! Finding originals: in their own bucket, or those that have failed by their entries.

use std::collections::VecDeque;

use wire::key::{ENTRIES, ORIGINALS, Outcome};
use wire::{EntryKey, OriginalKey};

use super::Plan;
use crate::event::Created;
use crate::store::Store;
use crate::{Processor, StoreError};

/// The originals that are meant, a listing at a time.
pub(super) struct Originals<'a> {
    store: &'a Store,
    uploads_bucket: &'a str,
    only_failed: bool,
    prefix: String,
    start_after: Option<String>,
    is_over: bool,
}

impl Processor {
    pub(super) fn originals<'a>(&'a self, plan: &'a Plan) -> Originals<'a> {
        let folder = if plan.only_failed { ENTRIES } else { ORIGINALS };
        let behind = if plan.only_failed { EntryKey::after } else { OriginalKey::after };
        Originals {
            store: &self.store,
            uploads_bucket: &plan.uploads_bucket,
            only_failed: plan.only_failed,
            prefix: format!("{folder}{}", plan.id_prefix),
            start_after: plan.after.map(behind),
            is_over: false,
        }
    }
}

impl Originals<'_> {
    /// The next of them; none when there are no more.
    pub(super) async fn next(&mut self) -> Result<VecDeque<Created>, StoreError> {
        let mut found = VecDeque::new();
        while found.is_empty() && !self.is_over {
            let bucket = if self.only_failed { self.store.processed() } else { self.uploads_bucket };
            let (keys, is_truncated) =
                self.store.listing(bucket, self.prefix.clone(), self.start_after.take()).await?;
            self.is_over = !is_truncated;
            self.start_after = keys.last().cloned();
            found.extend(keys.iter().filter_map(|key| self.original(key)).map(|key| Created {
                bucket: self.uploads_bucket.to_owned(),
                key,
                request_id: None,
            }));
        }
        Ok(found)
    }

    fn original(&self, key: &str) -> Option<OriginalKey> {
        if !self.only_failed {
            return key.parse().ok();
        }
        let EntryKey { id, name, outcome, .. } = key.parse().ok()?;
        matches!(outcome, Outcome::Failed(_)).then_some(OriginalKey { id, name })
    }
}
