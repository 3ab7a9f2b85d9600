//! Bodies of requests and answers.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::id::ImageId;
use crate::media::MediaType;
use crate::problem::Problem;

/// The largest file that is accepted if the operator does not say: 100 MiB. The API signs up to it, the processor
/// reads up to it.
pub const DEFAULT_MAX_BYTES: u64 = 100 << 20;
/// The most pixels that are accepted if the operator does not say: 2²⁸, a square of 16,384.
pub const DEFAULT_MAX_PIXELS: u64 = 1 << 28;
/// The most files that one `POST /api/upload` may name.
pub const MAX_FILES_PER_UPLOAD: usize = 100;
/// The most images on a page of `GET /api/images`.
pub const MAX_PAGE: u16 = 200;
/// How many images a page holds if the request does not say.
pub const DEFAULT_PAGE: u16 = 50;
/// The most keys that one `GET /api/images?keys=` may ask for.
pub const MAX_KEYS: usize = 100;

/// `POST /api/upload`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(expecting = "an object with the member files")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadRequest {
    /// 1 to [`MAX_FILES_PER_UPLOAD`] files.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub files: Vec<UploadFile>,
}

/// A file that somebody wants to send.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(expecting = "an object with the members name, type and size")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadFile {
    /// The name on the person's device.
    pub name: String,
    /// The media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// The exact size, bytes.
    #[cfg_attr(feature = "openapi", schema(format = "uint64"))]
    pub size: u64,
    /// SHA-256 of the bytes, base64 with padding. When given, other bytes are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// The answer to `POST /api/upload`: one outcome a file, in the order asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadResponse {
    /// As many as files were named.
    pub uploads: Vec<UploadOutcome>,
}

/// What became of one file of an upload request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UploadOutcome {
    /// The file may be sent.
    Signed(SignedUpload),
    /// The file is refused; the others are not concerned.
    Refused {
        /// Why.
        error: Problem,
    },
}

/// Leave to post one file to S3.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedUpload {
    /// The image's id.
    pub key: ImageId,
    /// Where to post.
    pub url: String,
    /// The form's fields in the order to send them; the file comes last, as the field `file`.
    #[serde(with = "ordered_map")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub fields: Vec<(String, String)>,
    /// RFC 3339. After this, S3 refuses the form and a new one has to be asked for.
    pub expires_at: String,
}

/// Where an image stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Status {
    /// The original has arrived, the thumbnail is being made.
    Processing,
    /// The thumbnail is there.
    Ready,
    /// No thumbnail can be made; `error` says why.
    Failed,
}

/// One image as a gallery needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Image {
    /// The image's id.
    pub key: ImageId,
    /// The file's name.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// RFC 3339, milliseconds.
    pub created_at: String,
    /// The media type of the original; null while it is not known.
    #[serde(rename = "type")]
    pub media_type: Option<MediaType>,
    /// Size of the original, bytes.
    pub bytes: u64,
    /// Width of the upright original, pixels.
    pub width: Option<u32>,
    /// Height of the upright original, pixels.
    pub height: Option<u32>,
    /// Present when ready.
    pub thumbnail: Option<Thumbnail>,
    /// A `ThumbHash` of the thumbnail, 5 to 30 bytes in lowercase hex digits: what to show before that has come.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// Larger pictures, the smallest first: for screens of high density, and to look at. They come a while after the
    /// thumbnail, and only where the operator wants them.
    #[serde(default)]
    pub larger: Vec<Larger>,
    /// Present when failed.
    pub error: Option<Failure>,
}

/// A finished thumbnail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thumbnail {
    /// `/thumbs/…`; what is there never changes.
    pub url: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the thumbnail file, 64 lowercase hex digits.
    pub sha256: String,
}

/// A picture that is larger than the thumbnail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Larger {
    /// `/thumbs/…`; what is there never changes.
    pub url: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub bytes: u64,
}

/// What is known of the original beyond the gallery's needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metadata {
    /// EXIF orientation, 1 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orientation: Option<u8>,
    /// SHA-256 of the original, 64 lowercase hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Maker and model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// Model of the lens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens: Option<String>,
    /// How the picture was exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
    /// When it was taken, as in RFC 3339; with the offset from UTC only where the camera knew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// The name that the embedded colour profile gives itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour_profile: Option<String>,
    /// Where it was taken; only where the operator wants that told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// How a picture was exposed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exposure {
    /// Seconds, as cameras show them: `1/250`, or `30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_s: Option<String>,
    /// The focal length in apertures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f_number: Option<f64>,
    /// The sensitivity of ISO 12232.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso: Option<u32>,
    /// Millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_length_mm: Option<f64>,
    /// Millimetres, for the same angle of view on film of 35 mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_length_35_mm: Option<u16>,
    /// What was added to the measured exposure, in steps of doubling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_ev: Option<f64>,
}

/// A place on the earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Position {
    /// Degrees, −90 to 90; north is positive.
    pub latitude_deg: f64,
    /// Degrees, −180 to 180; east is positive.
    pub longitude_deg: f64,
    /// Metres above the sea; below it is negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
}

/// `GET /api/image/{key}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageDetails {
    /// The same as in a listing.
    #[serde(flatten)]
    pub image: Image,
    /// Where the original can be fetched for the next five minutes.
    pub original_url: String,
    /// What is known of the original.
    pub metadata: Metadata,
}

/// `GET /api/images`: a page, newest first, or the state of the keys asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImagePage {
    /// Newest first; with `keys=` in the order asked, unknown ones left out.
    pub images: Vec<Image>,
    /// Hand it back to get the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// `GET /api/config`: what the page has to know before it can judge a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Config {
    /// The largest file accepted, bytes.
    pub max_bytes: u64,
    /// The most pixels accepted.
    pub max_pixels: u64,
    /// Media types accepted.
    pub accept: Vec<MediaType>,
    /// Size of the thumbnails.
    pub thumbnail: ThumbnailSize,
    /// Where live updates come from, if anywhere.
    pub live_url: Option<String>,
}

/// Size of the thumbnails, pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThumbnailSize {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// `GET /api/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The version that runs.
    pub version: String,
}

/// A JSON object whose members keep their order: S3 wants a form's fields in the order of signing.
mod ordered_map {
    use std::fmt;

    use serde::de::{MapAccess, Visitor};
    use serde::ser::SerializeMap;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        fields: &[(String, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for (name, value) in fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(String, String)>, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Vec<(String, String)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_both_ways() {
        let signed = SignedUpload {
            key: ImageId::new(5, [1; 10]),
            url: "https://s3".into(),
            fields: [("z", "1"), ("a", "2"), ("m", "3")].map(|(k, v)| (k.into(), v.into())).to_vec(),
            expires_at: "2026-01-01T00:00:00Z".into(),
        };
        let json = serde_json::to_string(&UploadOutcome::Signed(signed.clone())).unwrap();
        assert!(json.contains(r#"{"z":"1","a":"2","m":"3"}"#), "{json}");
        match serde_json::from_str(&json).unwrap() {
            UploadOutcome::Signed(back) => assert_eq!(back.fields, signed.fields),
            UploadOutcome::Refused { error } => panic!("{error:?}"),
        }
    }

    #[test]
    fn a_refused_file_is_told_apart() {
        let outcome = UploadOutcome::Refused { error: Problem::new(crate::Code::TooLarge, "Too big.") };
        let json = serde_json::to_string(&outcome).unwrap();
        assert!(json.starts_with(r#"{"error":{"type":"about:blank""#), "{json}");
        assert!(matches!(serde_json::from_str(&json).unwrap(), UploadOutcome::Refused { .. }));
    }
}
