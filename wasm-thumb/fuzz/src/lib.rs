//! What the fuzz targets share: a picture of one format, in any size and quality, within small limits.

use std::sync::LazyLock;

use wasm_thumb::{Format, Limits, Options, Quality, Size, inspect, position, sniff, thumbnail};

/// The engine on bytes that are taken for `format`, if they begin as it does.
pub fn of_format(data: &[u8], format: Format) {
    if sniff(data) == Some(format) {
        whole(data);
    }
}

/// Everything that can be done with a file. The last two bytes choose the size.
pub fn whole(data: &[u8]) {
    let limits = Limits { max_pixels: 1 << 22, max_alloc_bytes: 64 << 20, ..Limits::default() };
    let side = |at: usize| {
        data.len().checked_sub(at).and_then(|at| data.get(at)).map_or(100, |&byte| u32::from(byte % 64) + 1)
    };
    let (Ok(size), Ok(quality)) = (Size::new(side(1), side(2)), Quality::new(85)) else { return };
    let found = inspect(data, &limits);
    let _ = position(data);
    if let Ok(made) = thumbnail(data, &Options { size, quality, limits }) {
        let found = found.expect("what can be decoded can be inspected");
        assert_eq!((made.width, made.height), (size.width(), size.height()));
        assert_eq!((made.source_width, made.source_height), (found.width, found.height));
        let again = inspect(&made.bytes, &limits).expect("a thumbnail is a picture");
        assert_eq!((again.width, again.height, again.format), (made.width, made.height, Format::Jpeg));
    }
}

/// Fails where a build asks for checksums, which would keep random bytes from everything behind them: those of a PNG's
/// chunks, and that of its compressed pixels.
pub fn pass_over_checksums() {
    let picture = fixtures::png(&fixtures::solid(3, 3, [9, 99, 199]));
    let pixels = picture.windows(4).position(|kind| kind == b"IDAT").expect("a PNG has pixels");
    let length = u32::from_be_bytes(*picture[pixels - 4..].first_chunk().expect("a length comes before the kind"));
    let end = pixels + 4 + usize::try_from(length).expect("a small picture");
    for sum in [29, end - 4, end] {
        let mut wrong = picture.clone();
        wrong[sum] ^= 1;
        thumbnail(&wrong, &Options::default()).expect("checksums are passed over");
    }
}

static JPEG: LazyLock<Vec<u8>> = LazyLock::new(|| fixtures::photo_jpeg(16, 16, 1));

/// A good picture with these bytes as its colour profile.
pub fn with_profile(data: &[u8]) {
    with_segment(0xE2, b"ICC_PROFILE\0\x01\x01", data);
}

/// A good picture with these bytes as its EXIF data.
pub fn with_exif(data: &[u8]) {
    with_segment(0xE1, b"Exif\0\0", data);
}

fn with_segment(marker: u8, prefix: &[u8], data: &[u8]) {
    let Ok(length) = u16::try_from(2 + prefix.len() + data.len()) else { return };
    let (start, rest) = JPEG.split_at(2);
    whole(&[start, &[0xFF, marker], &length.to_be_bytes(), prefix, data, rest].concat());
}
