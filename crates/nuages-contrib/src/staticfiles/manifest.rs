//! `staticfiles.json`: which name each file has with its hash.

use std::collections::HashSet;
use std::io::Read;

use indexmap::IndexMap;
use nuages_signing::json::to_string_spaced;
use serde::{Deserialize, Serialize};

use super::error::{StaticFilesError, StaticFilesErrorKind};
use super::folder::Folder;
use super::names::hash;

/// The file's name, in STATIC_ROOT.
pub(super) const NAME: &str = "staticfiles.json";

const VERSION: &str = "1.1";

/// The largest manifest that is read: a hundred thousand long names.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What [`NAME`] holds.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    paths: IndexMap<String, String>,
    hashed: HashSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    paths: IndexMap<String, String>,
    version: String,
    #[serde(default)]
    hash: String,
}

impl Manifest {
    pub(super) fn new(paths: IndexMap<String, String>) -> Self {
        let hashed = paths.values().cloned().collect();
        Self { paths, hashed }
    }

    /// The manifest of a folder; none if there is none.
    pub(super) fn load(folder: &Folder) -> Result<Option<Self>, StaticFilesError> {
        let path = folder.path().join(NAME);
        let opened = folder.open(NAME).map_err(|error| StaticFilesError::io(&path, error))?;
        let Some(opened) = opened else { return Ok(None) };
        let mut text = String::new();
        let read = opened.file.take(MOST_BYTES).read_to_string(&mut text);
        read.map_err(|error| StaticFilesError::io(&path, error))?;
        match serde_json::from_str::<Stored>(&text) {
            Ok(stored) if matches!(stored.version.as_str(), "1.0" | "1.1") => {
                Ok(Some(Self::new(stored.paths)))
            }
            _ => Err(StaticFilesError::new(
                StaticFilesErrorKind::BadManifest,
                format!("{} is no manifest of version {VERSION}; run collectstatic again", path.display()),
            )),
        }
    }

    /// The name that a file has with its hash.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.paths.get(name).map(String::as_str)
    }

    /// Is it a name with a hash?
    pub(super) fn is_hashed(&self, name: &str) -> bool {
        self.hashed.contains(name)
    }

    /// The text that Django writes, to the byte.
    pub(super) fn text(&self) -> Result<String, StaticFilesError> {
        let written = |error| StaticFilesError::new(StaticFilesErrorKind::BadManifest, format!("{error}"));
        let mut sorted: Vec<(&String, &String)> = self.paths.iter().collect();
        sorted.sort();
        let hash = hash(to_string_spaced(&sorted).map_err(written)?.as_bytes());
        let stored = Stored { paths: self.paths.clone(), version: VERSION.to_owned(), hash };
        to_string_spaced(&stored).map_err(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_django_writes_it() {
        let paths = [("b\u{e9}.css", "b\u{e9}.1.css"), ("a.css", "a.2.css")];
        let manifest = Manifest::new(paths.map(|(name, hashed)| (name.into(), hashed.into())).into());
        // From `ManifestStaticFilesStorage.save_manifest` of Django 5.2.
        assert_eq!(
            manifest.text().unwrap(),
            r#"{"paths": {"b\u00e9.css": "b\u00e9.1.css", "a.css": "a.2.css"}, "version": "1.1", "hash": "6b441ef35415"}"#
        );
    }
}
