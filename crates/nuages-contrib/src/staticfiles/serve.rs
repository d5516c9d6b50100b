//! A folder as a view: `django.views.static.serve`.

use std::path::PathBuf;
use std::sync::Arc;

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Method, Result};

use super::answer::{Caching, Policy, answer};
use super::folder::Folder;

/// Serves the files of one folder from a view, for what users have uploaded (`django.views.static.serve`).
///
/// ```
/// use nuages_contrib::staticfiles::{Serve, serve};
/// use nuages_http::{HttpRequest, Result};
///
/// // path("media/<path:path>", media)
/// async fn media(request: HttpRequest, path: String) -> Result {
///     serve("/srv/media").answer(&request, &path).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Serve {
    folder: Arc<Folder>,
}

/// The files of this folder.
pub fn serve(folder: impl Into<PathBuf>) -> Serve {
    Serve { folder: Arc::new(Folder::new(folder)) }
}

impl Serve {
    /// The file of this path: with conditions and ranges, to be asked for again each time (`max-age=0`).
    ///
    /// # Errors
    /// 404 if there is no such file in the folder, or the disk.
    pub async fn answer(&self, request: &HttpRequest, path: &str) -> Result {
        if request.method != Method::GET && request.method != Method::HEAD {
            return Ok(HttpResponse::not_allowed(["GET", "HEAD"]));
        }
        let policy = Policy { caching: Caching::Seconds(0), precompressed: false, all_origins: false };
        let found = answer(request, &self.folder, path, policy).await?;
        let mut response = found.ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no such file"))?;
        // A file that somebody has uploaded must not run as a page of this site.
        response.setdefault_header(
            "content-security-policy",
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'",
        )?;
        response.setdefault_header("x-content-type-options", "nosniff")?;
        Ok(response)
    }
}
