//! What is made of an original, without a word to S3.

use wasm_thumb::{Coding, Error, Limits, Options, Picture, Shape, Size, Spec, Thumbnail, renditions};
use wire::api::{Exposure, Position};
use wire::key::{Placeholder, Sha256};
use wire::{FailureCode, MediaType, Metadata};

use crate::store::Body;

/// The size at which a `ThumbHash` takes its picture, pixels: it keeps seven waves across at most.
const PLACEHOLDER_SIDE_PX: u32 = 50;

/// What was made of an original.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) thumbnail: Thumbnail,
    pub(crate) metadata: Metadata,
    pub(crate) placeholder: Option<Placeholder>,
    /// For what is made later.
    pub(crate) original: Vec<u8>,
}

/// What a media type alone rules out. Those that say nothing rule nothing out: the bytes will tell.
pub(crate) fn judge_type(content_type: Option<&str>) -> Result<(), FailureCode> {
    let text = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_lowercase();
    match text.as_str() {
        "" | "application/octet-stream" | "binary/octet-stream" => Ok(()),
        known if known.parse::<MediaType>().is_ok() => Ok(()),
        picture if picture.starts_with("image/") => Err(FailureCode::UnsupportedFormat),
        _ => Err(FailureCode::NotAnImage),
    }
}

/// The thumbnail, and what the file tells of itself.
pub(crate) fn make(body: Body, limits: &Limits, with_position: bool) -> Result<Made, Error> {
    let Body { bytes, sha256 } = body;
    let thumbnail = wasm_thumb::thumbnail(&bytes, &Options { limits: *limits, ..Options::default() })?;
    let mut metadata = Metadata {
        orientation: Some(thumbnail.orientation.exif()),
        sha256: Some(Sha256(sha256).to_string()),
        ..Metadata::default()
    };
    // What has become a thumbnail has a header that can be read.
    if let Ok(inspection) = wasm_thumb::inspect(&bytes, limits) {
        let wasm_thumb::Metadata { camera, lens, exposure, taken_at, profile, .. } = inspection.metadata;
        let exposure = Exposure {
            time_s: exposure.time_s.map(|(numerator, denominator)| fraction(numerator, denominator)),
            f_number: exposure.f_number,
            iso: exposure.iso,
            focal_length_mm: exposure.focal_length_mm,
            focal_length_35_mm: exposure.focal_length_35_mm,
            bias_ev: exposure.bias_ev,
        };
        metadata.camera = camera;
        metadata.lens = lens;
        metadata.exposure = Some(exposure).filter(|exposure| *exposure != Exposure::default());
        metadata.taken_at = taken_at;
        metadata.colour_profile = profile;
    }
    if with_position {
        metadata.position = wasm_thumb::position(&bytes).map(|position| Position {
            latitude_deg: position.latitude_deg,
            longitude_deg: position.longitude_deg,
            altitude_m: position.altitude_m,
        });
    }
    let placeholder = placeholder(&thumbnail.bytes, limits);
    Ok(Made { thumbnail, metadata, placeholder, original: bytes })
}

/// A `ThumbHash` of the thumbnail, which is what it stands in for. Decoded from the file, it is that of any who makes
/// one himself.
fn placeholder(thumbnail: &[u8], limits: &Limits) -> Option<Placeholder> {
    let size = Size::new(PLACEHOLDER_SIDE_PX, PLACEHOLDER_SIDE_PX).ok()?;
    let spec = Spec { size, shape: Shape::Fit, coding: Coding::Rgb };
    let Picture { bytes, width, height } = renditions(thumbnail, &[spec], limits).ok()?.pop()??;
    let rgba: Vec<u8> = bytes.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    Placeholder::new(thumbhash::rgba_to_thumb_hash(width as usize, height as usize, &rgba))
}

/// `1/250`, or `30`.
fn fraction(numerator: u32, denominator: u32) -> String {
    if denominator == 1 { numerator.to_string() } else { format!("{numerator}/{denominator}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_rules_out_what_it_names_and_nothing_else() {
        for open in [None, Some(""), Some("application/octet-stream"), Some("binary/octet-stream")] {
            assert_eq!(judge_type(open), Ok(()), "{open:?}");
        }
        for known in ["image/jpeg", "IMAGE/JPEG; q=1", "image/jpg", "image/tiff"] {
            assert_eq!(judge_type(Some(known)), Ok(()), "{known}");
        }
        for (other, code) in [
            ("image/heic", FailureCode::UnsupportedFormat),
            ("image/svg+xml", FailureCode::UnsupportedFormat),
            ("text/html; charset=utf-8", FailureCode::NotAnImage),
            ("video/mp4", FailureCode::NotAnImage),
        ] {
            assert_eq!(judge_type(Some(other)), Err(code), "{other}");
        }
    }

    #[test]
    fn the_placeholder_has_the_colours_of_the_thumbnail() {
        let red = wasm_thumb::thumbnail(
            &fixtures::png(&fixtures::solid(300, 200, [200, 30, 30])),
            &Options::default(),
        );
        let hash = placeholder(&red.unwrap().bytes, &Limits::default()).unwrap();
        let hash: Vec<u8> = hash.as_bytes().to_vec();
        let (r, g, b, _) = thumbhash::thumb_hash_to_average_rgba(&hash).unwrap();
        let near = |value: f32, wanted: f32| (value * 255.0 - wanted).abs() < 8.0;
        assert!(near(r, 200.0) && near(g, 30.0) && near(b, 30.0), "{r} {g} {b}");
        let photo = wasm_thumb::thumbnail(&fixtures::photo_jpeg(300, 200, 1), &Options::default()).unwrap();
        assert!(
            placeholder(&photo.bytes, &Limits::default()).unwrap().as_bytes().len() <= Placeholder::MAX_BYTES
        );
    }

    #[test]
    fn times_are_written_as_cameras_show_them() {
        assert_eq!((fraction(1, 250), fraction(30, 1)), ("1/250".to_owned(), "30".to_owned()));
    }
}
