//! The cookie jar.

use chrono::{DateTime, TimeDelta, Utc};

use crate::stored_cookie::{Origin, StoredCookie};

/// Cookies as a browser keeps them: by name, domain and path; gone when they end or are deleted.
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
/// assert_eq!(client.jar().get("cart"), Some("3"));
/// client.jar_mut().advance(std::time::Duration::from_secs(61));
/// assert_eq!(client.jar().get("cart"), None, "its Max-Age is over");
/// # });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Jar {
    /// In order of creation; a cookie that is set again keeps its place.
    cookies: Vec<StoredCookie>,
    ahead: TimeDelta,
}

impl Jar {
    /// The value of the first cookie of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(StoredCookie::value)
    }

    /// The first cookie of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&StoredCookie> {
        self.iter().find(|cookie| cookie.name == name)
    }

    /// Every cookie that has not ended, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &StoredCookie> {
        let now = self.now();
        self.cookies.iter().filter(move |cookie| !cookie.is_expired(now))
    }

    /// Lets time pass in the jar, to see cookies end.
    pub fn advance(&mut self, time: std::time::Duration) {
        let time = TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
        self.ahead = self.ahead.checked_add(&time).unwrap_or(TimeDelta::MAX);
    }

    /// Ends the browser: cookies without an end are forgotten.
    pub fn close_browser(&mut self) {
        self.cookies.retain(|cookie| cookie.expires.is_some());
    }

    /// Forgets every cookie.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }

    /// Puts a cookie in by hand, for every path of this host.
    pub fn insert(&mut self, host: &str, name: &str, value: &str) {
        let origin = Origin { https: true, host, path: "/" };
        self.take(&format!("{name}={value}; Path=/"), &origin);
    }

    pub(crate) fn take(&mut self, line: &str, origin: &Origin<'_>) {
        let now = self.now();
        let Some(cookie) = StoredCookie::read(line, origin, now) else { return };
        match self.cookies.iter_mut().find(|old| cookie.replaces(old)) {
            Some(old) => *old = cookie,
            None => self.cookies.push(cookie),
        }
        self.cookies.retain(|cookie| !cookie.is_expired(now));
    }

    /// The header Cookie of a request; longer paths first, then older ones (RFC 6265, section 5.4).
    pub(crate) fn header(&self, origin: &Origin<'_>, cross_site: bool, safe: bool) -> Option<String> {
        let mut sent: Vec<&StoredCookie> =
            self.iter().filter(|cookie| cookie.goes_to(origin, cross_site, safe)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> =
            sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn now(&self) -> DateTime<Utc> {
        Utc::now().checked_add_signed(self.ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ORIGIN: Origin<'static> = Origin { https: false, host: "h", path: "/a/b" };

    #[test]
    fn set_again_deleted_and_ended() {
        let mut jar = Jar::default();
        jar.take("x=1; Path=/", &ORIGIN);
        jar.take("y=2; Path=/a; Max-Age=10", &ORIGIN);
        jar.take("x=3; Path=/", &ORIGIN);
        assert_eq!(jar.header(&ORIGIN, false, true).as_deref(), Some("y=2; x=3"));
        jar.advance(Duration::from_secs(11));
        assert_eq!(jar.header(&ORIGIN, false, true).as_deref(), Some("x=3"));
        jar.take("x=; Path=/; Max-Age=0", &ORIGIN);
        assert_eq!(jar.header(&ORIGIN, false, true), None);
    }

    #[test]
    fn another_path_is_another_cookie() {
        let mut jar = Jar::default();
        jar.take("x=1; Path=/", &ORIGIN);
        jar.take("x=2; Path=/a", &ORIGIN);
        jar.take("x=; Max-Age=0; Path=/elsewhere", &ORIGIN);
        assert_eq!(jar.header(&ORIGIN, false, true).as_deref(), Some("x=2; x=1"));
    }

    #[test]
    fn session_cookies_end_with_the_browser() {
        let mut jar = Jar::default();
        jar.take("x=1", &ORIGIN);
        jar.take("y=1; Max-Age=9", &ORIGIN);
        jar.close_browser();
        assert_eq!((jar.get("x"), jar.get("y")), (None, Some("1")));
    }
}
