//! Many objects, quickly.

use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use imagasaur::store::{Expectations, PutOptions, Settings, Store};

use super::subject::BUCKET;

/// How many are on their way at once: as many are committed together.
const AT_ONCE: usize = 1_000;

/// As long as those of the gallery.
pub(crate) fn key(number: usize) -> String {
    format!("list/{number:012x}00112233445566778899/100x100-0123456789abcdef.jpg")
}

/// Makes objects in a store that nobody serves: copies of one, which share its body.
pub(crate) async fn directly(data: &Path, numbers: Range<usize>) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let data = data.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&data, Settings::default())).await??;
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(&[7; 4096]))]);
    store.put(BUCKET, "original", body, &Expectations::default(), PutOptions::default()).await?;
    stream::iter(numbers)
        .map(|number| {
            let store = store.clone();
            async move { store.copy((BUCKET, "original"), (BUCKET, &key(number)), None).await.map(drop) }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    Ok(())
}

/// Puts objects as any client does.
pub(crate) async fn through_s3(s3: &aws_sdk_s3::Client, numbers: Range<usize>) -> Result<()> {
    stream::iter(numbers)
        .map(|number| async move {
            let put = s3.put_object().bucket(BUCKET).key(key(number));
            put.body(ByteStream::from_static(&[7; 4096])).send().await.map(drop)
        })
        .buffer_unordered(16)
        .try_collect::<()>()
        .await?;
    Ok(())
}
