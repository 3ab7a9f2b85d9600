//! Everything the page says, in one place, so that a translation is one file.

pub(crate) const DROP_TITLE: &str = "Drop photos here";
pub(crate) const TOUCH_TITLE: &str = "Add your photos";
pub(crate) const TOUCH_HINT: &str = "Take one with the camera, or choose from this device.";
pub(crate) const DROP_HINT: &str = "or paste them, or choose them from this device. Folders work too.";
pub(crate) const DROP_NOW: &str = "Let go to add them";
pub(crate) const CHOOSE_FILES: &str = "Choose photos";
pub(crate) const CHOOSE_FOLDER: &str = "Choose a folder";
pub(crate) const FILE_INPUT: &str = "Photos to upload";
pub(crate) const FOLDER_INPUT: &str = "Folder to upload";

pub(crate) const UPLOADS: &str = "Uploads";
pub(crate) const CLEAR_FINISHED: &str = "Clear finished";
pub(crate) const RETRY_ALL: &str = "Try all failed again";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const RETRY: &str = "Try again";
pub(crate) const REMOVE: &str = "Remove from the list";
pub(crate) const OFFLINE: &str = "You are offline. Uploads go on when the network is back.";

pub(crate) const WAITING: &str = "Waiting";
pub(crate) const PREPARING: &str = "Making the preview";
pub(crate) const PREPARED: &str = "Ready to send";
pub(crate) const SIGNING: &str = "Starting";
pub(crate) const FINISHING: &str = "Sent, being stored";
pub(crate) const PROCESSING: &str = "Arrived, being checked";
pub(crate) const READY: &str = "In the gallery";
pub(crate) const PAUSED: &str = "Interrupted, trying again soon";
pub(crate) const SAME: &str = "Same as the server’s, byte for byte";
pub(crate) const DIFFERENT: &str = "The server’s thumbnail differs from this preview";

pub(crate) const SKIPPED_JUNK: &str = "a system file, not a photo";
pub(crate) const HIDE: &str = "Hide";
pub(crate) const EMPTY_FILE: &str = "This file is empty. Check it on your device.";
pub(crate) const UNREADABLE: &str =
    "The file can no longer be read. It may have been moved, changed or deleted. Choose it again.";
pub(crate) const WORKER_DIED: &str =
    "The preview could not be made: the part that makes it did not load, or ran out of memory. Try again.";
pub(crate) const FILE_CHANGED: &str = "The file changed after it was added. Choose it again.";
pub(crate) const STORE_TOO_LARGE: &str = "The file is larger than the store accepts.";
pub(crate) const STORE_BUSY: &str = "The store did not take the file. Try again in a moment.";
pub(crate) const STORE_REFUSED: &str =
    "The store refused the file. Try again; if it goes on, reload the page.";
pub(crate) const NETWORK: &str = "The connection broke off. Check the network and try again.";
pub(crate) const LOST: &str = "The server no longer has this picture. It may have been deleted.";
pub(crate) const UNEXPECTED: &str =
    "The server gave an answer that cannot be understood. Try again in a moment.";

pub(crate) const GALLERY: &str = "Gallery";
pub(crate) const GALLERY_LOADING: &str = "Loading the gallery";
pub(crate) const GALLERY_EMPTY: &str = "Nothing here yet";
pub(crate) const GALLERY_EMPTY_HINT: &str = "The photos you add appear here, newest first.";
pub(crate) const GALLERY_FAILED: &str = "The gallery cannot be shown.";
pub(crate) const LOAD_MORE: &str = "Show more";
pub(crate) const LOADING_MORE: &str = "Loading more";

pub(crate) const DETAILS: &str = "Photo details";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const DOWNLOAD: &str = "Download the original";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const DELETE_ASK: &str = "Delete this photo for good? The original goes too.";
pub(crate) const DELETE_YES: &str = "Delete for good";
pub(crate) const DELETE_NO: &str = "Keep it";
pub(crate) const DELETING: &str = "Deleting";
pub(crate) const LOADING_DETAILS: &str = "Loading";
pub(crate) const ADDED_ON: &str = "Added";
pub(crate) const PICTURE_SIZE: &str = "Size";
pub(crate) const FILE_SIZE: &str = "File";
pub(crate) const FILE_DIGEST: &str = "SHA-256";
pub(crate) const THUMBNAIL_SIZE: &str = "Thumbnail";

/// `4.2 MB`, as file managers count: 1 kB = 1000 bytes. The space never breaks a line.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes}\u{a0}B");
    }
    // In tenths of the unit, rounded to nearest.
    let (mut tenths, mut unit) = ((bytes + 50) / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths = (tenths + 500) / 1000;
        unit += 1;
    }
    match tenths {
        0..100 => format!("{}.{}\u{a0}{}", tenths / 10, tenths % 10, UNITS[unit]),
        _ => format!("{}\u{a0}{}", (tenths + 5) / 10, UNITS[unit]),
    }
}

/// `12 s`, `3 min`, `2 h`.
fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

pub(crate) fn too_large(bytes: u64, max_bytes: u64) -> String {
    format!("This file has {}; the most is {}. Make it smaller and try again.", size(bytes), size(max_bytes))
}

pub(crate) fn uploading(sent_bytes: u64, bytes: u64) -> String {
    format!("{} of {}", size(sent_bytes), size(bytes))
}

pub(crate) fn done(ready: usize, files: usize, failed: usize) -> String {
    match failed {
        0 => format!("{ready} of {files} done"),
        _ => format!("{ready} of {files} done, {failed} failed"),
    }
}

pub(crate) fn bytes_done(sent_bytes: u64, total_bytes: u64, seconds_left: Option<u64>) -> String {
    match seconds_left {
        Some(seconds) => {
            format!("{} of {} · {} left", size(sent_bytes), size(total_bytes), duration(seconds))
        }
        None => format!("{} of {}", size(sent_bytes), size(total_bytes)),
    }
}

pub(crate) fn all_done(ready: usize, failed: usize) -> String {
    let photos = |n| if n == 1 { "1 photo".to_owned() } else { format!("{n} photos") };
    match (ready, failed) {
        (ready, 0) => format!("Done: {} added.", photos(ready)),
        (0, failed) => format!("{} could not be added.", photos(failed)),
        (ready, failed) => format!("{} added, {failed} could not be added.", photos(ready)),
    }
}

pub(crate) fn skipped(count: usize) -> String {
    if count == 1 { "1 file was skipped".to_owned() } else { format!("{count} files were skipped") }
}

pub(crate) fn pixels(width: u32, height: u32) -> String {
    format!("{width} × {height} px")
}

pub(crate) fn progress_of(name: &str) -> String {
    format!("Upload of {name}")
}

/// A button that says what it does to which file.
pub(crate) fn action_on(action: &str, name: &str) -> String {
    format!("{action}: {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_file_managers() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (4_210_000, "4.2 MB"),
            (21_000_000, "21 MB"),
            (999_960, "1.0 MB"),
            (3_000_000_000_000, "3.0 TB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text.replace(' ', "\u{a0}"));
        }
    }

    #[test]
    fn the_total_is_one_line() {
        assert_eq!(done(3, 10, 0), "3 of 10 done");
        let line = |sent, left| bytes_done(sent, 21_000_000, left).replace('\u{a0}', " ");
        assert_eq!(line(4_200_000, Some(12)), "4.2 MB of 21 MB · 12 s left");
        assert_eq!(line(0, Some(61)), "0 B of 21 MB · 2 min left");
        assert_eq!(all_done(1, 2), "1 photo added, 2 could not be added.");
    }
}
