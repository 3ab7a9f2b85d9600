//! The place in a listing: opaque, and only ours are taken.
//!
//! A cursor is the base64 of a version byte, the id of the last image of the page and the first 16 bytes of the
//! HMAC-SHA256 of both. It names an image, not a number of images, so those that arrive meanwhile move nothing.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wire::{Code, ImageId};

use crate::problem::ApiError;

/// So that a later form of cursor can be told from this one.
const VERSION: u8 = 2;

/// More than anybody can guess.
const TAG_BYTES: usize = 16;

/// Where the tag begins.
const TAG_AT: usize = 1 + ImageId::LEN;

/// With what cursors are signed. All that serve one installation have the same.
#[derive(Clone)]
pub struct CursorKey(Hmac<Sha256>);

impl CursorKey {
    /// A key that follows from a secret and does not give it away.
    ///
    /// # Panics
    /// Never: HMAC takes secrets of any length.
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let keyed = |key: &[u8]| <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length is taken");
        let derived = keyed(secret).chain_update("imagasaur cursors").finalize().into_bytes();
        Self(keyed(&derived))
    }

    /// A cursor that continues after `last`.
    pub(crate) fn encode(&self, last: ImageId) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend(last.to_string().into_bytes());
        let tag = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(&tag[..TAG_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The image after which a page starts.
    pub(crate) fn decode(&self, cursor: &str) -> Result<ImageId, ApiError> {
        self.read(cursor).ok_or_else(|| {
            ApiError::new(Code::InvalidCursor, "This cursor is not valid. Start again without one.")
        })
    }

    fn read(&self, cursor: &str) -> Option<ImageId> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (said, tag) = bytes.split_at_checked(TAG_AT)?;
        if said[0] != VERSION || tag.len() != TAG_BYTES {
            return None;
        }
        self.0.clone().chain_update(said).verify_truncated_left(tag).ok()?;
        std::str::from_utf8(&said[1..]).ok()?.parse().ok()
    }
}

/// Keys are not for logs.
impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorKey")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> CursorKey {
        CursorKey::derive(b"a secret of the tests")
    }

    #[test]
    fn reads_back_what_it_writes_and_nothing_of_another_key() {
        let id = ImageId::new(123, [4; 10]);
        let cursor = key().encode(id);
        assert_eq!(key().decode(&cursor).unwrap(), id);
        assert!(CursorKey::derive(b"another secret").decode(&cursor).is_err());
        assert!(!cursor.contains(&id.to_string()), "a cursor is opaque");
    }

    #[test]
    fn refuses_what_it_did_not_write() {
        let id = ImageId::new(123, [4; 10]);
        let unsigned = URL_SAFE_NO_PAD.encode(format!("\u{2}{id}"));
        let zero_tag = URL_SAFE_NO_PAD.encode(format!("\u{2}{id}{}", "\0".repeat(16)));
        let of_an_earlier_version = URL_SAFE_NO_PAD.encode(format!("1:{id}"));
        for bad in ["", "x", "====", &id.to_string(), &unsigned, &zero_tag, &of_an_earlier_version] {
            assert!(key().decode(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_are_not_logged() {
        assert_eq!(format!("{:?}", key()), "CursorKey");
    }

    proptest! {
        #[test]
        fn no_change_of_a_cursor_is_taken(at in 0_usize..66, new in "[A-Za-z0-9_=-]", unix_ms in 0_u64..1 << 48) {
            let cursor = key().encode(ImageId::new(unix_ms, [7; 10]));
            let mut changed = cursor.clone();
            changed.replace_range(at..=at, &new);
            prop_assert!(changed == cursor || key().decode(&changed).is_err());
            prop_assert!(key().decode(&cursor[..at]).is_err());
            let longer = cursor + &new;
            prop_assert!(key().decode(&longer).is_err());
        }
    }
}
