//! Two middleware of one's own.

// ANCHOR: timing
use std::time::Instant;

use nuages::prelude::*;

/// Says in a header how long the rest of the site took.
pub struct TimingMiddleware;

impl Middleware for TimingMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let begun = Instant::now();
        let mut response = next.run(request).await;
        let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
        response.set_header("Server-Timing", &format!("site;dur={milliseconds:.1}"))?;
        Ok(response)
    }
}
// ANCHOR_END: timing

// ANCHOR: tenant
use nuages::middleware::{Setup, SetupError};

/// Knows by the host whose pages are asked for: `red.example.com` is those of `red`.
#[derive(Default)]
pub struct TenantMiddleware {
    domain: String,
}

/// Whose pages they are. Views find it in the request's extensions.
struct Tenant(String);

impl Middleware for TenantMiddleware {
    /// Reads the settings once, before the first request.
    fn setup(&mut self, setup: &Setup<'_>) -> Result<(), SetupError> {
        let mut domains = setup.settings().ALLOWED_HOSTS.iter().filter(|host| host.starts_with('.'));
        self.domain = domains.next().cloned().ok_or_else(|| {
            SetupError::new(
                "TenantMiddleware needs a domain with its subdomains: add \".example.com\" to ALLOWED_HOSTS",
            )
        })?;
        Ok(())
    }

    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let host = request.get_host()?.into_owned();
        let tenant = host.strip_suffix(&self.domain).or_404()?;
        request.extensions().get_or_insert_with(|| Tenant(tenant.to_owned()));
        Ok(next.run(request).await)
    }

    /// What layers and views further in may rely on.
    fn provides(&self) -> &[&'static str] {
        &["tenant"]
    }
}
// ANCHOR_END: tenant

// ANCHOR: tenant_view
async fn welcome(request: HttpRequest) -> Result {
    let tenant = request.extensions().get::<Tenant>().or_404()?;
    Ok(HttpResponse::new(format!("The pages of {}", escape(&tenant.0))))
}
// ANCHOR_END: tenant_view

/// The page of a tenant.
pub fn tenant_urls() -> UrlConf {
    urlconf([path("", welcome)])
}
