//! How much may be in memory for the work under way.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a unit of the semaphore stands for, so that its counter suffices.
const UNIT_BYTES: u64 = 64 << 10;

/// What a picture takes besides its file, bytes: most take less, and what takes much more is refused by the engine.
const PICTURE_BYTES: u64 = 32 << 20;

/// Bytes that the work under way may hold. A message waits until there is room for the file that it names.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    free: Arc<Semaphore>,
    units: u32,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        let units = u32::try_from((bytes / UNIT_BYTES).max(1)).unwrap_or(u32::MAX >> 4).min(u32::MAX >> 4);
        Self { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Completes when there is room for what `event` names. What is larger than everything is let in alone.
    pub(super) async fn take(&self, event: &str) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes_of(event).div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX);
        Arc::clone(&self.free).acquire_many_owned(units.min(self.units)).await.ok()
    }
}

/// What working on an event takes: each file twice, as it arrives in pieces and is then put together.
fn bytes_of(event: &str) -> u64 {
    let event: Value = serde_json::from_str(event).unwrap_or_default();
    let records = event.get("Records").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // A message's files are worked on one after the other.
    let sizes = records.iter().filter_map(|record| record.pointer("/s3/object/size")?.as_u64());
    sizes.max().unwrap_or(0).saturating_mul(2).saturating_add(PICTURE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_largest_file_twice() {
        let event = r#"{"Records":[{"s3":{"object":{"size":5}}},{"s3":{"object":{"size":1000}}}]}"#;
        assert_eq!(bytes_of(event), 2000 + PICTURE_BYTES);
        assert_eq!(bytes_of("no JSON"), PICTURE_BYTES);
    }

    #[tokio::test]
    async fn lets_in_what_fits_and_alone_what_never_does() {
        let budget = Budget::new(2 * PICTURE_BYTES);
        let large = r#"{"Records":[{"s3":{"object":{"size":99999999999}}}]}"#;
        let first = budget.take("{}").await.unwrap();
        let second = budget.take("{}").await.unwrap();
        assert!(futures::poll!(Box::pin(budget.take("{}"))).is_pending());
        drop((first, second));
        let alone = budget.take(large).await.unwrap();
        assert!(futures::poll!(Box::pin(budget.take("{}"))).is_pending());
        drop(alone);
        assert!(budget.take("{}").await.is_some());
    }
}
