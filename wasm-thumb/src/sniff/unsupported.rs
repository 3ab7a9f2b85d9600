//! Pictures that are known for what they are, but not read here.

/// How far into a text an `<svg` is looked for.
const SVG_SEARCH_BYTES: usize = 4096;

/// Signatures at the very beginning.
const SIGNATURES: &[(&[u8], &str)] = &[
    (&[0xFF, 0x0A], "JPEG XL"),
    (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
    (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
    (&[0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
    (b"II\xBC\x01", "JPEG XR"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\x01\0", "icon"),
    (b"\0\0\x02\0", "cursor"),
    (b"icns", "icon"),
    (b"gimp xcf", "GIMP"),
    (b"\x76\x2F\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"#?RGBE", "Radiance HDR"),
    (b"qoif", "QOI"),
    (b"DDS ", "DirectDraw"),
    (b"farbfeld", "farbfeld"),
    (b"\x8AMNG\r\n\x1A\n", "MNG"),
    (b"\x8BJNG\r\n\x1A\n", "JNG"),
    (b"AT&TFORM", "DjVu"),
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"IIRO", "raw"),
    (b"IIRS", "raw"),
    (b"IIU\0", "raw"),
];

/// Brands of ISO base media files (ISO/IEC 14496-12) that hold pictures, at byte 8 of an `ftyp` box.
const BRANDS: &[(&[u8], &str)] = &[
    (b"avif", "AVIF"),
    (b"avis", "AVIF"),
    (b"heic", "HEIC"),
    (b"heix", "HEIC"),
    (b"heim", "HEIC"),
    (b"heis", "HEIC"),
    (b"hevc", "HEIC"),
    (b"hevx", "HEIC"),
    (b"mif1", "HEIF"),
    (b"mif2", "HEIF"),
    (b"msf1", "HEIF"),
    (b"jxl ", "JPEG XL"),
    (b"crx ", "raw"),
];

/// The usual name of a kind of picture that is not read here.
pub(super) fn kind(bytes: &[u8]) -> Option<&'static str> {
    let named = |list: &[(&[u8], &'static str)], bytes: &[u8]| {
        list.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|&(_, name)| name)
    };
    if let Some(name) = named(SIGNATURES, bytes) {
        return Some(name);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return bytes.get(8..).and_then(|brand| named(BRANDS, brand));
    }
    // Canon's raw format is a TIFF with a signature of its own.
    if bytes.starts_with(b"II*\0") && bytes.get(8..10) == Some(b"CR") {
        return Some("raw");
    }
    if is_netpbm(bytes) {
        return Some("Netpbm");
    }
    is_svg(bytes).then_some("SVG")
}

/// `P1` to `P7`, white space, and then a number or a comment.
fn is_netpbm(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'1'..=b'6', b'\n' | b' ' | b'\r' | b'\t', b'0'..=b'9' | b'#', ..])
        || bytes.starts_with(b"P7\nWIDTH")
}

/// Text whose root element is `svg`, after an XML declaration, comments or a document type.
fn is_svg(bytes: &[u8]) -> bool {
    let head = bytes.get(..SVG_SEARCH_BYTES).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let prologue = [&b"<?xml"[..], b"<!--", b"<!DOCTYPE svg", b"<svg"];
    prologue.iter().any(|start| head.starts_with(start))
        && head.windows(5).any(|w| w.starts_with(b"<svg") && (w[4].is_ascii_whitespace() || w[4] == b'>'))
}
