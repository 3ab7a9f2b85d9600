//! The data directory.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

/// Makes the directory, for its owner only. One that there is already stays as it is; if others can read it, the
/// log says so.
pub(super) fn prepare(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(dir)?.permissions());
        if mode & 0o077 != 0 {
            let mode = format!("{:o}", mode & 0o777);
            tracing::warn!(dir = %dir.display(), mode, "others on this machine can look into the data directory");
        }
    }
    Ok(())
}
