//! Where templates are: folders, in order, and the binary itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::names::beneath;

/// Templates that are part of the binary: pairs of a name and a source.
///
/// ```
/// use nuages_templates::{Embedded, Engine, context};
///
/// const PAGES: Embedded = Embedded(&[("hello.html", "Hello {{ name }}")]);
///
/// let engine = Engine::new().embedded(PAGES);
/// assert_eq!(engine.render("hello.html", context! { name => "<you>" }).unwrap(), "Hello &lt;you&gt;");
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded(pub &'static [(&'static str, &'static str)]);

/// The places, in the order in which they are asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    /// Django's `DIRS`.
    pub(crate) dirs: Vec<PathBuf>,
    /// The folders of the applications.
    pub(crate) app_dirs: Vec<PathBuf>,
    pub(crate) embedded: Vec<Embedded>,
}

/// A template that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) source: String,
    /// The file and how it was, to see a change; the binary does not change.
    pub(crate) file: Option<(PathBuf, Stamp)>,
}

/// How a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self { modified: metadata.modified().ok(), length: metadata.len(), number })
    }
}

/// Lines end with `\n` alone, however they end in a file, as Python reads it.
fn with_plain_newlines(source: String) -> String {
    if source.contains('\r') { source.replace("\r\n", "\n").replace('\r', "\n") } else { source }
}

impl Places {
    fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.dirs.iter().chain(&self.app_dirs)
    }

    /// The file of a template, where so many places that have it are passed over.
    pub(crate) fn file(&self, name: &str, skipped: usize) -> Option<(PathBuf, Stamp)> {
        let name = beneath(name)?;
        let files = self.folders().map(|folder| folder.join(&name));
        files
            .filter_map(|path| Some((Stamp::of(&path)?, path)))
            .nth(skipped)
            .map(|(stamp, path)| (path, stamp))
    }

    /// The source of a template, where so many places that have it are passed over.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not UTF-8.
    pub(crate) fn load(&self, name: &str, skipped: usize) -> io::Result<Option<Found>> {
        let Some(plain) = beneath(name) else { return Ok(None) };
        // The stamp is taken first, so that a change while it is read is seen the next time.
        if let Some((path, stamp)) = self.file(name, skipped) {
            let source = with_plain_newlines(fs::read_to_string(&path)?);
            return Ok(Some(Found { source, file: Some((path, stamp)) }));
        }
        let files = self.folders().filter(|folder| Stamp::of(&folder.join(&plain)).is_some()).count();
        let embedded =
            self.embedded.iter().flat_map(|embedded| embedded.0).filter(|(known, _)| *known == plain);
        let source = embedded.map(|(_, source)| *source).nth(skipped.saturating_sub(files));
        Ok(source.map(|source| Found { source: source.to_owned(), file: None }))
    }

    /// Where a template is looked for, as text for an error.
    pub(crate) fn tried(&self, name: &str) -> Vec<String> {
        let Some(name) = beneath(name) else { return Vec::new() };
        let mut tried: Vec<String> =
            self.folders().map(|folder| folder.join(&name).display().to_string()).collect();
        if !self.embedded.is_empty() {
            tried.push(format!("{name} in the binary"));
        }
        tried
    }

    /// The names of all templates.
    ///
    /// # Errors
    ///
    /// A folder cannot be read.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for folder in self.folders().filter(|folder| folder.is_dir()) {
            collect(folder, "", 0, &mut names)?;
        }
        let embedded = self.embedded.iter().flat_map(|embedded| embedded.0);
        names.extend(embedded.map(|(name, _)| (*name).to_owned()));
        names.sort();
        names.dedup();
        Ok(names)
    }
}

/// Folders in folders beyond this are a circle of links.
const DEEPEST: usize = 30;

fn collect(folder: &Path, prefix: &str, depth: usize, names: &mut Vec<String>) -> io::Result<()> {
    if depth > DEEPEST {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is no text is no name of a template; one with a dot before it is an editor's.
        let Ok(file) = entry.file_name().into_string() else { continue };
        if file.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{file}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), depth + 1, names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}
