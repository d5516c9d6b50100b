//! A folder out of which nothing leads.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat};

/// Opens files beneath a folder, whatever the path says.
///
/// Each part of a path is opened beneath the folder before it, without following symbolic links, so that neither dots nor
/// links nor somebody who exchanges a folder at the right moment lead out. The folder itself may be a link.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// A regular file, open for reading.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) length: u64,
    /// Seconds since 1970.
    pub(super) modified: i64,
    pub(super) modified_nanoseconds: i64,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// Nothing, or what is not served: a link, a device, a pipe.
    Nothing,
}

impl Folder {
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a regular file; none if there is none.
    ///
    /// # Errors
    /// The disk; that there is no such file is none.
    pub(super) fn open(&self, name: &str) -> io::Result<Option<Opened>> {
        let Some((folder, last)) = self.parent(name)? else { return Ok(None) };
        // A device is not even opened: some do something when they are.
        if kind(&folder, last)? != Kind::File {
            return Ok(None);
        }
        // What has been put there since cannot make this wait, and is looked at again.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = match openat(&folder, last, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(error) => return absent(error),
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(None);
        }
        use std::os::unix::fs::MetadataExt;
        Ok(Some(Opened {
            length: metadata.len(),
            modified: metadata.mtime(),
            modified_nanoseconds: metadata.mtime_nsec(),
            file,
        }))
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn kind(&self, name: &str) -> io::Result<Kind> {
        match self.parent(name)? {
            Some((folder, last)) => kind(&folder, last),
            None => Ok(Kind::Nothing),
        }
    }

    /// The folder that a path's last part lies in, and that part.
    fn parent<'a>(&self, name: &'a str) -> io::Result<Option<(OwnedFd, &'a OsStr)>> {
        let parts: Option<Vec<&OsStr>> = name.split('/').map(part).collect();
        let Some((last, folders)) = parts.as_deref().and_then(<[_]>::split_last) else { return Ok(None) };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let mut folder = match openat(CWD, &self.path, flags, Mode::empty()) {
            Ok(folder) => folder,
            Err(error) => return absent(error),
        };
        for part in folders {
            folder = match openat(&folder, *part, flags | OFlags::NOFOLLOW, Mode::empty()) {
                Ok(folder) => folder,
                Err(error) => return absent(error),
            };
        }
        Ok(Some((folder, *last)))
    }
}

/// A part of a path, unless it is empty, leads elsewhere or cannot be a name.
fn part(text: &str) -> Option<&OsStr> {
    let is_name =
        !text.is_empty() && text != "." && text != ".." && !text.contains('\0') && text.len() <= 255;
    is_name.then(|| OsStr::new(text))
}

fn kind(folder: impl AsFd, name: &OsStr) -> io::Result<Kind> {
    match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            _ => Kind::Nothing,
        }),
        Err(error) => absent(error).map(|found: Option<Kind>| found.unwrap_or(Kind::Nothing)),
    }
}

/// Nothing there, or nothing that may be served, is no error.
fn absent<T>(error: rustix::io::Errno) -> io::Result<Option<T>> {
    use rustix::io::Errno;
    match error {
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::ACCESS | Errno::NAMETOOLONG | Errno::NXIO => {
            Ok(None)
        }
        other => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_leads_out() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("root");
        fs::create_dir_all(root.join("deep/er")).unwrap();
        fs::write(home.path().join("secret"), "secret").unwrap();
        fs::write(root.join("deep/er/a.txt"), "text").unwrap();
        symlink(home.path().join("secret"), root.join("link")).unwrap();
        symlink("deep/er/a.txt", root.join("inner-link")).unwrap();
        symlink(home.path(), root.join("out")).unwrap();
        symlink("/", root.join("slash")).unwrap();
        rustix::fs::mknodat(CWD, root.join("pipe"), FileType::Fifo, Mode::RWXU, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        let folder = Folder::new(&root);
        let mut text = String::new();
        folder.open("deep/er/a.txt").unwrap().unwrap().file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
        for name in [
            "link",
            "inner-link",
            "out/secret",
            "slash/etc/passwd",
            "pipe",
            "socket",
            "deep",
            "deep/",
            "",
            "/",
            ".",
            "..",
            "../secret",
            "deep/../../secret",
            "deep//er/a.txt",
            "/etc/passwd",
            "deep/er/a.txt/",
            "deep/er/a.txt/x",
            "deep/er/a.txt\0",
            "..\\secret",
            "%2e%2e/secret",
            "missing",
            &"x".repeat(300),
            &"x/".repeat(3000),
        ] {
            assert!(folder.open(name).unwrap().is_none(), "{name:?}");
        }
        assert_eq!(folder.kind("deep").unwrap(), Kind::Folder);
        assert_eq!(folder.kind("link").unwrap(), Kind::Nothing);
        // The folder itself may be a link, and may be missing.
        symlink(&root, home.path().join("current")).unwrap();
        assert!(Folder::new(home.path().join("current")).open("deep/er/a.txt").unwrap().is_some());
        assert!(Folder::new(home.path().join("none")).open("a").unwrap().is_none());
    }
}
