//! Serving static files: the middleware.

use std::path::PathBuf;
use std::sync::Arc;

use nuages_http::{HttpRequest, Result};
use nuages_middleware::{Middleware, Next, Setup, SetupError};

use super::answer::{Caching, Policy, answer};
use super::folder::Folder;
use super::names::split;
use super::source::Source;
use super::static_files::StaticFiles;

/// Serves static files beneath STATIC_URL: with DEBUG from where they are written, without from STATIC_ROOT, as WhiteNoise
/// does. It belongs near the outside, behind [`SecurityMiddleware`](nuages_middleware::SecurityMiddleware): what it answers,
/// layers further in do not see.
///
/// A path of which there is no file goes on to the routes, so that the site's own page for 404 answers it. A request for
/// anything else costs one comparison of its path.
#[derive(Debug, Default)]
#[doc(alias = "WhiteNoiseMiddleware")]
#[doc(alias = "django.contrib.staticfiles")]
pub struct StaticFilesMiddleware {
    folders: Vec<Source>,
    ready: Option<Ready>,
}

#[derive(Debug)]
struct Ready {
    files: Arc<StaticFiles>,
    /// The path of STATIC_URL, decoded.
    prefix: String,
    debug: bool,
    max_age: u32,
    all_origins: bool,
}

impl StaticFilesMiddleware {
    /// Serves the folders of STATICFILES_DIRS.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also the files of this folder: the `static` of an application, as Django's `AppDirectoriesFinder` finds it.
    #[must_use]
    pub fn folder(self, folder: impl Into<PathBuf>) -> Self {
        self.folder_under("", folder)
    }

    /// The same with a prefix before the names.
    #[must_use]
    pub fn folder_under(mut self, prefix: &str, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(Source::new(prefix, folder));
        self
    }
}

impl Ready {
    async fn answer(&self, request: &HttpRequest, name: &str) -> Result<Option<nuages_http::HttpResponse>> {
        let plain = Policy {
            caching: Caching::Seconds(self.max_age),
            precompressed: false,
            all_origins: self.all_origins,
        };
        if self.debug {
            for source in &self.files.sources {
                let policy = Policy { caching: Caching::Seconds(0), ..plain };
                if let Some(path) = source.path(name)
                    && let Some(response) = answer(request, &source.folder, path, policy).await?
                {
                    return Ok(Some(response));
                }
            }
            return Ok(None);
        }
        let Some(root) = &self.files.root else { return Ok(None) };
        let immutable = matches!(self.files.manifest(), Ok(Some(manifest)) if manifest.is_hashed(name));
        let caching = if immutable { Caching::Immutable } else { plain.caching };
        let root: &Folder = root;
        answer(request, root, name, Policy { caching, precompressed: true, ..plain }).await
    }
}

impl Middleware for StaticFilesMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let ready = self.ready.as_ref();
        let Some((ready, name)) =
            ready.and_then(|ready| Some((ready, request.path_info.strip_prefix(&*ready.prefix)?)))
        else {
            return Ok(next.run(request).await);
        };
        // As before any view: a host that is not ours gets nothing.
        request.check_host()?;
        match ready.answer(&request, name).await? {
            Some(response) => Ok(response),
            None => Ok(next.run(request).await),
        }
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let settings = setup.settings();
        let files = StaticFiles::keep(setup.site(), std::mem::take(&mut self.folders));
        let prefix = super::names::unquote(&split(&files.url).path);
        // A STATIC_URL that is the root of another host would take every path here.
        let prefix = if prefix == "/" { return Ok(()) } else { prefix };
        self.ready = Some(Ready {
            files,
            prefix,
            debug: settings.DEBUG,
            max_age: settings.STATIC_MAX_AGE,
            all_origins: settings.STATIC_ALLOW_ALL_ORIGINS,
        });
        Ok(())
    }
}
