//! What an application knows of its static files: where they are, and under which URL.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use nuages_http::{HttpRequest, Result, Settings, Site};

use super::error::{StaticFilesError, StaticFilesErrorKind};
use super::folder::Folder;
use super::manifest::Manifest;
use super::names::{self, split, unquote, unsplit};
use super::source::Source;

/// The static files of an application: [`StaticFilesMiddleware`](super::StaticFilesMiddleware) and the settings make one.
///
/// ```
/// use nuages_contrib::staticfiles::StaticFiles;
/// use nuages_http::{Settings, Site};
///
/// let site = Site::new(Settings { DEBUG: true, STATIC_URL: "/assets/".into(), ..Settings::default() })?;
/// let files = StaticFiles::of(&site);
/// assert_eq!(files.base_url(), "/assets/");
/// assert_eq!(files.url("site.css")?, "/assets/site.css", "without a hash as long as DEBUG is on");
/// assert!(!files.has("site.css")?);
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Debug)]
#[doc(alias = "ManifestStaticFilesStorage")]
#[doc(alias = "staticfiles_storage")]
pub struct StaticFiles {
    pub(super) url: String,
    pub(super) root: Option<Folder>,
    pub(super) sources: Vec<Source>,
    pub(super) hashed: bool,
    pub(super) precompress: Vec<String>,
    strict: bool,
    debug: bool,
    manifest: OnceLock<Result<Option<Manifest>, Arc<StaticFilesError>>>,
}

/// In a site's extensions.
#[derive(Debug)]
struct Kept(Arc<StaticFiles>);

impl StaticFiles {
    /// Those of a site.
    #[must_use]
    pub fn of(site: &Site) -> Arc<Self> {
        Self::keep(site, Vec::new())
    }

    /// The same, with the folders of a middleware if it is the first that asks.
    pub(super) fn keep(site: &Site, folders: Vec<Source>) -> Arc<Self> {
        site.extensions().get_or_insert_with(|| Kept(Arc::new(Self::new(site.settings(), folders)))).0.clone()
    }

    fn new(settings: &Settings, folders: Vec<Source>) -> Self {
        Self {
            url: absolute(&settings.STATIC_URL),
            root: settings.STATIC_ROOT.as_ref().filter(|root| !root.is_empty()).map(Folder::new),
            sources: Source::of_settings(settings).chain(folders).collect(),
            hashed: is_manifest(&settings.STATICFILES_STORAGE),
            precompress: settings.STATIC_PRECOMPRESS.clone(),
            strict: settings.STATICFILES_MANIFEST_STRICT,
            debug: settings.DEBUG,
            manifest: OnceLock::new(),
        }
    }

    /// STATIC_URL.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.url
    }

    /// STATIC_ROOT.
    #[must_use]
    pub fn root(&self) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.path().to_owned())
    }

    /// Is there a static file of this name in the folders that are served while developing (`finders.find`)?
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn has(&self, name: &str) -> std::io::Result<bool> {
        let path = unquote(name);
        for source in &self.sources {
            if let Some(path) = source.path(&path)
                && source.open(path)?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The URL of a static file (the template tag `static`): with the hash of its content, unless DEBUG is on. The name may have a
    /// query and a fragment.
    ///
    /// # Errors
    /// A file that is not in the manifest, or a manifest that is missing or cannot be read.
    pub fn url(&self, name: &str) -> Result<String, StaticFilesError> {
        if self.debug || !self.hashed {
            return names::url_of(&self.url, name, |clean| Ok(clean.to_owned()));
        }
        names::url_of(&self.url, name, |clean| self.stored(clean))
    }

    fn stored(&self, name: &str) -> Result<String, StaticFilesError> {
        let mut parts = split(&unquote(name));
        let clean = parts.path.trim().to_owned();
        let manifest = match self.manifest() {
            Ok(Some(manifest)) => manifest,
            Ok(None) if self.strict => {
                return Err(StaticFilesError::new(
                    StaticFilesErrorKind::BadManifest,
                    "there is no staticfiles.json in STATIC_ROOT; run collectstatic, or set \
                     STATICFILES_STORAGE = \"plain\"",
                ));
            }
            Ok(None) => return Ok(clean),
            Err(error) => return Err(StaticFilesError::new(error.kind(), error.to_string())),
        };
        match manifest.get(&clean) {
            Some(hashed) => hashed.clone_into(&mut parts.path),
            None if self.strict => {
                return Err(StaticFilesError::new(
                    StaticFilesErrorKind::MissingEntry,
                    format!(
                        "no static file is called {clean:?}; correct the name, or run collectstatic again"
                    ),
                ));
            }
            None => parts.path = clean,
        }
        if name.contains("?#") && parts.query.is_empty() {
            parts.path.push('?');
        }
        Ok(unsplit(&parts))
    }

    /// The manifest of STATIC_ROOT, read once.
    pub(super) fn manifest(&self) -> Result<Option<&Manifest>, &StaticFilesError> {
        let loaded = self.manifest.get_or_init(|| match &self.root {
            Some(root) => Manifest::load(root).map_err(Arc::new),
            None => Ok(None),
        });
        loaded.as_ref().map(Option::as_ref).map_err(|error| &**error)
    }
}

/// Is it the storage with hashes? Any other name is that without.
pub(super) fn is_manifest(storage: &str) -> bool {
    matches!(storage, "manifest" | "django.contrib.staticfiles.storage.ManifestStaticFilesStorage")
}

/// STATIC_URL beneath the root of the site, unless it is of another host.
fn absolute(url: &str) -> String {
    let slash = if url.ends_with('/') { "" } else { "/" };
    if url.starts_with('/') || url.contains("://") {
        format!("{url}{slash}")
    } else {
        format!("/{url}{slash}")
    }
}

/// The URL of a static file (`django.templatetags.static.static`); in a view, [`RequestStatic::static_url`].
///
/// # Errors
/// As [`StaticFiles::url`].
pub fn static_url(site: &Site, name: &str) -> Result<String, StaticFilesError> {
    StaticFiles::of(site).url(name)
}

/// `request.static_url(…)`.
///
/// ```
/// use nuages_contrib::staticfiles::RequestStatic;
/// use nuages_http::{HttpRequest, Settings, Site};
///
/// let site = Site::new(Settings { DEBUG: true, ..Settings::default() })?;
/// let request = HttpRequest::test("GET", "/").site(&site).build();
/// assert_eq!(request.static_url("site.css")?, "/static/site.css");
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[doc(alias = "static")]
pub trait RequestStatic {
    /// The URL of a static file.
    ///
    /// # Errors
    /// As [`StaticFiles::url`].
    fn static_url(&self, name: &str) -> Result<String, StaticFilesError>;
}

impl RequestStatic for HttpRequest {
    fn static_url(&self, name: &str) -> Result<String, StaticFilesError> {
        static_url(self.site(), name)
    }
}
