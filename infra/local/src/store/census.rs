//! How many objects there are.

use redb::ReadableTableMetadata;

use super::Store;
use super::error::StoreError;
use super::tables::OBJECTS;

impl Store {
    /// The number of objects in all buckets. Does not look at them.
    pub async fn object_count(&self) -> Result<u64, StoreError> {
        self.db.read(|txn| Ok(txn.open_table(OBJECTS)?.len()?)).await
    }
}
