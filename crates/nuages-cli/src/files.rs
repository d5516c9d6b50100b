//! Files that appear whole or not at all.

use std::fs::{OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

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

/// A file that is not there yet.
pub(crate) struct NewFile<'a> {
    pub(crate) path: PathBuf,
    pub(crate) content: &'a [u8],
    pub(crate) readers: Readers,
}

/// Writes files that are not there yet, with the folders above them: all of them, or none.
///
/// # Errors
/// One is there already, or cannot be written.
pub(crate) fn make<'a>(files: impl IntoIterator<Item = NewFile<'a>>) -> Result<(), Failure> {
    let mut made = Vec::new();
    for file in files {
        if let Err(failure) = make_one(&file, &mut made) {
            for path in made.iter().rev() {
                let removed =
                    if path.is_dir() { std::fs::remove_dir(path) } else { std::fs::remove_file(path) };
                // What could be made can be removed; why the file could not is what is to be told.
                drop(removed);
            }
            return Err(failure);
        }
    }
    Ok(())
}

/// Writes one, and notes what is made.
fn make_one(file: &NewFile<'_>, made: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let NewFile { path, content, readers } = file;
    let folder = path.parent().unwrap_or(Path::new(""));
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && folder.symlink_metadata().is_err())
        .collect();
    for folder in missing.into_iter().rev() {
        std::fs::create_dir(folder).map_err(|error| Failure::at(folder, "cannot be made", &error))?;
        made.push(folder.to_owned());
    }
    let mut write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(readers.mode()).open(path)?;
        made.push(path.to_owned());
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

    fn file<'a>(path: &Path, content: &'a [u8], readers: Readers) -> NewFile<'a> {
        NewFile { path: path.to_owned(), content, readers }
    }

    #[test]
    fn a_file_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        make([file(&path, b"x", Readers::Owner)]).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(make([file(&path, b"y", Readers::All)]).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"x");
    }

    #[test]
    fn what_cannot_be_made_whole_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("site")).unwrap();
        std::fs::write(root.join("site/theirs"), "x").unwrap();
        let files = ["site/a", "site/src/deep/b", "site/theirs/c"];
        let failure = make(files.map(|name| file(&root.join(name), b"", Readers::All))).unwrap_err();
        assert!(failure.to_string().contains("theirs"), "{failure}");
        let left: Vec<_> =
            std::fs::read_dir(root.join("site")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [root.join("site/theirs")]);
        assert_eq!(std::fs::read(root.join("site/theirs")).unwrap(), b"x");
    }

    #[test]
    fn a_file_keeps_its_permissions_and_its_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("key"), folder.path().join("link"));
        make([file(&path, b"old", Readers::Owner)]).unwrap();
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
        make([file(&path, b"old", Readers::Owner)]).unwrap();
        // Only root gives files away.
        let other = 65_534;
        if std::os::unix::fs::chown(&path, Some(other), Some(other)).is_ok() {
            replace(&path, b"new").unwrap();
            let metadata = path.metadata().unwrap();
            assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o777), (other, other, 0o600));
        }
    }
}
