//! The place in a listing, as an opaque text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wire::{Code, ImageId};

use crate::problem::ApiError;

/// So that a later form of cursor can be told from this one.
const VERSION: &str = "1:";

/// A cursor that continues after `last`.
pub(crate) fn encode(last: ImageId) -> String {
    URL_SAFE_NO_PAD.encode(format!("{VERSION}{last}"))
}

/// The image after which a page starts.
pub(crate) fn decode(cursor: &str) -> Result<ImageId, ApiError> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.strip_prefix(VERSION)?.parse().ok())
        .ok_or_else(|| {
            ApiError::new(Code::InvalidCursor, "This cursor is not valid. Start again without one.")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes_and_refuses_the_rest() {
        let id = ImageId::new(123, [4; 10]);
        assert_eq!(decode(&encode(id)).unwrap(), id);
        let of_another_version = URL_SAFE_NO_PAD.encode(format!("2:{id}"));
        for bad in ["", "x", "====", &id.to_string(), &of_another_version] {
            assert!(decode(bad).is_err(), "{bad}");
        }
    }
}
