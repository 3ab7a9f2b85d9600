//! Where a picture was taken (Exif 2.32, 4.6.6).

use super::tiff::{Directory, Tiff};

const GPS_DIRECTORY: u16 = 0x8825;
const LATITUDE_REF: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_REF: u16 = 3;
const LONGITUDE: u16 = 4;
const ALTITUDE_REF: u16 = 5;
const ALTITUDE: u16 = 6;

/// A place on the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Degrees, −90 to 90; north is positive.
    pub latitude_deg: f64,
    /// Degrees, −180 to 180; east is positive.
    pub longitude_deg: f64,
    /// Metres above the sea; below it is negative.
    pub altitude_m: Option<f64>,
}

pub(super) fn read(tiff: Tiff) -> Option<Position> {
    let gps = tiff.first()?.directory(GPS_DIRECTORY)?;
    let latitude_deg = angle(&gps, LATITUDE)? * sign(&gps, LATITUDE_REF, b'S');
    let longitude_deg = angle(&gps, LONGITUDE)? * sign(&gps, LONGITUDE_REF, b'W');
    let is_below = gps.get(ALTITUDE_REF).and_then(|value| value.byte()) == Some(1);
    let altitude = gps.get(ALTITUDE).and_then(|value| value.number(0));
    let altitude_m = altitude.map(|metres| if is_below { -metres } else { metres });
    let is_on_earth = latitude_deg.abs() <= 90.0 && longitude_deg.abs() <= 180.0;
    is_on_earth.then_some(Position { latitude_deg, longitude_deg, altitude_m })
}

/// Degrees, minutes and seconds as degrees.
fn angle(gps: &Directory, tag: u16) -> Option<f64> {
    let value = gps.get(tag)?;
    let part = |index| value.number(index);
    Some(part(0)? + part(1).unwrap_or(0.0) / 60.0 + part(2).unwrap_or(0.0) / 3600.0)
}

fn sign(gps: &Directory, tag: u16, negative: u8) -> f64 {
    let letter = gps.get(tag).and_then(|value| value.byte());
    if letter.is_some_and(|letter| letter.eq_ignore_ascii_case(&negative)) { -1.0 } else { 1.0 }
}
