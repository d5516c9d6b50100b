//! `render`: from a template and what goes into it to a response.

use std::sync::Arc;

use nuages_http::{HttpRequest, HttpResponse, Result};
use nuages_middleware::TemplateResponse;
use nuages_templates::{TemplateNames, Value};

use super::engine::SiteTemplates;
use super::poll_once::poll_once;
use super::waits::Waits;
use crate::request_caches::RequestCaches;

/// A response of status 200 with a rendered template (`django.shortcuts.render`); of several names the first that there is.
///
/// The context is what [`context!`](nuages_templates::context) makes, or any map; the request, its `csrf_token`, `messages` and what
/// the application's context processors give are there by themselves. Another status or content type is set on the
/// response: `render(…)?.with_status(StatusCode::CREATED)`.
///
/// ```
/// use nuages::prelude::*;
///
/// async fn login(request: HttpRequest) -> Result {
///     render(&request, "accounts/login.html", context! { next => request.GET.get("next") })
/// }
/// ```
///
/// # Errors
/// A [`TemplateError`](nuages_templates::TemplateError), status 500: no template of that name, a mistake in it, or what one of its tags
/// refuses.
#[doc(alias = "django.shortcuts.render")]
#[track_caller]
pub fn render(request: &HttpRequest, template: impl TemplateNames, context: Value) -> Result {
    let (names, waits) = (template.names(), Arc::new(Waits::default()));
    let page = SiteTemplates::of(request)?.render(&names, &context, request, &waits);
    if waits.any() {
        let unrendered = TemplateResponse::new(names, context).without_hooks();
        return Ok(unrendered.into_response());
    }
    let page = page?;
    if waits.fragments.any_rendered() {
        // They were not waited for, so their cache is in this process.
        let _stored = poll_once(waits.fragments.store(request.caches()));
    }
    Ok(HttpResponse::new(page))
}

/// A rendered template (`django.template.loader.render_to_string`): for mails, or for a part of a page.
///
/// ```
/// # use nuages::prelude::*;
/// async fn invite(request: HttpRequest) -> Result {
///     let mail = render_to_string(&request, "mails/invitation.txt", context! { name => "Ada" }).await?;
///     # let _sent = mail;
///     redirect("/")
/// }
/// ```
///
/// # Errors
/// As [`render`]; and those of what had to be waited for, such as the session.
#[doc(alias = "get_template")]
#[doc(alias = "django.template.loader")]
pub async fn render_to_string(
    request: &HttpRequest,
    template: impl TemplateNames,
    context: Value,
) -> Result<String> {
    page(request, &template.names(), &context).await
}

/// Renders, and waits for what it needs.
pub(super) async fn page(request: &HttpRequest, names: &[String], context: &Value) -> Result<String> {
    let waits = Arc::new(Waits::default());
    loop {
        let page = SiteTemplates::of(request)?.render(names, context, request, &waits);
        if !waits.any() {
            let page = page?;
            waits.fragments.store(request.caches()).await;
            return Ok(page);
        }
        waits.fetch(request).await?;
    }
}
