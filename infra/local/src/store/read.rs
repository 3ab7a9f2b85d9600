//! Reading one object.

use std::io::{self, SeekFrom};
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use futures::Stream;
use futures::stream::try_unfold;
use redb::ReadTransaction;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::Store;
use super::db::blocking;
use super::error::StoreError;
use super::record::{ObjectRecord, decode_row};
use super::tables::{OBJECTS, object_row};

impl Store {
    /// What is known of an object.
    pub async fn head(&self, bucket: &str, key: &str) -> Result<Option<ObjectRecord>, StoreError> {
        self.check_bucket(bucket)?;
        let row = object_row(bucket, key.as_bytes());
        self.db.read(move |txn| find(txn, &row)).await
    }

    /// An object and its bytes. The file is open: replacing or deleting the object does not touch the reader.
    pub async fn get(&self, bucket: &str, key: &str) -> Result<Option<(ObjectRecord, File)>, StoreError> {
        self.check_bucket(bucket)?;
        let (store, row) = (self.clone(), object_row(bucket, key.as_bytes()));
        let found = blocking(move || store.get_blocking(&row)).await?;
        Ok(found.map(|(record, file)| (record, File::from_std(file))))
    }

    fn get_blocking(&self, row: &[u8]) -> Result<Option<(ObjectRecord, std::fs::File)>, StoreError> {
        let mut missing = None;
        loop {
            let Some(record) = find(&self.db.view()?, row)? else { return Ok(None) };
            if let Some(file) = self.bodies.read(record.body)? {
                return Ok(Some((record, file)));
            }
            // Replaced between the look-up and the opening, unless the index names the same body again.
            if missing.replace(record.body) == Some(record.body) {
                return Err(StoreError::MissingBody(record.body));
            }
        }
    }
}

fn find(txn: &ReadTransaction, row: &[u8]) -> Result<Option<ObjectRecord>, StoreError> {
    txn.open_table(OBJECTS)?.get(row)?.map(|found| decode_row(found.value())).transpose()
}

/// What is read at a time.
const PIECE_BYTES: u64 = 128 << 10;

/// The bytes `range` of an open body, in pieces.
pub fn read_range(file: File, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    try_unfold((file, range, false), |(mut file, mut range, is_placed)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        if !is_placed {
            file.seek(SeekFrom::Start(range.start)).await?;
        }
        let wanted = (range.end - range.start).min(PIECE_BYTES);
        let mut piece = BytesMut::with_capacity(usize::try_from(wanted).unwrap_or(0));
        let count = (&mut file).take(wanted).read_buf(&mut piece).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        range.start += count as u64;
        Ok(Some((piece.freeze(), (file, range, true))))
    })
}
