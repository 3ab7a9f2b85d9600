//! Files that are not sent yet stay with the browser, so that a reload or a crash does not lose them.

use crate::reactive::prelude::*;

use super::flow::Flow;
use crate::browser::queue::Queue;
use crate::browser::spawn;

impl Flow {
    /// Takes over what an earlier life of the page, or a page that is gone, has left.
    pub(super) async fn restore_kept(self) {
        let Some(queue) = Queue::open().await else { return };
        self.tools.update_value(|tools| tools.queue = Some(queue.clone()));
        let kept = queue.take_over().await;
        self.restored.set(kept.len());
        for (key, file) in kept {
            self.add_kept(key, file);
        }
        self.count();
    }

    /// Keeps a file until it has arrived or is taken off the list. Done after its preview: nobody waits for it.
    pub(super) fn keep(self, id: u32) {
        let (queue, file, is_kept) = self.tools.with_value(|tools| {
            (tools.queue.clone(), tools.files.get(id).cloned(), tools.kept.contains_key(id))
        });
        let (Some(queue), Some(file), false) = (queue, file, is_kept) else { return };
        spawn(async move {
            let Some(key) = queue.keep(&file).await else { return };
            // It may have arrived meanwhile.
            let is_needed = self.tools.try_update_value(|tools| {
                let is_needed = tools.files.contains_key(id) && self.is_unsent(id);
                if is_needed {
                    tools.kept.insert(id, key.clone());
                }
                is_needed
            });
            if is_needed != Some(true) {
                queue.remove(&key);
            }
        });
    }

    /// The file has arrived, or nobody wants it: the browser need not keep it.
    pub(super) fn let_go(self, id: u32) {
        let kept = self.tools.try_update_value(|tools| (tools.queue.clone(), tools.kept.remove(id)));
        if let Some((Some(queue), Some(key))) = kept {
            queue.remove(&key);
        }
    }

    fn is_unsent(self, id: u32) -> bool {
        self.uploads.get(id).is_some_and(|upload| upload.state.is_unsafe_to_leave())
    }
}
