//! `CSRF_TRUSTED_ORIGINS`, read once.

use std::sync::Arc;

use nuages_http::host::is_same_domain;
use nuages_http::url_split::urlsplit;
use nuages_http::{HttpRequest, Site};

use crate::setup::SetupError;

/// Other origins whose pages may send requests here.
#[derive(Default)]
pub(super) struct TrustedOrigins {
    exact: Vec<String>,
    /// Scheme, and the host with a dot in front.
    subdomains: Vec<(String, String)>,
    /// The hosts of all of them, a star left out.
    hosts: Vec<String>,
}

impl TrustedOrigins {
    /// Of the request's site; read when they are first needed.
    pub(super) fn of(request: &HttpRequest) -> Arc<Self> {
        Self::shared(request.site())
    }

    fn shared(site: &Site) -> Arc<Self> {
        let read = || Arc::new(Self::parse(&site.settings().CSRF_TRUSTED_ORIGINS));
        site.extensions().get_or_insert_with(read).clone()
    }

    /// An origin without a scheme would trust nothing, silently.
    pub(super) fn check(origins: &[String]) -> Result<(), SetupError> {
        match origins.iter().find(|origin| !origin.contains("://")) {
            None => Ok(()),
            Some(origin) => Err(SetupError::new(format!(
                "CSRF_TRUSTED_ORIGINS has {origin:?}: an origin begins with its scheme, such as \"https://{origin}\""
            ))),
        }
    }

    fn parse(origins: &[String]) -> Self {
        let mut trusted = Self::default();
        for origin in origins {
            let Ok(parts) = urlsplit(origin) else { continue };
            let host = parts.netloc.trim_start_matches('*').to_owned();
            if origin.contains('*') {
                trusted.subdomains.push((parts.scheme, host.clone()));
            } else {
                trusted.exact.push(origin.clone());
            }
            trusted.hosts.push(host);
        }
        trusted
    }

    pub(super) fn trusts_origin(&self, origin: &str) -> bool {
        if self.exact.iter().any(|exact| exact == origin) {
            return true;
        }
        let Ok(parts) = urlsplit(origin) else { return false };
        self.subdomains
            .iter()
            .any(|(scheme, host)| *scheme == parts.scheme && is_same_domain(&parts.netloc, host))
    }

    /// The host of a Referer, with its port.
    pub(super) fn trusts_host(&self, netloc: &str) -> bool {
        self.hosts.iter().any(|host| is_same_domain(netloc, host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        let origins =
            ["https://trusted.example.org", "https://*.wild.example.org", "http://plain.example.org"];
        let trusted = TrustedOrigins::parse(&origins.map(str::to_owned));
        for (origin, is_trusted) in [
            ("https://trusted.example.org", true),
            ("http://trusted.example.org", false),
            ("https://trusted.example.org:444", false),
            ("https://a.wild.example.org", true),
            ("https://wild.example.org", true),
            ("http://a.wild.example.org", false),
            ("https://xwild.example.org", false),
            ("https://a.wild.example.org.evil.com", false),
            ("https://[bad", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(trusted.trusts_origin(origin), is_trusted, "{origin}");
        }
        assert!(trusted.trusts_host("plain.example.org") && !trusted.trusts_host("plain.example.org:444"));
        assert!(TrustedOrigins::check(&["example.org".to_owned()]).is_err());
    }
}
