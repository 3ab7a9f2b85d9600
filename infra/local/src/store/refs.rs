//! How many rows name a body, and how many bytes all bodies have.

use redb::{ReadableTable, WriteTransaction};

use super::error::StoreError;
use super::record::BodyId;
use super::tables::{BODIES, COMPLETED_PARTS, FACTS, GARBAGE};

/// The row of [`FACTS`] that holds the bytes of all bodies, each counted once.
const BODY_BYTES: &str = "body_bytes";

/// One more row names a body of `size` bytes.
pub(super) fn retain_body(txn: &WriteTransaction, body: BodyId, size: u64) -> Result<(), StoreError> {
    let mut bodies = txn.open_table(BODIES)?;
    let known = bodies.get(&body.0)?.map(|row| row.value());
    if let Some((count, size)) = known {
        bodies.insert(&body.0, (count.saturating_add(1), size))?;
        return Ok(());
    }
    bodies.insert(&body.0, (1, size))?;
    set_body_bytes(txn, body_bytes(txn)?.saturating_add(size))
}

/// A row gives up its body. Returns the body if it was the last: it is garbage once the transaction is
/// committed, and not before.
pub(super) fn release_body(txn: &WriteTransaction, body: BodyId) -> Result<Option<BodyId>, StoreError> {
    let mut bodies = txn.open_table(BODIES)?;
    let (count, size) = bodies.get(&body.0)?.map_or((0, 0), |row| row.value());
    if count > 1 {
        bodies.insert(&body.0, (count - 1, size))?;
        return Ok(None);
    }
    bodies.remove(&body.0)?;
    txn.open_table(COMPLETED_PARTS)?.remove(&body.0)?;
    txn.open_table(GARBAGE)?.insert(&body.0, ())?;
    set_body_bytes(txn, body_bytes(txn)?.saturating_sub(size))?;
    Ok(Some(body))
}

/// The bytes of all bodies.
pub(super) fn body_bytes(txn: &WriteTransaction) -> Result<u64, StoreError> {
    Ok(txn.open_table(FACTS)?.get(BODY_BYTES)?.map_or(0, |row| row.value()))
}

fn set_body_bytes(txn: &WriteTransaction, bytes: u64) -> Result<(), StoreError> {
    txn.open_table(FACTS)?.insert(BODY_BYTES, bytes)?;
    Ok(())
}
