//! One cookie as a browser keeps it (RFC 6265bis, section 5).

use chrono::{DateTime, TimeDelta, Utc};
use cookie::{Cookie, SameSite};

/// A cookie in the jar.
///
/// ```
/// # use std::sync::Arc;
/// # use nuages_http::{Body, Peer, Settings, Site};
/// # use nuages_test::{BoxFuture, Client, Serve};
/// # struct Shop(Arc<Site>);
/// # impl Serve for Shop {
/// #     fn serve(&self, _: http::Request<Body>, _: Peer) -> BoxFuture<http::Response<Body>> {
/// #         let response = http::Response::builder().header("set-cookie", "cart=3; Path=/; Max-Age=60; HttpOnly");
/// #         Box::pin(async move { response.body(Body::from("[\"pen\"]".to_owned())).unwrap() })
/// #     }
/// #     fn site(&self) -> &Arc<Site> { &self.0 }
/// # }
/// # let application = Shop(Site::new(Settings::default()).unwrap());
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut client = Client::new(application);
/// client.get("/").await;
/// let cookie = client.jar().find("cart").unwrap();
/// assert_eq!((cookie.name(), cookie.value(), cookie.path()), ("cart", "3", "/"));
/// assert!(cookie.is_http_only());
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) domain: String,
    pub(crate) host_only: bool,
    pub(crate) path: String,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<Site>,
    pub(crate) expires: Option<DateTime<Utc>>,
}

/// The attribute SameSite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    Strict,
    Lax,
    None,
}

/// Where a response came from.
pub(crate) struct Origin<'a> {
    pub(crate) https: bool,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
}

/// The largest cookie that browsers keep: name and value, in bytes.
const LARGEST: usize = 4096;

impl StoredCookie {
    /// Reads a Set-Cookie line; `None` if a browser would ignore it.
    pub(crate) fn read(line: &str, origin: &Origin<'_>, now: DateTime<Utc>) -> Option<Self> {
        let cookie = Cookie::parse(line.to_owned()).ok()?;
        let (name, value) = (cookie.name().to_owned(), cookie.value().to_owned());
        if name.len().saturating_add(value.len()) > LARGEST {
            return None;
        }
        let host = origin.host.to_ascii_lowercase();
        let domain = cookie.domain().map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
        let (domain, host_only) = match domain {
            Some(domain) if !domain.is_empty() => (domain, false),
            _ => (host.clone(), true),
        };
        let path = match cookie.path() {
            Some(path) if path.starts_with('/') => path.to_owned(),
            _ => default_path(origin.path).to_owned(),
        };
        let stored = Self {
            expires: expiry(&cookie, line, now),
            secure: cookie.secure().unwrap_or(false),
            http_only: cookie.http_only().unwrap_or(false),
            same_site: cookie.same_site().map(|same_site| match same_site {
                SameSite::Strict => Site::Strict,
                SameSite::Lax => Site::Lax,
                SameSite::None => Site::None,
            }),
            name,
            value,
            domain,
            host_only,
            path,
        };
        stored.is_acceptable(origin, &host).then_some(stored)
    }

    fn is_acceptable(&self, origin: &Origin<'_>, host: &str) -> bool {
        let lower = self.name.to_ascii_lowercase();
        (self.host_only || domain_matches(host, &self.domain))
            && (!self.secure || is_trustworthy(origin))
            && (self.same_site != Some(Site::None) || self.secure)
            && (!lower.starts_with("__secure-") || self.secure)
            && (!lower.starts_with("__host-") || (self.secure && self.host_only && self.path == "/"))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value, as it was sent.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The path below which it is sent.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Is it hidden from scripts?
    #[must_use]
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// When it ends; none: with the browser.
    #[must_use]
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        self.expires
    }

    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The same cookie in the eyes of the jar.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        (&self.name, &self.domain, self.host_only, &self.path)
            == (&other.name, &other.domain, other.host_only, &other.path)
    }

    /// Does it go along with a request?
    pub(crate) fn goes_to(&self, origin: &Origin<'_>, cross_site: bool, safe: bool) -> bool {
        let host = origin.host.to_ascii_lowercase();
        let domain = if self.host_only { host == self.domain } else { domain_matches(&host, &self.domain) };
        let site = !cross_site
            || match self.same_site {
                Some(Site::None) => true,
                Some(Site::Strict) => false,
                // Without the attribute: Lax, as browsers do.
                Some(Site::Lax) | None => safe,
            };
        domain && site && path_matches(origin.path, &self.path) && (!self.secure || is_trustworthy(origin))
    }
}

/// Max-Age wins over Expires.
fn expiry(cookie: &Cookie<'_>, line: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let attributes = line.split(';').skip(1).filter_map(|attribute| attribute.split_once('='));
    let max_age = attributes.filter(|(name, _)| name.trim().eq_ignore_ascii_case("max-age")).last();
    if let Some(seconds) = max_age.and_then(|(_, seconds)| seconds.trim().parse::<i64>().ok()) {
        let far = TimeDelta::days(400);
        let age = TimeDelta::try_seconds(seconds).map_or(far, |age| age.min(far));
        return Some(if seconds <= 0 {
            DateTime::UNIX_EPOCH
        } else {
            now.checked_add_signed(age).unwrap_or(now)
        });
    }
    let expires = cookie.expires_datetime()?;
    DateTime::from_timestamp(expires.unix_timestamp(), 0)
}

/// Plain HTTP counts for this machine itself, as in browsers.
fn is_trustworthy(origin: &Origin<'_>) -> bool {
    origin.https
        || origin.host == "localhost"
        || origin.host.ends_with(".localhost")
        || origin.host == "127.0.0.1"
}

fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain
        || (host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
            && host.parse::<std::net::IpAddr>().is_err())
}

fn path_matches(path: &str, cookie_path: &str) -> bool {
    match path.strip_prefix(cookie_path) {
        Some(rest) => rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) | None => "/",
        Some(slash) => path.get(..slash).unwrap_or("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, https: bool, host: &str) -> Option<StoredCookie> {
        StoredCookie::read(line, &Origin { https, host, path: "/docs/page" }, Utc::now())
    }

    #[test]
    fn what_a_browser_keeps() {
        for (line, https, kept) in [
            ("a=1", false, true),
            ("a=1; Secure", false, false),
            ("a=1; Secure", true, true),
            ("a=1; SameSite=None", true, false),
            ("a=1; SameSite=None; Secure", true, true),
            ("a=1; Domain=example.com", false, true),
            ("a=1; Domain=.example.com", false, true),
            ("a=1; Domain=other.com", false, false),
            ("a=1; Domain=ample.com", false, false),
            ("__Host-a=1; Secure; Path=/", true, true),
            ("__Host-a=1; Secure", true, false),
            ("__Host-a=1; Secure; Path=/; Domain=example.com", true, false),
            ("__secure-a=1", true, false),
        ] {
            assert_eq!(read(line, https, "www.example.com").is_some(), kept, "{line}");
        }
        assert!(read(&format!("a={}", "x".repeat(4096)), false, "h").is_none());
    }

    #[test]
    fn where_it_goes() {
        for (line, host, path, goes) in [
            ("a=1", "www.example.com", "/docs/other", true),
            ("a=1", "www.example.com", "/docsother", false),
            ("a=1; Path=/", "www.example.com", "/", true),
            ("a=1; Path=/docs", "www.example.com", "/docs", true),
            ("a=1; Path=/docs", "www.example.com", "/docs/", true),
            ("a=1; Path=/docs", "www.example.com", "/documents", false),
            ("a=1; Path=/", "example.com", "/", false),
            ("a=1; Path=/; Domain=example.com", "api.example.com", "/", true),
        ] {
            let cookie = read(line, false, "www.example.com").unwrap();
            assert_eq!(
                cookie.goes_to(&Origin { https: false, host, path }, false, true),
                goes,
                "{line} {host}{path}"
            );
        }
    }

    #[test]
    fn ages() {
        let now = Utc::now();
        let at = |line: &str| {
            StoredCookie::read(line, &Origin { https: false, host: "h", path: "/" }, now).unwrap()
        };
        assert_eq!(at("a=1").expires(), None);
        assert!(at("a=1; Max-Age=0").is_expired(now));
        assert!(at("a=1; Max-Age=-5; Expires=Fri, 01 Jan 2100 00:00:00 GMT").is_expired(now));
        assert!(!at("a=1; Max-Age=5").is_expired(now));
        assert!(at("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT").is_expired(now));
        assert!(!at("a=1; Max-Age=99999999999999").is_expired(now));
    }

    #[test]
    fn sites() {
        for (line, safe, goes) in [
            ("a=1", true, true),
            ("a=1", false, false),
            ("a=1; SameSite=Lax", true, true),
            ("a=1; SameSite=Lax", false, false),
            ("a=1; SameSite=Strict", true, false),
            ("a=1; SameSite=None; Secure", false, true),
        ] {
            let cookie = read(line, true, "h").unwrap();
            let origin = Origin { https: true, host: "h", path: "/docs/" };
            assert_eq!(cookie.goes_to(&origin, true, safe), goes, "{line} {safe}");
        }
    }
}
