//! What is refused before a worker sees it.

use crate::words::{Arg, say, size, t};

/// What to do with a file that was dropped, pasted or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Make a preview; the engine decides if it is a picture.
    Take,
    /// Show it as failed, for this reason.
    Refuse(String),
    /// List it as skipped, for this reason: nobody meant to upload it.
    Skip(String),
}

/// Judges a file by its name and size alone.
pub(crate) fn judge(name: &str, bytes: u64, max_bytes: Option<u64>) -> Verdict {
    if is_junk(name) {
        return Verdict::Skip(t("skipped-junk"));
    }
    match max_bytes {
        _ if bytes == 0 => Verdict::Refuse(t("empty-file")),
        Some(max) if bytes > max => {
            let args = [("bytes", Arg::Text(&size(bytes))), ("max", Arg::Text(&size(max)))];
            Verdict::Refuse(say("too-large", &args))
        }
        _ => Verdict::Take,
    }
}

/// Files that systems leave in folders.
fn is_junk(name: &str) -> bool {
    const NAMES: [&str; 4] = [".ds_store", "thumbs.db", "desktop.ini", ".localized"];
    // `._IMG_1.jpg` holds what another system could not store beside IMG_1.jpg.
    NAMES.iter().any(|junk| name.eq_ignore_ascii_case(junk)) || name.starts_with("._")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_what_systems_leave_in_folders() {
        for name in [".DS_Store", "Thumbs.db", "desktop.ini", "._IMG_1.jpg"] {
            assert!(matches!(judge(name, 6148, None), Verdict::Skip(_)), "{name}");
        }
    }

    #[test]
    fn refuses_empty_and_too_large() {
        assert!(matches!(judge("a.jpg", 0, None), Verdict::Refuse(_)));
        assert!(matches!(judge("a.jpg", 11, Some(10)), Verdict::Refuse(why) if why.contains("10")));
        assert_eq!(judge("a.jpg", 10, Some(10)), Verdict::Take);
    }

    #[test]
    fn leaves_the_rest_to_the_engine() {
        for name in ["photo", "notes.txt", "a.svg", ".hidden.png"] {
            assert_eq!(judge(name, 10, Some(10)), Verdict::Take, "{name}");
        }
    }
}
