//! What an entry says, for pages.

use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;
use wire::api::Larger;
use wire::key::Outcome;
use wire::{EntryKey, Image, ImageId, Status, Thumbnail};

/// RFC 3339 with milliseconds, in UTC.
const CREATED_AT: &[FormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// The image that an entry tells of.
#[must_use]
pub fn finished(entry: &EntryKey) -> Image {
    let mut image = Image {
        key: entry.id,
        name: entry.name.to_string(),
        status: Status::Failed,
        created_at: created_at(entry.id),
        media_type: entry.media_type,
        bytes: entry.bytes,
        width: None,
        height: None,
        thumbnail: None,
        placeholder: None,
        larger: Vec::new(),
        error: None,
    };
    match &entry.outcome {
        Outcome::Failed(code) => image.error = Some((*code).into()),
        Outcome::Ready { width, height, thumbnail, placeholder, larger } => {
            image.status = Status::Ready;
            image.width = Some(*width);
            image.height = Some(*height);
            image.placeholder = placeholder.as_ref().map(ToString::to_string);
            image.larger = larger
                .iter()
                .map(|larger| Larger {
                    url: format!("/{}", larger.key(entry.id)),
                    width: larger.width,
                    height: larger.height,
                    bytes: larger.bytes,
                })
                .collect();
            image.thumbnail = entry.thumbnail().map(|key| Thumbnail {
                url: format!("/{key}"),
                width: thumbnail.width,
                height: thumbnail.height,
                bytes: thumbnail.bytes,
                sha256: thumbnail.sha256.to_string(),
            });
        }
    }
    image
}

/// When an image was created: RFC 3339 with milliseconds, in UTC.
#[must_use]
pub fn created_at(id: ImageId) -> String {
    let unix_ns = i128::from(id.created_unix_ms()) * 1_000_000;
    // An id made by hand can name a time past the year 9999, which RFC 3339 cannot write.
    OffsetDateTime::from_unix_timestamp_nanos(unix_ns)
        .ok()
        .and_then(|time| time.format(CREATED_AT).ok())
        .unwrap_or_else(|| "9999-12-31T23:59:59.999Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_that_of_the_id() {
        assert_eq!(created_at(ImageId::new(1_451_347_200_007, [0; 10])), "2015-12-29T00:00:00.007Z");
        assert_eq!(created_at(ImageId::new(u64::MAX, [0; 10])), "9999-12-31T23:59:59.999Z");
    }
}
