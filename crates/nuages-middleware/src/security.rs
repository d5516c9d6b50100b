//! `SecurityMiddleware`: HTTPS and the headers that make browsers careful.

use nuages_http::{HttpRequest, HttpResponse, Result};
use regex::RegexSet;

use crate::middleware::Middleware;
use crate::next::Next;
use crate::setup::{Setup, SetupError};

/// Redirects to HTTPS and adds security headers (`django.middleware.security.SecurityMiddleware`).
///
/// Settings: `SECURE_SSL_REDIRECT`, `SECURE_SSL_HOST`, `SECURE_REDIRECT_EXEMPT`, `SECURE_HSTS_SECONDS`,
/// `SECURE_HSTS_INCLUDE_SUBDOMAINS`, `SECURE_HSTS_PRELOAD`, `SECURE_CONTENT_TYPE_NOSNIFF`,
/// `SECURE_REFERRER_POLICY`, `SECURE_CROSS_ORIGIN_OPENER_POLICY`. A header that the view has set stays.
#[derive(Default)]
pub struct SecurityMiddleware {
    redirect: bool,
    host: Option<String>,
    exempt: RegexSet,
    hsts: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl SecurityMiddleware {
    /// The middleware; it reads its settings when the application is built.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Middleware for SecurityMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let secure = request.is_secure();
        if self.redirect && !secure && !self.exempt.is_match(request.path.trim_start_matches('/')) {
            let host = match &self.host {
                Some(host) => host.clone(),
                None => request.get_host()?.into_owned(),
            };
            return HttpResponse::permanent_redirect(format!("https://{host}{}", request.get_full_path()));
        }
        let mut response = next.run(request).await;
        if let (true, Some(hsts)) = (secure, &self.hsts) {
            response.setdefault_header("strict-transport-security", hsts)?;
        }
        for (name, value) in &self.headers {
            response.setdefault_header(name, value)?;
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
        self.hsts = (settings.SECURE_HSTS_SECONDS != 0).then(|| {
            let subdomains = if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS { "; includeSubDomains" } else { "" };
            let preload = if settings.SECURE_HSTS_PRELOAD { "; preload" } else { "" };
            format!("max-age={}{subdomains}{preload}", settings.SECURE_HSTS_SECONDS)
        });
        self.headers.clear();
        if settings.SECURE_CONTENT_TYPE_NOSNIFF {
            self.headers.push(("x-content-type-options", "nosniff".to_owned()));
        }
        if let Some(policy) = &settings.SECURE_REFERRER_POLICY {
            let policy: Vec<&str> = policy.split(',').map(str::trim).collect();
            self.headers.push(("referrer-policy", policy.join(",")));
        }
        if let Some(policy) = &settings.SECURE_CROSS_ORIGIN_OPENER_POLICY {
            self.headers.push(("cross-origin-opener-policy", policy.clone()));
        }
        Ok(())
    }

    fn provides(&self) -> &[&'static str] {
        &["security headers"]
    }
}
