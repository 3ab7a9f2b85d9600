//! What S3 answers to a posted form, and what that means.

use crate::words::t;

/// What to do about an answer that is not "stored".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The policy expired, or the service is busy: sign and send again.
    Passing,
    /// The file is not what was announced.
    FileChanged,
    /// The file is larger than the bucket takes.
    TooLarge,
    /// Anything else; trying again by hand may help.
    Other,
}

impl Refusal {
    /// Judges an answer by its status and its XML body.
    pub(crate) fn from_answer(status: u16, body: &str) -> Self {
        match (status, error_code(body)) {
            (_, Some("EntityTooLarge" | "EntityTooSmall" | "BadDigest" | "XAmzContentChecksumMismatch")) => {
                Self::FileChanged
            }
            (413, _) => Self::TooLarge,
            // S3 says AccessDenied for an expired policy; a fresh one settles it or a further 403 ends the tries.
            (403 | 408 | 425 | 429 | 500.., _) | (400, Some("RequestTimeout" | "ExpiredToken")) => {
                Self::Passing
            }
            _ => Self::Other,
        }
    }

    /// For the person.
    pub(crate) fn sentence(self) -> String {
        t(match self {
            Self::Passing => "store-busy",
            Self::FileChanged => "file-changed",
            Self::TooLarge => "store-too-large",
            Self::Other => "store-refused",
        })
    }
}

/// The text of the first `<Code>` element.
fn error_code(xml: &str) -> Option<&str> {
    let (_, rest) = xml.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str) -> String {
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>x</Message></Error>")
    }

    #[test]
    fn an_expired_policy_is_signed_again() {
        assert_eq!(Refusal::from_answer(403, &error("AccessDenied")), Refusal::Passing);
        assert_eq!(Refusal::from_answer(503, &error("SlowDown")), Refusal::Passing);
        assert_eq!(Refusal::from_answer(502, "<html>"), Refusal::Passing);
    }

    #[test]
    fn a_changed_file_is_said_to_be_changed() {
        for code in ["EntityTooLarge", "EntityTooSmall", "BadDigest", "XAmzContentChecksumMismatch"] {
            assert_eq!(Refusal::from_answer(400, &error(code)), Refusal::FileChanged, "{code}");
        }
    }

    #[test]
    fn the_rest_is_not_guessed_at() {
        assert_eq!(Refusal::from_answer(400, &error("InvalidPolicyDocument")), Refusal::Other);
        assert_eq!(Refusal::from_answer(404, ""), Refusal::Other);
        assert_eq!(Refusal::from_answer(413, ""), Refusal::TooLarge);
    }
}
