//! Many objects, quickly.

use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use aws_sdk_s3::primitives::ByteStream;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use imagasaur::store::{Settings, Store};

use super::subject::BUCKET;
use super::writers;

/// How many are on their way at once: as many are committed together.
const AT_ONCE: usize = 1_000;

/// So many have bodies of their own. Of a million it would be four gigabytes; nothing looks at all bodies.
const OWN_BODIES: usize = 100_000;

/// As long as those of the gallery.
pub(crate) fn key(number: usize) -> String {
    format!("list/{number:012x}00112233445566778899/100x100-0123456789abcdef.jpg")
}

/// What is in each object.
pub(crate) fn one_body() -> &'static [u8] {
    &[7; 4096]
}

/// Makes objects in a store that nobody serves; those beyond [`OWN_BODIES`] are copies, which share a body.
pub(crate) async fn directly(data: &Path, numbers: Range<usize>) -> Result<()> {
    std::fs::create_dir_all(data)?;
    let data = data.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&data, Settings::default())).await??;
    stream::iter(numbers)
        .map(|number| {
            let store = store.clone();
            async move {
                if number < OWN_BODIES {
                    return writers::put(&store, &key(number)).await;
                }
                store.copy((BUCKET, &key(0)), (BUCKET, &key(number)), None).await?;
                Ok(())
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

/// Puts objects as any client does.
pub(crate) async fn through_s3(s3: &aws_sdk_s3::Client, numbers: Range<usize>) -> Result<()> {
    stream::iter(numbers)
        .map(|number| async move {
            let put = s3.put_object().bucket(BUCKET).key(key(number));
            put.body(ByteStream::from_static(one_body())).send().await.map(drop)
        })
        .buffer_unordered(16)
        .try_collect::<()>()
        .await?;
    Ok(())
}
