//! Where the socket is.

use std::fs::{DirBuilder, File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The folder, in the data directory.
const FOLDER: &str = "admin";

/// The socket, in the folder.
const SOCKET: &str = "socket";

/// The longest path that the address of a socket has room for, bytes, everywhere.
const MAX_PATH_BYTES: usize = 100;

/// The folder of the socket, open for as long as its path is used.
pub(super) struct Place {
    folder: PathBuf,
    open: File,
}

impl Place {
    /// The folder in `data`, which must be there.
    pub(super) fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        let open = File::open(&folder)?;
        Ok(Self { folder, open })
    }

    /// As [`Place::open`]; makes the folder, for its owner alone.
    pub(super) fn make(data: &Path) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        match DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let place = Self::open(data)?;
        // Whoever made it, and whatever its mode was.
        place.open.set_permissions(Permissions::from_mode(0o700))?;
        Ok(place)
    }

    /// The path of the socket, by way of the open folder if it is too long for an address.
    pub(super) fn path(&self) -> PathBuf {
        let path = self.folder.join(SOCKET);
        if path.as_os_str().len() <= MAX_PATH_BYTES || !cfg!(target_os = "linux") {
            return path;
        }
        PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", self.open.as_raw_fd()))
    }
}
