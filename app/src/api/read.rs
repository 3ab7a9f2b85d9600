//! From JSON to the types of the contract. None if what is read is not what the contract says.

use messages::Json;
use wire::api::ThumbnailSize;
use wire::{
    Code, Config, Failure, FailureCode, Image, ImageDetails, ImagePage, LiveMessage, Metadata, Problem,
    SignedUpload, Status, Thumbnail, UploadOutcome, UploadResponse,
};

pub(super) fn config(json: &Json) -> Option<Config> {
    let thumbnail = json.get("thumbnail")?;
    Some(Config {
        max_bytes: json.number("max_bytes")?,
        max_pixels: json.number("max_pixels")?,
        accept: json.list("accept", |kind| kind.as_text()?.parse().ok())?,
        thumbnail: ThumbnailSize { width: thumbnail.number("width")?, height: thumbnail.number("height")? },
        live_url: json.text("live_url"),
    })
}

pub(super) fn uploads(json: &Json) -> Option<UploadResponse> {
    Some(UploadResponse { uploads: json.list("uploads", outcome)? })
}

fn outcome(json: &Json) -> Option<UploadOutcome> {
    if let Some(error) = json.get("error") {
        return Some(UploadOutcome::Refused { error: problem(error)? });
    }
    let Json::Object(fields) = json.get("fields")? else { return None };
    let field = |(name, value): &(String, Json)| Some((name.clone(), value.as_text()?.to_owned()));
    Some(UploadOutcome::Signed(SignedUpload {
        key: json.get("key")?.as_text()?.parse().ok()?,
        url: json.text("url")?,
        fields: fields.iter().map(field).collect::<Option<_>>()?,
        expires_at: json.text("expires_at")?,
    }))
}

pub(super) fn page(json: &Json) -> Option<ImagePage> {
    Some(ImagePage { images: json.list("images", image)?, next_cursor: json.text("next_cursor") })
}

pub(super) fn details(json: &Json) -> Option<ImageDetails> {
    let metadata = json.get("metadata")?;
    Some(ImageDetails {
        image: image(json)?,
        original_url: json.text("original_url")?,
        metadata: Metadata {
            orientation: metadata.number("orientation"),
            sha256: metadata.text("sha256"),
            ..Metadata::default()
        },
    })
}

pub(super) fn live_message(json: &Json) -> Option<LiveMessage> {
    let at = json.text("at");
    Some(match json.get("type")?.as_text()? {
        "start" => LiveMessage::Start { at: at?, complete: *json.get("complete")? == Json::Bool(true) },
        "image" => LiveMessage::Image { image: Box::new(image(json.get("image")?)?), at },
        "deleted" => LiveMessage::Deleted { key: json.get("key")?.as_text()?.parse().ok()?, at },
        _ => return None,
    })
}

fn image(json: &Json) -> Option<Image> {
    Some(Image {
        key: json.get("key")?.as_text()?.parse().ok()?,
        name: json.text("name")?,
        status: match json.get("status")?.as_text()? {
            "processing" => Status::Processing,
            "ready" => Status::Ready,
            "failed" => Status::Failed,
            _ => return None,
        },
        created_at: json.text("created_at")?,
        media_type: json.get("type").and_then(Json::as_text).and_then(|kind| kind.parse().ok()),
        bytes: json.number("bytes")?,
        width: json.number("width"),
        height: json.number("height"),
        thumbnail: json.get("thumbnail").and_then(thumbnail),
        placeholder: json.text("placeholder"),
        // The page does not show them yet.
        larger: Vec::new(),
        error: json.get("error").and_then(failure),
    })
}

fn thumbnail(json: &Json) -> Option<Thumbnail> {
    Some(Thumbnail {
        url: json.text("url")?,
        width: json.number("width")?,
        height: json.number("height")?,
        bytes: json.number("bytes")?,
        sha256: json.text("sha256")?,
    })
}

fn failure(json: &Json) -> Option<Failure> {
    // A code of a newer server still comes with its sentence.
    let code = json.get("code")?.as_text()?.parse().unwrap_or(FailureCode::Internal);
    Some(Failure { code, detail: json.text("detail")? })
}

pub(super) fn problem(json: &Json) -> Option<Problem> {
    Some(Problem {
        kind: json.text("type")?,
        title: json.text("title")?,
        status: json.number("status")?,
        detail: json.text("detail")?,
        code: match json.get("code")?.as_text()? {
            "bad_request" => Code::BadRequest,
            "not_found" => Code::NotFound,
            "method_not_allowed" => Code::MethodNotAllowed,
            "too_large" => Code::TooLarge,
            "unsupported_type" => Code::UnsupportedType,
            "invalid_cursor" => Code::InvalidCursor,
            "too_many_files" => Code::TooManyFiles,
            "too_many_requests" => Code::TooManyRequests,
            "internal" => Code::Internal,
            "unavailable" => Code::Unavailable,
            _ => return None,
        },
        request_id: json.text("request_id"),
    })
}

/// What the server's own writer writes is read back: a name that differs fails here.
#[cfg(test)]
mod tests {
    use serde::Serialize;
    use wire::{ImageId, MediaType};

    use super::*;

    fn written(value: &impl Serialize) -> Json {
        Json::parse(&serde_json::to_string(value).unwrap()).unwrap()
    }

    fn ready() -> Image {
        Image {
            key: ImageId::new(1, [2; 10]),
            name: "été.jpg".into(),
            status: Status::Ready,
            created_at: "2026-01-01T00:00:00.000Z".into(),
            media_type: Some(MediaType::Jpeg),
            bytes: 3,
            width: Some(4),
            height: Some(5),
            thumbnail: Some(Thumbnail {
                url: "/thumbs/x".into(),
                width: 6,
                height: 7,
                bytes: 8,
                sha256: "ab".into(),
            }),
            placeholder: Some("0102030405".into()),
            larger: Vec::new(),
            error: None,
        }
    }

    fn bare(status: Status, error: Option<Failure>) -> Image {
        Image {
            status,
            media_type: None,
            width: None,
            height: None,
            thumbnail: None,
            placeholder: None,
            error,
            ..ready()
        }
    }

    #[test]
    fn pages_are_read_as_written() {
        let mut images: Vec<Image> =
            FailureCode::ALL.map(|code| bare(Status::Failed, Some(code.into()))).to_vec();
        images.extend([ready(), bare(Status::Processing, None)]);
        for next_cursor in [None, Some("next".to_owned())] {
            let whole = ImagePage { images: images.clone(), next_cursor };
            assert_eq!(page(&written(&whole)), Some(whole));
        }
    }

    #[test]
    fn live_messages_are_read_as_written() {
        let at = Some("run-7".to_owned());
        for message in [
            LiveMessage::Start { at: "run-7".into(), complete: true },
            LiveMessage::Start { at: "run-7".into(), complete: false },
            LiveMessage::Image { image: Box::new(ready()), at: at.clone() },
            LiveMessage::Deleted { key: ready().key, at: None },
        ] {
            assert_eq!(live_message(&written(&message)), Some(message));
        }
    }

    #[test]
    fn an_unknown_failure_keeps_its_sentence() {
        let json = Json::parse(r#"{"code":"too_new","detail":"What to do."}"#).unwrap();
        let known = Failure { code: FailureCode::Internal, detail: "What to do.".into() };
        assert_eq!(failure(&json), Some(known));
    }

    #[test]
    fn details_are_read_as_written() {
        let told = Metadata { orientation: Some(6), sha256: Some("cd".into()), ..Metadata::default() };
        for metadata in [Metadata::default(), told] {
            let whole = ImageDetails { image: ready(), original_url: "https://s3".into(), metadata };
            assert_eq!(details(&written(&whole)), Some(whole));
        }
    }

    #[test]
    fn the_configuration_is_read_as_written() {
        let whole = Config {
            max_bytes: 1,
            max_pixels: 2,
            accept: MediaType::ALL.to_vec(),
            thumbnail: ThumbnailSize { width: 3, height: 4 },
            live_url: Some("wss://live".into()),
        };
        let json = written(&whole);
        assert_eq!(config(&json).map(|read| written(&read)), Some(json));
    }

    #[test]
    fn outcomes_are_read_as_written() {
        let signed = SignedUpload {
            key: ImageId::new(9, [9; 10]),
            url: "https://s3".into(),
            fields: [("z", "1"), ("a", "2")].map(|(name, value)| (name.into(), value.into())).to_vec(),
            expires_at: "2026-01-01T00:00:00Z".into(),
        };
        let refused = UploadOutcome::Refused { error: Problem::new(Code::TooLarge, "Too large.") };
        let json = written(&UploadResponse { uploads: vec![UploadOutcome::Signed(signed), refused] });
        assert_eq!(uploads(&json).map(|read| written(&read)), Some(json));
    }

    #[test]
    fn problems_are_read_as_written() {
        for code in [
            Code::BadRequest,
            Code::NotFound,
            Code::MethodNotAllowed,
            Code::TooLarge,
            Code::UnsupportedType,
            Code::InvalidCursor,
            Code::TooManyFiles,
            Code::TooManyRequests,
            Code::Internal,
            Code::Unavailable,
        ] {
            let whole = Problem::new(code, "What to do.");
            assert_eq!(problem(&written(&whole)), Some(whole));
        }
    }
}
