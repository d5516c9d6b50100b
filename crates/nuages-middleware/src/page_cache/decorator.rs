//! `cache_page`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{AGE, AUTHORIZATION, CACHE_CONTROL};
use nuages_cache::{CacheFront, Caches, DEFAULT_CACHE_ALIAS, Timeout};
use nuages_http::cache_headers::split_delimited;
use nuages_http::{HttpRequest, HttpResponse, Method, Result, StatusCode};

use super::key;
use super::stored::Page;
use crate::cache_control::{get_max_age, patch_response_headers};
use crate::decorators::{Decorated, Decorator, Inner, decorate};
use crate::personal::is_personal;
use crate::template_response::when_rendered;

/// How a view's page is cached.
///
/// ```
/// use nuages_middleware::decorators::{CachePage, cache_page};
/// # use nuages_http::{HttpRequest, HttpResponse, Result};
/// # async fn news(_: HttpRequest) -> Result { Ok(HttpResponse::new("")) }
/// let view = cache_page(60 * 15, news);
/// let other = cache_page(CachePage::seconds(60).cache("pages").key_prefix("de"), news);
/// ```
#[derive(Clone, Debug, Default)]
pub struct CachePage {
    seconds: Option<u64>,
    alias: Option<String>,
    prefix: Option<String>,
}

impl CachePage {
    /// For as long as the view says with `max-age`, or else for `CACHE_MIDDLEWARE_SECONDS`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For so many seconds.
    #[must_use]
    pub fn seconds(seconds: u64) -> Self {
        Self { seconds: Some(seconds), ..Self::default() }
    }

    /// In the cache of this alias, in place of the default one.
    #[must_use]
    pub fn cache(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// Under keys of its own, in place of `CACHE_MIDDLEWARE_KEY_PREFIX`: for pages that depend on something that no header
    /// says.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    fn front<'a>(&self, request: &'a HttpRequest) -> Result<&'a CacheFront> {
        let alias = self.alias.as_deref().unwrap_or(DEFAULT_CACHE_ALIAS);
        Ok(caches(request)?.get(alias)?)
    }

    fn prefix<'a>(&'a self, request: &'a HttpRequest) -> &'a str {
        self.prefix.as_deref().unwrap_or(&request.settings().CACHE_MIDDLEWARE_KEY_PREFIX)
    }

    async fn fetch(&self, request: &HttpRequest) -> Result<Option<HttpResponse>> {
        let (cache, prefix) = (self.front(request)?, self.prefix(request));
        let names: Option<Vec<String>> = cache.get(&key::of_names(request, prefix)?).await?;
        let Some(names) = names else { return Ok(None) };
        let Some(bytes) = cache.get_bytes(&key::of_page(request, prefix, &names)?).await? else {
            return Ok(None);
        };
        let Some(page) = Page::decode(&bytes) else { return Ok(None) };
        // Who says who he is gets a page of his own, unless the page itself is for everybody.
        if request.headers.contains(AUTHORIZATION.as_str()) && !page.public {
            return Ok(None);
        }
        let age = now().saturating_sub(page.kept_at);
        let mut response = page.into_response();
        response.headers_mut().insert(AGE, age.into());
        Ok(Some(response))
    }

    async fn store(&self, request: &HttpRequest, response: &mut HttpResponse) -> Result<()> {
        let directives = response.header(CACHE_CONTROL.as_str()).unwrap_or_default().to_lowercase();
        let public = split_delimited(&directives).contains(&"public");
        let names = key::names(response);
        let (true, Some(names)) = (may_be_kept(request, response, &directives, public), names) else {
            return Ok(());
        };
        let seconds = self.seconds.or_else(|| get_max_age(response)).unwrap_or_else(|| {
            u64::try_from(request.settings().CACHE_MIDDLEWARE_SECONDS).unwrap_or_default()
        });
        patch_response_headers(response, seconds);
        if seconds == 0 {
            return Ok(());
        }
        let Some(bytes) = Page::of(response, now(), public).and_then(|page| page.encode()) else {
            return Ok(());
        };
        let (cache, prefix) = (self.front(request)?, self.prefix(request));
        let timeout = Timeout::from(Duration::from_secs(seconds));
        cache.set_bytes(&key::of_page(request, prefix, &names)?, bytes, timeout).await?;
        cache.set(&key::of_names(request, prefix)?, &names, timeout).await?;
        Ok(())
    }
}

impl From<u64> for CachePage {
    fn from(seconds: u64) -> Self {
        Self::seconds(seconds)
    }
}

impl From<Duration> for CachePage {
    fn from(time: Duration) -> Self {
        Self::seconds(time.as_secs())
    }
}

impl Decorator for CachePage {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        if request.method != Method::GET && request.method != Method::HEAD {
            return view.run(request).await;
        }
        match self.fetch(&request).await {
            Ok(Some(response)) => return Ok(response),
            Ok(None) => {}
            Err(error) => report(&error),
        }
        let kept = request.clone();
        let response = view.run(request).await?;
        let page = self.clone();
        when_rendered(response, move |mut response| async move {
            if kept.method == Method::GET
                && let Err(error) = page.store(&kept, &mut response).await
            {
                report(&error);
            }
            Ok(response)
        })
        .await
    }
}

/// Keeps the page of a view and gives it to whoever asks for it next, without calling the view (`cache_page`).
///
/// What tells pages apart is the whole URL, and of the request's headers those that the response names in `Vary`. Only an
/// answer of status 200 to a GET is kept, and none that is for one visitor: that sets a cookie, says `private`, `no-cache`,
/// `no-store` or `Vary: *`, answers a request with `Authorization` (unless it says `public`), or that used the session, a
/// CSRF token or a message. A cache that is out of order is no error; the view answers then.
///
/// A view that reads `request.COOKIES` by itself must say so: put `vary_on_cookie` inside.
pub fn cache_page<V>(page: impl Into<CachePage>, view: V) -> Decorated<V, CachePage> {
    decorate(page.into(), view)
}

fn may_be_kept(request: &HttpRequest, response: &HttpResponse, directives: &str, public: bool) -> bool {
    let forbidden = ["private", "no-cache", "no-store"].iter().any(|word| directives.contains(word));
    response.status() == StatusCode::OK
        && !response.is_streaming()
        && !response.sets_cookies()
        && !forbidden
        && (public || !request.headers.contains(AUTHORIZATION.as_str()))
        && !is_personal(request)
}

/// The caches of the site; if it has none yet, the one of the settings.
fn caches(request: &HttpRequest) -> Result<&Caches> {
    let shared = request.site().extensions();
    if let Some(caches) = shared.get::<Caches>() {
        return Ok(caches);
    }
    let settings = request.settings();
    let front = CacheFront::connect(settings.CACHE_URL.as_str())?
        .key_prefix(&settings.CACHE_KEY_PREFIX)
        .version(settings.CACHE_VERSION);
    Ok(shared.get_or_insert_with(|| Caches::new(front)))
}

fn report(error: &nuages_http::Error) {
    tracing::warn!(target: "nuages.cache", %error, "the cache of pages is out of order");
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
