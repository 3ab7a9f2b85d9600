//! Reads messages in Fluent's syntax, as much of it as the page's messages use: texts, variables, and selections by
//! number or word. A full reader weighs as much as all that draws the page.
//!
//! Source: Fluent syntax guide 1.0 (messages, placeables, selectors); tested against `fluent-bundle`.

/// A value that a message shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arg<'a> {
    /// As it is.
    Text(&'a str),
    /// Written as the language writes numbers; selects by its plural category.
    Number(u64),
}

/// What a message needs to know of its language.
pub(crate) trait Language {
    /// CLDR's plural category: `one`, `other`, …
    fn category(&self, number: u64) -> String;
    /// The number in the language's digits and groups.
    fn number(&self, number: u64) -> String;
    /// Written from right to left, so that texts of the other direction need marks around them.
    fn is_rtl(&self) -> bool;
}

/// All messages of one language.
#[derive(Debug, Default)]
pub(crate) struct Messages(Vec<(String, String)>);

impl Messages {
    /// Reads a file of messages. What is no message is passed over, as Fluent wants it.
    pub(crate) fn parse(source: &str) -> Self {
        let mut messages = Vec::<(String, String)>::new();
        for line in source.lines() {
            let continues = line.starts_with([' ', '}']);
            if continues && let Some((_, pattern)) = messages.last_mut() {
                pattern.push('\n');
                pattern.push_str(line.trim());
            } else if let Some((id, pattern)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                messages.push((id.trim().to_owned(), pattern.trim().to_owned()));
            }
        }
        Self(messages)
    }

    /// The ids in the order of the file.
    #[cfg(test)]
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }

    /// A message with its variables filled in; the id itself if there is no such message.
    pub(crate) fn format(&self, language: &dyn Language, id: &str, args: &[(&str, Arg)]) -> String {
        let Some((_, pattern)) = self.0.iter().find(|(known, _)| known == id) else { return id.to_owned() };
        let mut out = String::new();
        Writer { language, args, out: &mut out }.write(pattern);
        out
    }
}

struct Writer<'a> {
    language: &'a dyn Language,
    args: &'a [(&'a str, Arg<'a>)],
    out: &'a mut String,
}

impl Writer<'_> {
    fn write(&mut self, pattern: &str) {
        let mut rest = pattern;
        while let Some((text, inside)) = rest.split_once('{') {
            self.out.push_str(text);
            let end = closing_brace(inside);
            self.place(&inside[..end]);
            rest = inside.get(end + 1..).unwrap_or_default();
        }
        self.out.push_str(rest);
    }

    /// Writes what stands between two braces: `$name`, or `$name -> [key] text …`.
    fn place(&mut self, inside: &str) {
        let (name, variants) = match inside.split_once("->") {
            Some((name, variants)) => (name, Some(variants)),
            None => (inside, None),
        };
        let name = name.trim().trim_start_matches('$');
        let Some((_, arg)) = self.args.iter().find(|(known, _)| *known == name) else { return };
        match (*arg, variants) {
            (Arg::Text(text), None) if self.language.is_rtl() => {
                // First strong isolate, pop directional isolate.
                self.out.extend(['\u{2068}', '\u{2069}']);
                self.out.insert_str(self.out.len() - '\u{2069}'.len_utf8(), text);
            }
            (Arg::Text(text), None) => self.out.push_str(text),
            (Arg::Number(number), None) => self.out.push_str(&self.language.number(number)),
            (Arg::Text(text), Some(variants)) => self.write(select(variants, text)),
            (Arg::Number(number), Some(variants)) => {
                self.write(select(variants, &self.language.category(number)));
            }
        }
    }
}

/// The text of the variant with this key, or of the one with a star.
fn select<'a>(variants: &'a str, wanted: &str) -> &'a str {
    let mut default = "";
    for line in variants.lines() {
        let is_default = line.starts_with('*');
        let line = line.trim_start_matches('*').strip_prefix('[');
        let Some((key, text)) = line.and_then(|line| line.split_once(']')) else { continue };
        if key.trim() == wanted {
            return text.trim();
        }
        if is_default {
            default = text.trim();
        }
    }
    default
}

/// Where the brace is that closes what has just been opened.
fn closing_brace(text: &str) -> usize {
    let mut depth = 1_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
#[path = "fluent_tests.rs"]
mod tests;
