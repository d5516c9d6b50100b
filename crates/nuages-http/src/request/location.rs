//! `build_absolute_uri`.

use super::HttpRequest;
use crate::error::Result;
use crate::iri::iri_to_uri;
use crate::url_split::{urljoin, urlsplit};

impl HttpRequest {
    /// This request's URL with scheme and host (`HttpRequest.build_absolute_uri()`).
    ///
    /// # Errors
    /// As [`get_host`](Self::get_host).
    #[doc(alias = "build_absolute_uri")]
    pub fn absolute_uri(&self) -> Result<String> {
        // Two slashes in front, so that a path which begins with two is not taken for a host.
        self.build_absolute_uri(&format!("//{}", self.get_full_path()))
    }

    /// A location as a whole URL, seen from this request (`HttpRequest.build_absolute_uri(location)`).
    ///
    /// # Errors
    /// As [`get_host`](Self::get_host), or a location that is no URL.
    ///
    /// ```
    /// use nuages_http::HttpRequest;
    /// let request = HttpRequest::test("GET", "/docs/a").header("Host", "testserver").build();
    /// assert_eq!(request.build_absolute_uri("/login/")?, "http://testserver/login/");
    /// assert_eq!(request.build_absolute_uri("b")?, "http://testserver/docs/b");
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn build_absolute_uri(&self, location: &str) -> Result<String> {
        let parts = urlsplit(location)?;
        if !parts.scheme.is_empty() && !parts.netloc.is_empty() {
            return Ok(iri_to_uri(location).into_owned());
        }
        let origin = format!("{}://{}", self.scheme, self.get_host()?);
        let is_plain = parts.path.starts_with('/')
            && parts.scheme.is_empty()
            && parts.netloc.is_empty()
            && !parts.path.contains("/./")
            && !parts.path.contains("/../");
        let joined = if is_plain {
            format!("{origin}{}", location.strip_prefix("//").unwrap_or(location))
        } else {
            urljoin(&format!("{origin}{}", self.path), location)?
        };
        Ok(iri_to_uri(&joined).into_owned())
    }
}
