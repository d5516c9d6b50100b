//! A response that is still to be rendered gets its content.

use nuages_http::{HttpRequest, HttpResponse, Result};
use nuages_middleware::TemplateResponse;

use super::render::page;

/// Renders it and runs its callbacks.
pub(crate) async fn finish(request: &HttpRequest, unrendered: TemplateResponse) -> Result {
    let page = page(request, unrendered.template_names(), unrendered.context()).await?;
    unrendered.finish(page).await
}

/// The same response, or one that is still to be rendered with its content; without the hooks of middleware.
pub(crate) async fn rendered(request: &HttpRequest, response: HttpResponse) -> Result {
    match TemplateResponse::from_response(response) {
        Ok(unrendered) => finish(request, unrendered).await,
        Err(response) => Ok(response),
    }
}
