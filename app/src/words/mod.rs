//! Everything the page says, from the message file of the person's language.
//!
//! `start.js` picks the language and fetches its file beside the module, so that nobody fetches more than one.

mod fluent;
mod language;
mod size;

use fluent::Messages;
use language::Spoken;

pub(crate) use fluent::Arg;
pub(crate) use size::{duration, size};

thread_local! {
    static WORDS: (Messages, Spoken) = load();
}

/// A message without variables.
pub(crate) fn t(id: &str) -> String {
    say(id, &[])
}

/// A message about one number.
pub(crate) fn count(id: &str, name: &str, number: usize) -> String {
    say(id, &[(name, number.into())])
}

/// A message about a file or an image.
pub(crate) fn named(id: &str, name: &str) -> String {
    say(id, &[("name", Arg::Text(name))])
}

/// A message with its variables.
pub(crate) fn say(id: &str, args: &[(&str, Arg)]) -> String {
    WORDS.with(|(messages, spoken)| messages.format(spoken, id, args))
}

/// A button that says what it does to which file.
pub(crate) fn action_on(action: &str, name: &str) -> String {
    say("action-on", &[("action", Arg::Text(action)), ("name", Arg::Text(name))])
}

/// A number, with a unit of ECMA-402 behind it if there is one, in the person's language.
fn number(value: f64, unit: Option<&'static str>) -> String {
    WORDS.with(|(_, spoken)| spoken.number_with(value, unit))
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

#[cfg(target_arch = "wasm32")]
fn load() -> (Messages, Spoken) {
    let language = crate::browser::page_language();
    (Messages::parse(&crate::browser::global_text("words")), Spoken::new(&language))
}

/// Tests speak English.
#[cfg(not(target_arch = "wasm32"))]
fn load() -> (Messages, Spoken) {
    (Messages::parse(include_str!("../../static/messages/en.ftl")), Spoken)
}

/// Every language there is, English first.
#[cfg(test)]
pub(crate) const FILES: [(&str, &str); 4] = [
    ("en", include_str!("../../static/messages/en.ftl")),
    ("de", include_str!("../../static/messages/de.ftl")),
    ("es", include_str!("../../static/messages/es.ftl")),
    ("ar", include_str!("../../static/messages/ar.ftl")),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn sources(dir: &Path, found: &mut String) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn no_message_is_missing_and_none_is_left_over() {
        let mut source = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
        let messages = Messages::parse(FILES[0].1);
        for id in messages.ids() {
            assert!(source.contains(&format!("\"{id}\"")), "nobody says {id}");
        }
        for call in ["t(\"", "say(\"", "named(\"", "count(\""] {
            for (at, _) in source.match_indices(call) {
                let is_word =
                    source[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
                let id = source[at + call.len()..].split('"').next().unwrap();
                let is_id = id.contains('-') || messages.ids().any(|known| known == id);
                assert!(is_word || !is_id || messages.ids().any(|known| known == id), "there is no {id}");
            }
        }
    }

    #[test]
    fn a_count_reads_well() {
        assert_eq!(count("selected", "count", 1), "One photo selected");
        assert_eq!(count("selected", "count", 2), "2 photos selected");
    }
}
