//! What EXIF data tell of the camera and of the moment (Exif 2.32, 4.6).

use super::text::{clean, moment};
use super::tiff::{Directory, Tiff};
use super::{Exposure, Metadata, position};
use crate::Orientation;

const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;

const EXPOSURE_TIME: u16 = 0x829A;
const F_NUMBER: u16 = 0x829D;
const SENSITIVITY: u16 = 0x8827;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
const EXPOSURE_BIAS: u16 = 0x9204;
const FOCAL_LENGTH: u16 = 0x920A;
const FOCAL_LENGTH_35_MM: u16 = 0xA405;
const LENS_MODEL: u16 = 0xA434;

/// How the picture is stored; `None` where the data do not say or cannot be read.
pub(super) fn orientation(tiff: Tiff) -> Option<Orientation> {
    tiff.first()?.get(ORIENTATION)?.short().and_then(Orientation::from_exif)
}

/// All but the name of the profile, which is not kept here.
pub(super) fn read(tiff: Tiff) -> Option<Metadata> {
    let first = tiff.first()?;
    let text = |directory: &Directory, tag| directory.get(tag).and_then(|value| clean(value.text()?));
    let mut metadata = Metadata {
        camera: camera(text(&first, MAKE), text(&first, MODEL)),
        has_position: position::read(tiff).is_some(),
        ..Metadata::default()
    };
    if let Some(exif) = first.directory(EXIF_DIRECTORY) {
        metadata.lens = text(&exif, LENS_MODEL);
        metadata.exposure = exposure(&exif);
        metadata.taken_at = exif.get(DATE_TIME_ORIGINAL).and_then(|time| {
            let offset = exif.get(OFFSET_TIME_ORIGINAL).and_then(|value| value.text());
            moment(time.text()?, offset)
        });
    }
    Some(metadata)
}

/// Maker and model in one; many models begin with the maker's name already.
fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) => {
            let brand = make.split(' ').next().unwrap_or_default();
            let has_brand = model.get(..brand.len()).is_some_and(|start| start.eq_ignore_ascii_case(brand));
            Some(if has_brand { model } else { format!("{make} {model}") })
        }
        (make, model) => model.or(make),
    }
}

fn exposure(exif: &Directory) -> Exposure {
    let number = |tag| exif.get(tag).and_then(|value| value.number(0));
    let positive = |tag| number(tag).filter(|&value| value > 0.0);
    Exposure {
        time_s: exif.get(EXPOSURE_TIME).and_then(|value| value.fraction(0)).and_then(shortened),
        f_number: positive(F_NUMBER),
        iso: exif.get(SENSITIVITY).and_then(|value| value.whole()).filter(|&iso| iso != 0),
        focal_length_mm: positive(FOCAL_LENGTH),
        focal_length_35_mm: exif
            .get(FOCAL_LENGTH_35_MM)
            .and_then(|v| v.short())
            .filter(|&length| length != 0),
        bias_ev: number(EXPOSURE_BIAS),
    }
}

/// The same fraction in the smallest numbers; `None` if it is zero.
fn shortened((numerator, denominator): (u32, u32)) -> Option<(u32, u32)> {
    let (mut divisor, mut rest) = (numerator, denominator);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (numerator != 0).then(|| (numerator / divisor, denominator / divisor))
}
