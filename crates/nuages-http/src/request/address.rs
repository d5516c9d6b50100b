//! Where a request was sent to: scheme, host, port, full path.

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use super::HttpRequest;
use super::head::{Head, Peer};
use crate::error::{Error, ErrorKind, Result};
use crate::host::{split_domain_port, validate_host};
use crate::iri::{escape_uri_path, iri_to_uri};

/// Allowed in debug mode if ALLOWED_HOSTS is empty.
const DEBUG_HOSTS: [&str; 3] = [".localhost", "127.0.0.1", "[::1]"];

/// The scheme that the client used, as a trusted proxy tells or the connection shows.
pub(super) fn scheme(head: &Head, connection: &'static str) -> &'static str {
    let Some(proxy) = &head.site.settings().SECURE_PROXY_SSL_HEADER else { return connection };
    if !head.is_forwarded() {
        return connection;
    }
    match head.header(&*proxy.name) {
        Some(value) if value.split(',').next().unwrap_or("").trim() == proxy.value => "https",
        Some(_) => "http",
        None => connection,
    }
}

impl HttpRequest {
    /// Did the client use HTTPS?
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }

    /// The host that the client asked for, with its port if it has one (`HttpRequest.get_host`).
    ///
    /// From `X-Forwarded-Host` if `USE_X_FORWARDED_HOST` is set and the peer is in `TRUSTED_PROXIES`, else from
    /// `Host`, else the server's own address.
    ///
    /// # Errors
    /// [`ErrorKind::DisallowedHost`] if the host is malformed or not in `ALLOWED_HOSTS`.
    ///
    /// ```
    /// use nuages_http::HttpRequest;
    /// let request = HttpRequest::test("GET", "/").header("Host", "testserver:8000").build();
    /// assert_eq!(request.get_host()?, "testserver:8000");
    /// # Ok::<(), nuages_http::Error>(())
    /// ```
    pub fn get_host(&self) -> Result<Cow<'_, str>> {
        let host = self.raw_host();
        if self.shared().host_allowed.load(Ordering::Relaxed) {
            return Ok(host);
        }
        if self.site().is_usual_host(&host) {
            self.shared().host_allowed.store(true, Ordering::Relaxed);
            return Ok(host);
        }
        let settings = self.settings();
        let (domain, _port) = split_domain_port(&host);
        let allowed = !domain.is_empty()
            && if settings.DEBUG && settings.ALLOWED_HOSTS.is_empty() {
                validate_host(&domain, &DEBUG_HOSTS)
            } else {
                validate_host(&domain, &settings.ALLOWED_HOSTS)
            };
        if allowed {
            self.shared().host_allowed.store(true, Ordering::Relaxed);
            self.site().remember_host(&host);
            return Ok(host);
        }
        let advice = if domain.is_empty() {
            "it is no valid domain name (RFC 1034, RFC 1035)".to_owned()
        } else {
            format!("you may need to add {domain:?} to ALLOWED_HOSTS")
        };
        Err(Error::new(ErrorKind::DisallowedHost, format!("invalid Host header {host:?}: {advice}")))
    }

    /// Checks the host without giving it; what was found good before is not looked at again.
    ///
    /// # Errors
    /// As [`get_host`](Self::get_host).
    pub fn check_host(&self) -> Result<()> {
        if self.shared().host_allowed.load(Ordering::Relaxed) { Ok(()) } else { self.get_host().map(drop) }
    }

    fn raw_host(&self) -> Cow<'_, str> {
        let head = self.head();
        if self.settings().USE_X_FORWARDED_HOST
            && head.is_forwarded()
            && let Some(host) = head.header("x-forwarded-host")
        {
            return host;
        }
        if let Some(host) = head.header(http::header::HOST) {
            return host;
        }
        // HTTP/2, or an absolute target.
        if let Some(authority) = head.uri.authority() {
            return authority.as_str().into();
        }
        let name = match &head.peer {
            Peer::Tcp { local, .. } => local.ip().to_canonical().to_string(),
            Peer::Unix | Peer::Unknown => "localhost".to_owned(),
        };
        let port = self.get_port();
        let default = if self.is_secure() { "443" } else { "80" };
        if port.is_empty() || port == default { name.into() } else { format!("{name}:{port}").into() }
    }

    /// The port that the client asked (`HttpRequest.get_port`), from `X-Forwarded-Port` under the rules of
    /// [`get_host`](Self::get_host); empty if there is none, as on a unix socket.
    #[must_use]
    pub fn get_port(&self) -> Cow<'_, str> {
        let head = self.head();
        if self.settings().USE_X_FORWARDED_PORT
            && head.is_forwarded()
            && let Some(port) = head.header("x-forwarded-port")
        {
            return port;
        }
        match &head.peer {
            Peer::Tcp { local, .. } => local.port().to_string().into(),
            Peer::Unix | Peer::Unknown => "".into(),
        }
    }

    /// The path with its query, encoded (`HttpRequest.get_full_path`).
    ///
    /// ```
    /// use nuages_http::HttpRequest;
    /// let request = HttpRequest::test("GET", "/caf%C3%A9?a=1").build();
    /// assert_eq!(request.get_full_path(), "/caf%C3%A9?a=1");
    /// assert_eq!(request.get_full_path_with_slash(), "/caf%C3%A9/?a=1");
    /// ```
    #[must_use]
    pub fn get_full_path(&self) -> Cow<'_, str> {
        self.full_path(&self.path, false)
    }

    /// The same with a slash at the end of the path (`get_full_path(force_append_slash=True)`).
    #[must_use]
    pub fn get_full_path_with_slash(&self) -> Cow<'_, str> {
        self.full_path(&self.path, true)
    }

    /// The same of `path_info` (`HttpRequest.get_full_path_info`).
    #[must_use]
    pub fn get_full_path_info(&self) -> Cow<'_, str> {
        self.full_path(&self.path_info, false)
    }

    fn full_path<'a>(&self, path: &'a str, slash: bool) -> Cow<'a, str> {
        let escaped = escape_uri_path(path);
        let slash = slash && !path.ends_with('/');
        let query = self.head().query();
        if !slash && query.is_empty() {
            return escaped;
        }
        let mut full = escaped.into_owned();
        if slash {
            full.push('/');
        }
        if !query.is_empty() {
            full.push('?');
            // Bytes beyond ASCII are escaped as the characters that Latin-1 has for them, as Django does under WSGI.
            full.push_str(&iri_to_uri(&self.head().query_string()));
        }
        full.into()
    }
}
