//! To and from the types of the `http` crate, for tower services inside an application.

use http::Request;

use super::HttpRequest;
use crate::body::Body;
use crate::error::Result;

impl HttpRequest {
    /// What the server and tower layers outside of the application have put on the request.
    #[must_use]
    pub fn http_extensions(&self) -> &http::Extensions {
        &self.head().extensions
    }

    /// The request as an [`http::Request`] with its body, for a tower service.
    ///
    /// # Errors
    /// If the body was taken or read before.
    pub fn to_http(&self) -> Result<Request<Body>> {
        let head = self.head();
        let mut request = Request::new(self.take_body()?);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = head.uri.clone();
        *request.version_mut() = head.version;
        *request.headers_mut() = head.headers.clone();
        *request.extensions_mut() = head.extensions.clone();
        Ok(request)
    }
}

/// Put among the [extensions](HttpRequest::http_extensions) of a request by a client in the same process: no token is
/// asked for (`enforce_csrf_checks=False` of Django's test client). Nothing that comes over a network has extensions.
///
/// ```
/// use nuages_http::DontEnforceCsrfChecks;
///
/// let mut request = http::Request::new(nuages_http::Body::from("item=pen".to_owned()));
/// request.extensions_mut().insert(DontEnforceCsrfChecks);
/// assert!(request.extensions().get::<DontEnforceCsrfChecks>().is_some());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DontEnforceCsrfChecks;
