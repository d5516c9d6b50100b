//! Where static files come from: the finders of Django.

use std::io;
use std::path::{Path, PathBuf};

use nuages_http::Settings;

use super::fnmatch::matches;
use super::folder::{Folder, Opened};

/// A folder whose files are static files, under a prefix.
#[derive(Clone, Debug)]
pub(super) struct Source {
    prefix: String,
    pub(super) folder: Folder,
}

/// A file of a source.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// The name in the folder.
    pub(super) path: String,
    /// The same with the prefix.
    pub(super) name: String,
}

impl Source {
    pub(super) fn new(prefix: &str, folder: impl Into<PathBuf>) -> Self {
        Self { prefix: prefix.trim_matches('/').to_owned(), folder: Folder::new(folder) }
    }

    /// Those of STATICFILES_DIRS.
    pub(super) fn of_settings(settings: &Settings) -> impl Iterator<Item = Self> {
        settings.STATICFILES_DIRS.iter().map(|folder| Self::new(&folder.prefix, &folder.path))
    }

    /// The name of a file within this folder, if its prefix is right.
    pub(super) fn path<'a>(&self, name: &'a str) -> Option<&'a str> {
        if self.prefix.is_empty() { Some(name) } else { name.strip_prefix(&*self.prefix)?.strip_prefix('/') }
    }

    pub(super) fn open(&self, path: &str) -> io::Result<Option<Opened>> {
        self.folder.open(path)
    }

    /// All files, in the order of their names. Links and whatever else is no regular file are given to `skipped`.
    pub(super) fn list(&self, ignored: &[String], skipped: &mut Vec<PathBuf>) -> io::Result<Vec<Listed>> {
        let mut found = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let place = self.folder.path().join(&folder);
            let entries = match std::fs::read_dir(&place) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && folder.is_empty() => break,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                let Ok(file) = entry.file_name().into_string() else {
                    skipped.push(entry.path());
                    continue;
                };
                let path = if folder.is_empty() { file.clone() } else { format!("{folder}/{file}") };
                if ignored.iter().any(|pattern| matches(&file, pattern) || matches(&path, pattern)) {
                    continue;
                }
                // Not following links.
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    let name =
                        if self.prefix.is_empty() { path.clone() } else { format!("{}/{path}", self.prefix) };
                    found.push(Listed { path, name });
                } else {
                    skipped.push(entry.path());
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }
}
