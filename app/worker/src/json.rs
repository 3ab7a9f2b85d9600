//! Reads JSON into plain values.
//!
//! A derived reader is compiled anew for each type, and for the page that was a sixth of its module.
//! This one is compiled once; what writes JSON stays derived, and tests hold the two together.

/// How deep lists and objects may lie in each other; the API never goes past four.
const MOST_DEPTH: u32 = 16;

/// One JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; none if it is not a whole one from 0 to 2⁶⁴ − 1, of which the API has no other.
    Number(Option<u64>),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, its members in the order written.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a whole text; none if it is not JSON.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(MOST_DEPTH)?;
        reader.skip_blanks();
        (reader.at == text.len()).then_some(value)
    }

    /// The member of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A member that is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_text().map(str::to_owned)
    }

    /// A member that is a number and fits.
    #[must_use]
    pub fn number<N: TryFrom<u64>>(&self, name: &str) -> Option<N> {
        let Self::Number(number) = self.get(name)? else { return None };
        N::try_from((*number)?).ok()
    }

    /// The elements of a member that is an array, each read by `read`; none if one cannot be read.
    pub fn list<T>(&self, name: &str, read: impl FnMut(&Self) -> Option<T>) -> Option<Vec<T>> {
        let Self::List(elements) = self.get(name)? else { return None };
        elements.iter().map(read).collect()
    }

    /// A string's characters.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Writes a string as JSON does, quotes included.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\0'..' ' => {
                let digit = |four_bits: u32| char::from_digit(four_bits, 16).unwrap_or('0');
                let code = u32::from(character);
                out.push_str("\\u00");
                out.extend([digit(code >> 4), digit(code & 15)]);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<Json> {
        self.skip_blanks();
        match self.peek()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'"' => self.string().map(Json::Text),
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u32) -> Option<Json> {
        let mut members = Vec::new();
        self.at += 1;
        if !self.takes(b'}') {
            loop {
                self.skip_blanks();
                let name = self.string()?;
                self.takes(b':').then_some(())?;
                members.push((name, self.value(depth)?));
                if !self.takes(b',') {
                    break self.takes(b'}').then_some(())?;
                }
            }
        }
        Some(Json::Object(members))
    }

    fn list(&mut self, depth: u32) -> Option<Json> {
        let mut elements = Vec::new();
        self.at += 1;
        if !self.takes(b']') {
            loop {
                elements.push(self.value(depth)?);
                if !self.takes(b',') {
                    break self.takes(b']').then_some(())?;
                }
            }
        }
        Some(Json::List(elements))
    }

    fn string(&mut self) -> Option<String> {
        let mut string = String::new();
        (self.next()? == b'"').then_some(())?;
        loop {
            let plain = self.rest().bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
            string.push_str(&self.rest()[..plain]);
            self.at += plain;
            match self.next()? {
                b'"' => return Some(string),
                b'\\' => string.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => return self.utf16(),
            same @ (b'"' | b'\\' | b'/') => char::from(same),
            _ => return None,
        })
    }

    /// Four hex digits, or twice four where a character takes two units of UTF-16.
    fn utf16(&mut self) -> Option<char> {
        let unit = self.hex4()?;
        if !(0xD800..0xDC00).contains(&unit) {
            return char::from_u32(unit);
        }
        (self.next()? == b'\\' && self.next()? == b'u').then_some(())?;
        let low = self.hex4()?.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
        char::from_u32(0x10000 + ((unit - 0xD800) << 10) + low)
    }

    fn hex4(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + char::from(self.next()?).to_digit(16)?))
    }

    fn number(&mut self) -> Option<Json> {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(|byte| is_part(byte)).count();
        let digits = &self.rest()[..length];
        self.at += length;
        // `+1` is a number to Rust but not to JSON.
        (length > 0 && !digits.starts_with('+')).then(|| Json::Number(digits.parse().ok()))
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.rest().starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    /// Skips blanks, then the byte if it is the next.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        // Only ASCII is ever taken byte by byte, so that `at` stays on a character border.
        byte.is_ascii().then(|| {
            self.at += 1;
            byte
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_full_writer_writes() {
        let text = "é \"\\/\n\r\t\u{8}\u{c}\u{1}\u{1F600}";
        let written = serde_json::json!({"text": text, "list": [0, u64::MAX, null, true, false, [], {}]});
        for json in [written.to_string(), serde_json::to_string_pretty(&written).unwrap()] {
            let read = Json::parse(&json).unwrap();
            assert_eq!(read.text("text").as_deref(), Some(text));
            let numbers = [Json::Number(Some(0)), Json::Number(Some(u64::MAX))];
            let words = [Json::Null, Json::Bool(true), Json::Bool(false)];
            let empty = [Json::List(Vec::new()), Json::Object(Vec::new())];
            let list = numbers.into_iter().chain(words).chain(empty).collect();
            assert_eq!(read.get("list"), Some(&Json::List(list)));
        }
    }

    #[test]
    fn a_quoted_text_reads_back() {
        let text: String = ('\0'..'\u{100}').chain(['\u{1F600}']).collect();
        let mut json = String::new();
        quote(&text, &mut json);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        assert_eq!(Json::parse(&json), Some(Json::Text(text)));
    }

    #[test]
    fn reads_escaped_characters() {
        let read = |json: &str| Json::parse(json)?.as_text().map(str::to_owned);
        assert_eq!(read(r#""\u00e9\uD83D\ude00\/""#).as_deref(), Some("é\u{1F600}/"));
        for bad in
            [r#""\uD83D""#, r#""\uDE00""#, r#""\uD83Dx""#, r#""\u00g0""#, r#""\x""#, r#""\é""#, "\"\n\""]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn refuses_what_is_not_json() {
        for bad in
            ["", " ", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "nul", "\"", "1 1", "+1", "é", "{a:1}"]
        {
            assert_eq!(Json::parse(bad), None, "{bad}");
        }
        assert_eq!(Json::parse(&"[".repeat(100_000)), None);
    }

    #[test]
    fn a_number_has_to_fit() {
        let json = Json::parse(r#"{"whole":300,"part":1.5,"less":-1,"more":18446744073709551616}"#).unwrap();
        assert_eq!((json.number::<u64>("whole"), json.number::<u8>("whole")), (Some(300), None));
        assert_eq!(["part", "less", "more"].map(|name| json.number::<u64>(name)), [None; 3]);
    }
}
