//! `collectstatic`: every static file in one folder, ready to be served.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::compression::compressed;
use super::encodings::Encoding;
use super::error::{StaticFilesError, StaticFilesErrorKind};
use super::manifest::{Manifest, NAME};
use super::post_process::{Found, process};
use super::source::Source;
use super::static_files::StaticFiles;

/// What `collectstatic` is asked to do.
///
/// ```
/// use nuages_contrib::staticfiles::{CollectOptions, Collected, StaticFiles};
/// use nuages_http::{Settings, Site};
///
/// # let folder = tempfile::tempdir()?;
/// # std::fs::create_dir(folder.path().join("static"))?;
/// # std::fs::write(folder.path().join("static/site.css"), "body {}")?;
/// # let (from, to) = (folder.path().join("static"), folder.path().join("collected"));
/// let mut settings = Settings { STATIC_ROOT: Some(to.display().to_string()), ..Settings::default() };
/// settings.set_text("STATICFILES_DIRS", &from.display().to_string())?;
/// let site = Site::new(settings)?;
/// let would_be: Collected = StaticFiles::of(&site).collect(&CollectOptions::default().dry_run())?;
/// assert_eq!(would_be.copied, ["site.css"]);
/// assert!(!to.exists(), "nothing was done");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CollectOptions {
    dry_run: bool,
    clear: bool,
    post_process: bool,
    ignored: Vec<String>,
}

/// What `collectstatic` has done: names of files.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Collected {
    /// Copied, because they were not there or older.
    pub copied: Vec<String>,
    /// There already.
    pub unmodified: Vec<String>,
    /// Of those with hashed names, the ones written now.
    pub post_processed: Vec<String>,
    /// Compressed variants that were written.
    pub compressed: Vec<String>,
    /// Found a second time; only the first one counts.
    pub duplicates: Vec<String>,
    /// Links, devices, and names that are not UTF-8: left out.
    pub skipped: Vec<PathBuf>,
}

impl Default for CollectOptions {
    /// Everything but what is private by its name: `CVS`, `.*` and `*~`.
    fn default() -> Self {
        Self {
            dry_run: false,
            clear: false,
            post_process: true,
            ignored: ["CVS", ".*", "*~"].map(str::to_owned).into(),
        }
    }
}

impl CollectOptions {
    /// Says what would be done, and does nothing (`--dry-run`).
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// Empties STATIC_ROOT first (`--clear`).
    #[must_use]
    pub fn clear(mut self) -> Self {
        self.clear = true;
        self
    }

    /// Copies only: no hashed names, no manifest, no compression (`--no-post-process`).
    #[must_use]
    pub fn no_post_process(mut self) -> Self {
        self.post_process = false;
        self
    }

    /// Leaves out files and folders whose name matches (`--ignore`).
    #[must_use]
    pub fn ignore(mut self, pattern: impl Into<String>) -> Self {
        self.ignored.push(pattern.into());
        self
    }

    /// Also takes what is private by its name (`--no-default-ignore`).
    #[must_use]
    pub fn no_default_ignore(mut self) -> Self {
        self.ignored.retain(|pattern| !matches!(pattern.as_str(), "CVS" | ".*" | "*~"));
        self
    }
}

impl StaticFiles {
    /// Copies all static files to STATIC_ROOT and post-processes them. Blocks.
    ///
    /// # Errors
    /// No STATIC_ROOT, a file that refers to one that is not there, or the disk.
    pub fn collect(&self, options: &CollectOptions) -> Result<Collected, StaticFilesError> {
        let root = self.root.as_ref().ok_or_else(|| {
            StaticFilesError::new(
                StaticFilesErrorKind::NotConfigured,
                "STATIC_ROOT is not set; set it to the folder into which static files shall be collected",
            )
        })?;
        let within = self.sources.iter().find(|source| source.root().starts_with(root.path()));
        if let Some(source) = within.map(Source::root).or(root.path().parent().is_none().then(|| root.path()))
        {
            return Err(StaticFilesError::new(
                StaticFilesErrorKind::NotConfigured,
                format!("STATIC_ROOT contains {}; set it to a folder of its own", source.display()),
            ));
        }
        let mut done = Collected::default();
        if options.clear && !options.dry_run {
            clear(root.path()).map_err(|error| StaticFilesError::io(root.path(), error))?;
        }
        let found = self.found(options, &mut done)?;
        for file in &found {
            self.copy(file, root.path(), options, &mut done)?;
        }
        if options.dry_run || !options.post_process {
            return Ok(done);
        }
        let mut written: HashSet<String> = done.copied.iter().cloned().collect();
        let mut names: Vec<String> = found.iter().map(|file| file.listed.name.clone()).collect();
        if self.hashed {
            let processed = process(&found, root, &self.url)?;
            self.write_hashed(root.path(), &processed.paths, &processed.contents, &mut done)?;
            written.extend(done.post_processed.iter().cloned());
            names.extend(processed.paths.values().cloned());
            let manifest = Manifest::new(processed.paths).text()?;
            write(&root.path().join(NAME), manifest.as_bytes())?;
        }
        self.compress(root.path(), &names, &written, &mut done)?;
        Ok(done)
    }

    fn found(
        &self,
        options: &CollectOptions,
        done: &mut Collected,
    ) -> Result<Vec<Found<'_>>, StaticFilesError> {
        let mut names = HashSet::new();
        let mut found = Vec::new();
        for source in &self.sources {
            let listed = source.list(&options.ignored, &mut done.skipped);
            for listed in listed.map_err(|error| StaticFilesError::io(source.root(), error))? {
                if names.insert(listed.name.clone()) {
                    found.push(Found { source, listed });
                } else {
                    done.duplicates.push(listed.name);
                }
            }
        }
        Ok(found)
    }

    fn copy(
        &self,
        file: &Found<'_>,
        root: &Path,
        options: &CollectOptions,
        done: &mut Collected,
    ) -> Result<(), StaticFilesError> {
        let name = &file.listed.name;
        let from = file.source.root().join(&file.listed.path);
        let opened = file.source.open(&file.listed.path);
        let opened = opened.and_then(|opened| opened.ok_or_else(|| io::ErrorKind::NotFound.into()));
        let mut opened = opened.map_err(|error| StaticFilesError::io(&from, error))?;
        let to = root.join(name);
        if modified(&to).is_some_and(|there| there >= opened.modified) {
            done.unmodified.push(name.clone());
            return Ok(());
        }
        if !options.dry_run {
            write_from(&to, &mut opened.file)?;
        }
        done.copied.push(name.clone());
        Ok(())
    }

    fn write_hashed(
        &self,
        root: &Path,
        paths: &indexmap::IndexMap<String, String>,
        contents: &HashMap<String, String>,
        done: &mut Collected,
    ) -> Result<(), StaticFilesError> {
        for (name, hashed) in paths {
            let to = root.join(hashed);
            // The name tells the content: what is there is right.
            if modified(&to).is_some() {
                continue;
            }
            match contents.get(hashed) {
                Some(content) => write(&to, content.as_bytes())?,
                None => {
                    let from = root.join(name);
                    let mut file =
                        fs::File::open(&from).map_err(|error| StaticFilesError::io(&from, error))?;
                    write_from(&to, &mut file)?;
                }
            }
            done.post_processed.push(hashed.clone());
        }
        Ok(())
    }

    fn compress(
        &self,
        root: &Path,
        names: &[String],
        written: &HashSet<String>,
        done: &mut Collected,
    ) -> Result<(), StaticFilesError> {
        let encodings = Encoding::ALL.into_iter().filter(|encoding| self.precompresses(*encoding));
        for encoding in encodings {
            for name in names {
                let variant = format!("{name}{}", encoding.suffix());
                // Somebody's own file of that name stays.
                if names.contains(&variant)
                    || (!written.contains(name) && modified(&root.join(&variant)).is_some())
                {
                    continue;
                }
                let (from, to) = (root.join(name), root.join(&variant));
                if !super::content_type::is_compressible(name) {
                    continue;
                }
                let content = fs::read(&from).map_err(|error| StaticFilesError::io(&from, error))?;
                let compressed = compressed(name, &content, encoding);
                match compressed.map_err(|error| StaticFilesError::io(&to, error))? {
                    Some(compressed) => {
                        write(&to, &compressed)?;
                        done.compressed.push(variant);
                    }
                    // One of a former content must not stay.
                    None => drop(fs::remove_file(&to)),
                }
            }
        }
        Ok(())
    }

    fn precompresses(&self, encoding: Encoding) -> bool {
        self.precompress.iter().any(|name| name.eq_ignore_ascii_case(encoding.name()))
    }
}

/// When a regular file was changed, in whole seconds since 1970; none if there is none.
fn modified(path: &Path) -> Option<i64> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

fn write(to: &Path, mut content: &[u8]) -> Result<(), StaticFilesError> {
    write_from(to, &mut content)
}

/// Writes a file that appears whole or not at all: it may be served at this moment.
fn write_from(to: &Path, content: &mut impl Read) -> Result<(), StaticFilesError> {
    let mut written = || -> io::Result<()> {
        let folder = to.parent().unwrap_or(to);
        fs::create_dir_all(folder)?;
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{:08x}.partial", rand::random::<u32>()));
        let partial = folder.join(name);
        let mut file = fs::File::create_new(&partial)?;
        let copied =
            io::copy(content, &mut file).and_then(|_| file.flush()).and_then(|()| fs::rename(&partial, to));
        if copied.is_err() {
            let _gone = fs::remove_file(&partial);
        }
        copied
    };
    written().map_err(|error| StaticFilesError::io(to, error))
}

/// Deletes what a folder holds; of a link the link.
fn clear(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?
        } else {
            fs::remove_file(entry.path())?
        }
    }
    Ok(())
}
