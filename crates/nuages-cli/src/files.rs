//! Files that appear whole or not at all.

use std::fs::{OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::failure::Failure;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everybody.
    All,
    /// Its owner.
    Owner,
}

impl Readers {
    fn mode(self) -> u32 {
        match self {
            Self::All => 0o644,
            Self::Owner => 0o600,
        }
    }
}

/// Writes a file that is not there yet, with the folders above it.
///
/// # Errors
/// It is there already, or cannot be written.
pub(crate) fn make(path: &Path, content: &[u8], readers: Readers) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::at(folder, "cannot be made", &error))?;
    }
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(readers.mode()).open(path)?;
        file.write_all(content)
    };
    write().map_err(|error| Failure::at(path, "cannot be written", &error))
}

/// Puts a new text in the place of a file's; whoever reads meanwhile sees the old or the new, and permissions and owner
/// stay.
///
/// # Errors
/// It cannot be written, for example for want of the right to.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    // A link would else be replaced by a file.
    let path = &path.canonicalize().map_err(|error| Failure::at(path, "cannot be found", &error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let swap = || -> std::io::Result<()> {
        let former = path.metadata()?;
        let mut file =
            tempfile::Builder::new().permissions(Permissions::from_mode(0o600)).tempfile_in(folder)?;
        file.write_all(content)?;
        let made = file.as_file().metadata()?;
        if (made.uid(), made.gid()) != (former.uid(), former.gid()) {
            // Root rotates the key of a site that runs as somebody else, who could not read it any more.
            std::os::unix::fs::fchown(file.as_file(), Some(former.uid()), Some(former.gid()))?;
        }
        file.as_file().set_permissions(Permissions::from_mode(former.mode() & 0o7777))?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    swap().map_err(|error| Failure::at(path, "cannot be written", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        make(&path, b"x", Readers::Owner).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(make(&path, b"y", Readers::All).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"x");
    }

    #[test]
    fn a_file_keeps_its_permissions_and_its_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("key"), folder.path().join("link"));
        make(&path, b"old", Readers::Owner).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(replace(&folder.path().join("gone"), b"").is_err());
    }

    #[test]
    fn a_file_keeps_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        make(&path, b"old", Readers::Owner).unwrap();
        // Only root gives files away.
        let other = 65_534;
        if std::os::unix::fs::chown(&path, Some(other), Some(other)).is_ok() {
            replace(&path, b"new").unwrap();
            let metadata = path.metadata().unwrap();
            assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o777), (other, other, 0o600));
        }
    }
}
