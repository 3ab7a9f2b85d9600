//! Texts of metadata, made safe to show.

/// More letters than any camera's name has.
const MAX_CHARS: usize = 100;

/// A text without blanks around it, without control characters and not too long; `None` if nothing is left.
pub(super) fn clean(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let is_shown = |c: &char| !c.is_control() && *c != char::REPLACEMENT_CHARACTER && !turns_text(*c);
    let text: String = text.trim().chars().filter(is_shown).take(MAX_CHARS).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a character changes the direction of those around it (Unicode UAX 9, 2).
fn turns_text(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A moment as in RFC 3339, `2026-05-01T12:34:56`, with the offset from UTC where it is known (Exif 2.32, 4.6.5);
/// `None` if it is not one.
pub(super) fn moment(time: &[u8], offset: Option<&[u8]>) -> Option<String> {
    let &[y0, y1, y2, y3, b':', m0, m1, b':', d0, d1, b' ', h0, h1, b':', n0, n1, b':', s0, s1] =
        time.get(..19)?
    else {
        return None;
    };
    let pair = |tens: u8, ones: u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| 10 * (tens - b'0') + ones - b'0')
    };
    let (century, year) = (pair(y0, y1)?, pair(y2, y3)?);
    let (month, day) = (pair(m0, m1)?, pair(d0, d1)?);
    let (hour, minute, second) = (pair(h0, h1)?, pair(n0, n1)?, pair(s0, s1)?);
    let is_one = century > 0 && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_one || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let moment = format!("{century:02}{year:02}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let offset = offset.and_then(|offset| match offset.get(..6)? {
        &[sign @ (b'+' | b'-'), h0, h1, b':', n0, n1] => {
            let (hours, minutes) = (pair(h0, h1)?, pair(n0, n1)?);
            let is_one = hours < 24 && minutes < 60;
            is_one.then(|| format!("{}{hours:02}:{minutes:02}", char::from(sign)))
        }
        _ => None,
    });
    Some(moment + &offset.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_safe() {
        assert_eq!(clean(b"  NIKON D90 \0"), Some("NIKON D90".into()));
        assert_eq!(clean("a\u{202E}b\nc\u{7}".as_bytes()), Some("abc".into()));
        assert_eq!(clean(b"\xFF\xFE"), None);
        assert_eq!(clean(b"   "), None);
        assert_eq!(clean(&[b'x'; 5000]).map(|text| text.len()), Some(MAX_CHARS));
    }

    #[test]
    fn moments_are_those_of_rfc_3339() {
        assert_eq!(moment(b"2010:05:16 13:07:09", None).as_deref(), Some("2010-05-16T13:07:09"));
        let with = |offset: &'static [u8]| moment(b"2010:05:16 13:07:09", Some(offset)).unwrap();
        assert_eq!(with(b"+05:30"), "2010-05-16T13:07:09+05:30");
        assert_eq!(with(b"-08:00\0"), "2010-05-16T13:07:09-08:00");
        assert_eq!(with(b"   :  "), "2010-05-16T13:07:09");
        for bad in [
            "0000:00:00 00:00:00",
            "2010:13:01 00:00:00",
            "2010:05:16 24:00:00",
            "2010-05-16 13:07:09",
            "    :  :     :  :  ",
            "",
        ] {
            assert_eq!(moment(bad.as_bytes(), None), None, "{bad}");
        }
    }
}
