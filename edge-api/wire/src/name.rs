//! File names that are safe in a key, on a disk, in a header and on a page.

use std::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// The most bytes a name may have: what common file systems allow.
const MAX_BYTES: usize = 255;

/// What a file is called whose own name leaves nothing to keep.
const FALLBACK: &str = "image";

/// Names that Windows reserves for devices, with or without an extension.
const RESERVED: [&str; 30] = [
    "con", "prn", "aux", "nul", "conin$", "conout$", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
    "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "com¹", "com²",
    "com³", "lpt¹", "lpt²", "lpt³",
];

/// A file's name without anything that could mean more than a name.
///
/// Unicode NFC; no separators, control or text-direction characters; no leading or trailing dots and spaces;
/// not a device name of Windows; at most 255 bytes with its extension kept; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct SafeName(String);

impl SafeName {
    /// Makes any text a safe name. Making a safe name safe again changes nothing.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        let last_segment = raw.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
        // Composed at the end: what is dropped may have stood between a letter and its accent.
        let cleaned: String = last_segment.chars().filter_map(replace_unsafe).nfc().collect();
        // S3 puts the name of the sent file where a form's key has this.
        let cleaned = cleaned.replace("${", "_{");
        let trimmed = cleaned.trim_matches(['.', ' ']);
        let can_be_seen = trimmed.chars().any(|c| !is_joiner(c));
        let mut name = if can_be_seen { trimmed.to_owned() } else { FALLBACK.to_owned() };
        if is_reserved(&name) {
            name.insert(0, '_');
        }
        Self(truncate(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Drops characters that are invisible or change the direction of text, and replaces those that file systems
/// forbid.
fn replace_unsafe(c: char) -> Option<char> {
    match c {
        c if c.is_control() || is_invisible(c) => None,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '/' | '\\' => Some('_'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// Bidirectional controls, zero-width characters, fillers, tags, the byte-order mark: a name must read as it is.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// What joins letters of some scripts, and chooses between forms of a sign: kept, but nothing to read by itself.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '.' | ' ')
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    RESERVED.iter().any(|reserved| stem.to_lowercase() == *reserved)
}

/// Shortens the stem, so that the extension stays, on a character border.
fn truncate(name: String) -> String {
    if name.len() <= MAX_BYTES {
        return name;
    }
    let extension_at = name.rfind('.').filter(|dot| name.len() - dot <= 16).unwrap_or(name.len());
    let (stem, extension) = name.split_at(extension_at);
    let mut end = MAX_BYTES - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem[..end].trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn safe(raw: &str) -> String {
        SafeName::new(raw).as_str().to_owned()
    }

    #[test]
    fn keeps_ordinary_names() {
        for name in ["IMG 1.jpg", "été à Nîmes.jpeg", "写真.png", "a+b&c=d%20.webp", "~home.gif"] {
            assert_eq!(safe(name), name);
        }
    }

    #[test]
    fn takes_the_last_segment_of_a_path() {
        assert_eq!(safe("../../etc/passwd"), "passwd");
        assert_eq!(safe(r"C:\Users\me\photo.jpg"), "photo.jpg");
        assert_eq!(safe("folder/"), "folder");
    }

    #[test]
    fn drops_what_cannot_be_seen_and_replaces_what_is_forbidden() {
        assert_eq!(safe("a\u{202E}gpj.exe\r\n"), "agpj.exe");
        assert_eq!(safe("what?<is>this*.jpg"), "what__is_this_.jpg");
        assert_eq!(safe("tab\tand\u{a0}nbsp.jpg"), "taband nbsp.jpg");
    }

    #[test]
    fn composes_to_nfc() {
        assert_eq!(safe("e\u{301}.jpg"), "é.jpg");
    }

    #[test]
    fn is_never_empty_hidden_or_a_device() {
        assert_eq!(safe(""), "image");
        assert_eq!(safe(" ... "), "image");
        assert_eq!(safe(".htaccess"), "htaccess");
        assert_eq!(safe("NUL.jpg"), "_NUL.jpg");
        assert_eq!(safe("com1"), "_com1");
    }

    #[test]
    fn shortens_on_a_character_border_and_keeps_the_extension() {
        let name = safe(&format!("{}.jpeg", "é".repeat(300)));
        assert!(name.len() <= MAX_BYTES);
        assert!(name.ends_with("é.jpeg"));
        assert_eq!(safe(&"x".repeat(400)).len(), MAX_BYTES);
    }

    #[test]
    fn an_accent_finds_its_letter_when_what_was_between_is_dropped() {
        assert_eq!(safe("e\u{200B}\u{301}.jpg"), "é.jpg");
    }

    #[test]
    fn a_name_cannot_have_s3_put_another_in_its_place() {
        assert_eq!(safe("${filename}"), "_{filename}");
        assert_eq!(safe("$\u{200B}{filename}"), "_{filename}");
    }

    #[test]
    fn what_nobody_can_see_is_no_name() {
        assert_eq!(safe("\u{200D}\u{FE0F}"), "image");
        assert_eq!(safe("\u{3164}.jpg"), "jpg");
    }

    /// Text with much of what is dangerous in it.
    fn raw() -> impl Strategy<Value = String> {
        let dangerous = prop::sample::select(vec![
            "/",
            "\\",
            ".",
            " ",
            "\0",
            "\n",
            "\u{202E}",
            "\u{2066}",
            "\u{200B}",
            "\u{200D}",
            "\u{301}",
            "\u{338}",
            "<",
            ":",
            "?",
            "$",
            "{",
            "con",
            "NUL",
            "COM1",
            "lpt\u{b9}",
            "\u{212A}",
            "\u{3000}",
            "é",
            "日本語",
            "👩\u{200D}🚀",
            "\u{E0041}",
            "\u{AC00}",
            "\u{11A8}",
            "jpg",
            "a",
        ]);
        let piece = prop_oneof![3 => dangerous.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from),
            1 => "[ -~]{0,8}", 1 => "\\PC{0,60}"];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_becomes_a_name_that_is_safe_and_stays_so(raw in raw()) {
            let name = safe(&raw);
            prop_assert!(!name.is_empty() && name.len() <= MAX_BYTES, "{} bytes", name.len());
            prop_assert_eq!(name.nfc().collect::<String>(), name.clone());
            let means_more = name.contains(['/', '\\', '<', '>', ':', '"', '|', '?', '*']) || name.contains("${");
            prop_assert!(!means_more);
            prop_assert!(!name.chars().any(|c| c.is_control() || is_invisible(c)));
            prop_assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']));
            prop_assert!(!is_reserved(&name));
            prop_assert!(name.chars().any(|c| !is_joiner(c)));
            prop_assert_eq!(safe(&name), name);
        }

        #[test]
        fn an_ordinary_name_stays_as_it_was(name in "[a-zA-Z0-9éüж日_()~+&=,;%#@!'-]{1,60}\\.(jpg|png|webp)") {
            prop_assert_eq!(safe(&name), name);
        }
    }

    #[test]
    fn making_safe_twice_changes_nothing() {
        for raw in ["", "..", "NUL", "a/b:c.jpg", "\u{202E}x", &"é".repeat(400), "CON .txt", "a. ."] {
            let once = safe(raw);
            assert_eq!(safe(&once), once, "{raw:?}");
        }
    }
}
