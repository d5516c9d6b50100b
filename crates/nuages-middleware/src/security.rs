//! `SecurityMiddleware`: HTTPS and the headers that make browsers careful.

use http::header::{REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue};
use nuages_http::{HttpRequest, HttpResponse, Result};
use regex::RegexSet;

use crate::middleware::Middleware;
use crate::next::Next;
use crate::setup::{self, Setup, SetupError};

/// Redirects to HTTPS and adds security headers (`django.middleware.security.SecurityMiddleware`).
///
/// Settings: `SECURE_SSL_REDIRECT`, `SECURE_SSL_HOST`, `SECURE_REDIRECT_EXEMPT`, `SECURE_HSTS_SECONDS`,
/// `SECURE_HSTS_INCLUDE_SUBDOMAINS`, `SECURE_HSTS_PRELOAD`, `SECURE_CONTENT_TYPE_NOSNIFF`,
/// `SECURE_REFERRER_POLICY`, `SECURE_CROSS_ORIGIN_OPENER_POLICY`. A header that the view has set stays.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
/// # use nuages_middleware::{Middleware, Next, Setup};
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello") }
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use nuages_middleware::SecurityMiddleware;
///
/// let site = Site::new(Settings { SECURE_SSL_REDIRECT: true, ALLOWED_HOSTS: vec!["a.example".into()], ..Settings::default() })?;
/// let mut middleware = SecurityMiddleware::new();
/// middleware.setup(&Setup::new(&site))?;
/// let request = HttpRequest::test("GET", "/page/").header("Host", "a.example").site(&site).build();
/// let response = middleware.call(request, &View).await?;
/// assert_eq!(response.url().as_deref(), Some("https://a.example/page/"));
/// assert_eq!(response.header("X-Content-Type-Options").as_deref(), Some("nosniff"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Default)]
pub struct SecurityMiddleware {
    redirect: bool,
    host: Option<String>,
    exempt: RegexSet,
    hsts: Option<HeaderValue>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl SecurityMiddleware {
    /// The middleware; it reads its settings when the application is built.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Must this request come again over HTTPS?
    fn redirects(&self, request: &HttpRequest) -> bool {
        self.redirect && !request.is_secure() && !self.exempt.is_match(request.path.trim_start_matches('/'))
    }
}

impl Middleware for SecurityMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let secure = request.is_secure();
        let mut response = if self.redirects(&request) {
            let host = match &self.host {
                Some(host) => host.into(),
                None => request.get_host()?,
            };
            HttpResponse::permanent_redirect(format!("https://{host}{}", request.get_full_path()))?
        } else {
            next.run(request).await
        };
        if let (true, Some(hsts)) = (secure, &self.hsts) {
            response.headers_mut().entry(STRICT_TRANSPORT_SECURITY).or_insert_with(|| hsts.clone());
        }
        for (name, value) in &self.headers {
            response.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        Ok(response)
    }

    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let settings = setup.settings();
        self.redirect = settings.SECURE_SSL_REDIRECT;
        self.host = settings.SECURE_SSL_HOST.clone();
        self.exempt = RegexSet::new(&settings.SECURE_REDIRECT_EXEMPT).map_err(|error| {
            SetupError::new(format!("SECURE_REDIRECT_EXEMPT has a bad regular expression: {error}"))
        })?;
        self.hsts = None;
        if settings.SECURE_HSTS_SECONDS != 0 {
            let subdomains = if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS { "; includeSubDomains" } else { "" };
            let preload = if settings.SECURE_HSTS_PRELOAD { "; preload" } else { "" };
            let value = format!("max-age={}{subdomains}{preload}", settings.SECURE_HSTS_SECONDS);
            self.hsts = Some(setup::header_value("SECURE_HSTS_SECONDS", &value)?);
        }
        self.headers.clear();
        if settings.SECURE_CONTENT_TYPE_NOSNIFF {
            self.headers.push((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
        }
        if let Some(policy) = settings.SECURE_REFERRER_POLICY.as_ref().filter(|policy| !policy.is_empty()) {
            let policy: Vec<&str> = policy.split(',').map(str::trim).collect();
            let policy = setup::header_value("SECURE_REFERRER_POLICY", &policy.join(","))?;
            self.headers.push((REFERRER_POLICY, policy));
        }
        if let Some(policy) =
            settings.SECURE_CROSS_ORIGIN_OPENER_POLICY.as_ref().filter(|policy| !policy.is_empty())
        {
            let policy = setup::header_value("SECURE_CROSS_ORIGIN_OPENER_POLICY", policy)?;
            self.headers.push((HeaderName::from_static("cross-origin-opener-policy"), policy));
        }
        Ok(())
    }

    fn provides(&self) -> &[&'static str] {
        &["security headers"]
    }
}
