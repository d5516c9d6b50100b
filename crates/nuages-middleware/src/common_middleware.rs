//! `CommonMiddleware`: hosts, slashes, lengths.

use std::borrow::Cow;

use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, StatusCode};
use nuages_http::safe_redirect::escape_leading_slashes;
use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Result};
use regex::RegexSet;

use crate::middleware::Middleware;
use crate::next::Next;
use crate::setup::{Setup, SetupError};

/// What most sites want (`django.middleware.common.CommonMiddleware`).
///
/// - A User-Agent that matches `DISALLOWED_USER_AGENTS` gets 403.
/// - `PREPEND_WWW` redirects to the host with `www.`.
/// - `APPEND_SLASH` redirects a path that no route matches to the same path with a slash, if a route matches that.
///   In debug mode a POST is not redirected but refused, because the redirect would lose its data.
/// - `Content-Length` is set unless the response is streamed.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
/// # use nuages_middleware::{Middleware, Next, Setup};
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello") }
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use nuages_middleware::CommonMiddleware;
///
/// let site = Site::new(Settings { DISALLOWED_USER_AGENTS: vec!["^Crawler".into()], ..Settings::default() })?;
/// let mut middleware = CommonMiddleware::new();
/// middleware.setup(&Setup::new(&site))?;
/// let request = HttpRequest::test("GET", "/").header("User-Agent", "Crawler/1.0").site(&site).build();
/// let refused = middleware.call(request, &View).await;
/// assert!(refused.is_err_and(|error| error.status() == 403));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Default)]
pub struct CommonMiddleware {
    disallowed: RegexSet,
}

impl CommonMiddleware {
    /// The middleware; it reads its settings when the application is built.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn redirect_away(&self, request: &HttpRequest) -> Result<Option<HttpResponse>> {
        if !self.disallowed.is_empty()
            && let Some(agent) = request.headers.get("user-agent")
            && self.disallowed.is_match(&agent)
        {
            return Err(Error::new(ErrorKind::PermissionDenied, "forbidden user agent"));
        }
        let host = request.get_host()?;
        if !request.settings().PREPEND_WWW || host.is_empty() || host.starts_with("www.") {
            return Ok(None);
        }
        let path =
            if wants_slash(request) { path_with_slash(request)?.into() } else { request.get_full_path() };
        HttpResponse::permanent_redirect(format!("{}://www.{host}{path}", request.scheme)).map(Some)
    }
}

impl Middleware for CommonMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let mut response = match self.redirect_away(&request)? {
            Some(answer) => answer,
            None => {
                let kept = request.clone();
                let response = next.run(request).await;
                if response.status() == StatusCode::NOT_FOUND && wants_slash(&kept) {
                    HttpResponse::permanent_redirect(path_with_slash(&kept)?)?
                } else {
                    response
                }
            }
        };
        if let Some(bytes) = response.body().as_bytes() {
            let length = bytes.len();
            response.headers_mut().entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
        }
        Ok(response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        self.disallowed = RegexSet::new(&setup.settings().DISALLOWED_USER_AGENTS).map_err(|error| {
            SetupError::new(format!("DISALLOWED_USER_AGENTS has a bad regular expression: {error}"))
        })?;
        Ok(())
    }
}

/// Would a slash make a path that no route matches one that a route matches?
fn wants_slash(request: &HttpRequest) -> bool {
    if !request.settings().APPEND_SLASH || request.path_info.ends_with('/') {
        return false;
    }
    let Some(routes) = request.site().routes() else { return false };
    !routes.is_valid_path(&request.path_info) && routes.takes_slash(&format!("{}/", &*request.path_info))
}

fn path_with_slash(request: &HttpRequest) -> Result<String> {
    // A path of two slashes would be taken for another host.
    let path = escape_leading_slashes(&request.get_full_path_with_slash()).into_owned();
    let loses_data = [Method::DELETE, Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
    if request.settings().DEBUG && loses_data {
        let host = request.get_host().unwrap_or(Cow::Borrowed(""));
        return Err(Error::new(
            ErrorKind::Internal,
            format!(
                "{} to a URL without its final slash: APPEND_SLASH would redirect and lose the data; \
                 send it to {host}{path}, or set APPEND_SLASH = false",
                request.method
            ),
        ));
    }
    Ok(path)
}
