//! A signed form is good for what was signed and for nothing else: whatever is changed, the S3 endpoint refuses it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use api_support::{Running, fields};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;

/// What somebody may do to a form.
#[derive(Clone, Debug)]
enum Change {
    /// Puts a character in the place of another one of a value.
    Character(Index, Index, char),
    /// Adds a character somewhere in a value.
    Longer(Index, Index, char),
    /// Takes a character away.
    Shorter(Index, Index),
    /// Gives a field another name.
    Name(Index, char),
    /// Leaves a field out.
    Without(Index),
    /// Sends a field again, with another value, before or after.
    Twice(Index, char, bool),
    /// Adds a field that nobody signed.
    More(&'static str, String),
    /// Sends to the other bucket.
    Bucket,
    /// Sends more or fewer bytes.
    Size(i8),
    /// Sends as many bytes, but others.
    Byte(Index, u8),
}

/// All that S3 gives a meaning to in a form.
const MEANINGFUL: [&str; 17] = [
    "acl",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Expires",
    "redirect",
    "success_action_redirect",
    "success_action_status",
    "tagging",
    "x-amz-meta-a",
    "x-amz-storage-class",
    "x-amz-server-side-encryption",
    "x-amz-website-redirect-location",
    "x-amz-security-token",
    "x-amz-checksum-crc32",
    "bucket",
    "another",
];

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    let letter =
        || prop_oneof![4 => prop::char::range(' ', '~'), 1 => prop::char::range('\u{a0}', '\u{2fff}')];
    prop_oneof![
        6 => (index(), index(), letter()).prop_map(|(field, at, new)| Change::Character(field, at, new)),
        3 => (index(), index(), letter()).prop_map(|(field, at, new)| Change::Longer(field, at, new)),
        3 => (index(), index()).prop_map(|(field, at)| Change::Shorter(field, at)),
        1 => (index(), prop::char::range('a', 'z')).prop_map(|(field, new)| Change::Name(field, new)),
        1 => index().prop_map(Change::Without),
        2 => (index(), letter(), any::<bool>()).prop_map(|(field, new, first)| Change::Twice(field, new, first)),
        3 => (select(&MEANINGFUL[..]), "[ -~]{1,12}").prop_map(|(name, value)| Change::More(name, value)),
        1 => Just(Change::Bucket),
        3 => any::<i8>().prop_map(Change::Size),
        3 => (index(), 1_u8..).prop_map(|(at, mask)| Change::Byte(at, mask)),
    ]
}

/// Changes the form; false if that changes nothing.
fn apply(change: &Change, url: &mut String, form: &mut Vec<(String, String)>, bytes: &mut Vec<u8>) -> bool {
    let before = (url.clone(), form.clone(), bytes.clone());
    let count = form.len();
    match change {
        Change::Character(field, at, new) => {
            let value = &mut form[field.index(count)].1;
            let mut letters: Vec<char> = value.chars().collect();
            let at = at.index(letters.len());
            letters[at] = *new;
            *value = letters.into_iter().collect();
        }
        Change::Longer(field, at, new) => {
            let value = &mut form[field.index(count)].1;
            let places: Vec<usize> =
                value.char_indices().map(|(place, _)| place).chain([value.len()]).collect();
            value.insert(*at.get(&places), *new);
        }
        Change::Shorter(field, at) => {
            let value = &mut form[field.index(count)].1;
            let places: Vec<usize> = value.char_indices().map(|(place, _)| place).collect();
            value.remove(*at.get(&places));
        }
        Change::Name(field, new) => form[field.index(count)].0.push(*new),
        Change::Without(field) => drop(form.remove(field.index(count))),
        Change::Twice(field, new, is_first) => {
            let (name, value) = form[field.index(count)].clone();
            let again = (name, format!("{value}{new}"));
            form.insert(if *is_first { 0 } else { count }, again);
        }
        Change::More(name, value) => form.push(((*name).to_owned(), value.clone())),
        Change::Bucket => *url = url.replace("/uploads", "/processed"),
        Change::Size(by) => bytes.resize(bytes.len().saturating_add_signed((*by).into()), 0),
        Change::Byte(at, mask) => {
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
        }
    }
    before != (url.clone(), form.clone(), bytes.clone())
}

#[test]
fn no_change_of_a_signed_form_is_taken() {
    let runtime = Runtime::new().unwrap();
    let system = runtime.block_on(Running::start());
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let bytes: Vec<u8> = (0..2_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    let tried = runner.run(&change(), |change| {
        let (status, found) = runtime.block_on(async {
            let signed = system.sign_one("été 1+2.jpg", &bytes).await;
            let mut url = signed["url"].as_str().unwrap().to_owned();
            let (mut form, mut bytes) = (fields(&signed), bytes.clone());
            if !apply(&change, &mut url, &mut form, &mut bytes) {
                return (None, json!([]));
            }
            let status = system.post_form(&url, &form, &bytes).await;
            let key = signed["key"].as_str().unwrap();
            let found = system.get_json(&format!("/api/images?keys={key}")).await;
            (Some(status), found["images"].clone())
        });
        prop_assert!(status.is_none_or(|status| !status.is_success()), "{status:?}");
        prop_assert_eq!(found, json!([]));
        Ok(())
    });
    // What is left as it was signed is taken, or all of the above would prove nothing.
    let (status, waiting) = runtime.block_on(async {
        let signed = system.sign_one("été 1+2.jpg", &bytes).await;
        let status = system.post(&signed, &bytes).await;
        system.stop().await;
        (status, signed)
    });
    assert!(status.is_success(), "{status} {waiting}");
    tried.unwrap();
}
