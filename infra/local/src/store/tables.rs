//! The tables that objects live in, and the form of their keys.

use redb::TableDefinition;

/// `bucket 0x00 key` → [`super::ObjectRecord`]. Bytes compare as S3 sorts keys: by UTF-8, not by character.
pub(super) const OBJECTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("objects");

/// Body id → (how many rows name it, its bytes). A copy shares its source's body.
pub(super) const BODIES: TableDefinition<&[u8; 16], (u32, u64)> = TableDefinition::new("body_files");

/// Bodies that no object has any longer and whose files have to go.
pub(super) const GARBAGE: TableDefinition<&[u8; 16], ()> = TableDefinition::new("garbage");

/// Facts about the database itself.
pub(super) const FACTS: TableDefinition<&str, u64> = TableDefinition::new("facts");

/// The row of an object. No bucket's name contains a zero byte, so no two objects share a row.
pub(super) fn object_row(bucket: &str, key: &[u8]) -> Vec<u8> {
    let mut row = Vec::with_capacity(bucket.len() + 1 + key.len());
    row.extend_from_slice(bucket.as_bytes());
    row.push(0);
    row.extend_from_slice(key);
    row
}

/// `bucket 0x00 key 0x00 upload id` → [`super::multipart::UploadRecord`]: uploads in parts that are under way.
pub(super) const UPLOADS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("uploads");

/// (upload id, part number) → [`super::multipart::PartRecord`]. Each has a body of its own, counted in [`BODIES`].
pub(super) const PARTS: TableDefinition<(&[u8; 24], u16), &[u8]> = TableDefinition::new("parts");

/// Body id → the parts that it was put together from, [`super::multipart::CompletedParts`].
pub(super) const COMPLETED_PARTS: TableDefinition<&[u8; 16], &[u8]> = TableDefinition::new("completed_parts");
