//! What all requests of one application share.

use std::fmt;
use std::sync::{Arc, OnceLock};

use nuages_cookies::CookieSigner;

use crate::extensions::Extensions;
use crate::proxies::TrustedProxies;
use crate::request::Captured;
use crate::settings::{SettingError, Settings};

/// The settings of an application, what was computed from them once, and its routes.
///
/// Every [`HttpRequest`](crate::HttpRequest) carries one, so that nothing needs a global.
///
/// ```
/// use nuages_http::{HttpRequest, Settings, Site};
///
/// /// Something of an application's own, one for all its requests.
/// #[derive(Default)]
/// struct Greeting(&'static str);
///
/// let site = Site::new(Settings { SECRET_KEY: "a long and secret text".into(), ..Settings::default() })?;
/// let request = HttpRequest::test("GET", "/").site(&site).build();
/// let greeting = request.site().extensions().get_or_insert_with(|| Greeting("hello"));
/// assert_eq!(greeting.0, "hello");
/// # Ok::<(), nuages_http::SettingError>(())
/// ```
pub struct Site {
    settings: Settings,
    signer: CookieSigner,
    proxies: TrustedProxies,
    routes: OnceLock<Arc<dyn Routes>>,
    extensions: Extensions,
    /// The first Host header that ALLOWED_HOSTS allowed; nearly all requests have the same.
    usual_host: OnceLock<Box<str>>,
}

impl Site {
    /// A site with these settings.
    ///
    /// # Errors
    /// If a setting cannot be taken; the message names it.
    pub fn new(settings: Settings) -> Result<Arc<Self>, SettingError> {
        let signer = CookieSigner::new(settings.secret_keys())
            .legacy_salt_fallback(settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK);
        let proxies = TrustedProxies::parse(&settings.TRUSTED_PROXIES)?;
        Ok(Arc::new(Self {
            settings,
            signer,
            proxies,
            routes: OnceLock::new(),
            extensions: Extensions::default(),
            usual_host: OnceLock::new(),
        }))
    }

    /// A site with default settings, to go on looking for errors with.
    #[must_use]
    pub fn placeholder() -> Arc<Self> {
        Self::trusting_nobody(Settings::default())
    }

    /// A site whose TRUSTED_PROXIES are not read.
    pub(crate) fn trusting_nobody(settings: Settings) -> Arc<Self> {
        let signer = CookieSigner::new(settings.secret_keys());
        Arc::new(Self {
            settings,
            signer,
            proxies: TrustedProxies::default(),
            routes: OnceLock::new(),
            extensions: Extensions::default(),
            usual_host: OnceLock::new(),
        })
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What signs cookies.
    #[must_use]
    pub fn cookie_signer(&self) -> &CookieSigner {
        &self.signer
    }

    /// Is this host, as a request names it, the one that was allowed first?
    pub(crate) fn is_usual_host(&self, host: &str) -> bool {
        self.usual_host.get().is_some_and(|usual| **usual == *host)
    }

    /// Remembers an allowed host, if it is the first.
    pub(crate) fn remember_host(&self, host: &str) {
        self.usual_host.get_or_init(|| host.into());
    }

    /// Whose forwarded headers count.
    #[must_use]
    pub fn trusted_proxies(&self) -> &TrustedProxies {
        &self.proxies
    }

    /// The routes, once the application is assembled.
    #[must_use]
    pub fn routes(&self) -> Option<&Arc<dyn Routes>> {
        self.routes.get()
    }

    /// Gives the site its routes; only the first call counts.
    pub fn set_routes(&self, routes: Arc<dyn Routes>) {
        let _already_set = self.routes.set(routes);
    }

    /// What other crates keep once for the whole application: a session engine, caches.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What requests and middleware may ask of the URL configuration, whoever made it.
///
/// ```
/// use std::sync::Arc;
/// use nuages_http::{Captured, NoReverseMatch, Routes, Site};
///
/// /// For tests: a site of one page.
/// struct OnePage;
///
/// impl Routes for OnePage {
///     fn is_valid_path(&self, path: &str) -> bool {
///         path == "/"
///     }
///     fn reverse(&self, name: &str, _: &[(Option<&str>, Captured)]) -> Result<String, NoReverseMatch> {
///         if name == "home" { Ok("/".into()) } else { Err(NoReverseMatch(format!("no route is named {name}"))) }
///     }
/// }
///
/// let site = Site::placeholder();
/// site.set_routes(Arc::new(OnePage));
/// let routes = site.routes().unwrap();
/// assert!(routes.is_valid_path("/") && !routes.is_valid_path("/about/"));
/// assert_eq!(routes.reverse("about", &[]).unwrap_err().to_string(), "no route is named about");
/// ```
pub trait Routes: Send + Sync {
    /// Does a route match this path (as `path_info`, with its first slash)?
    fn is_valid_path(&self, path: &str) -> bool;

    /// May APPEND_SLASH redirect to this path: does a route match it whose view does not forbid that?
    fn takes_slash(&self, path: &str) -> bool {
        self.is_valid_path(path)
    }

    /// The URL of a named route.
    ///
    /// # Errors
    /// If no route of that name takes these arguments; the message lists what was tried.
    fn reverse(&self, name: &str, arguments: &[(Option<&str>, Captured)]) -> Result<String, NoReverseMatch>;
}

/// No route of that name takes those arguments (`django.urls.NoReverseMatch`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoReverseMatch(pub String);

impl fmt::Display for NoReverseMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoReverseMatch {}
