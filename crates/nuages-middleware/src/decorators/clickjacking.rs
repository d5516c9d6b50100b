//! Who may show a view's page in a frame: `django.views.decorators.clickjacking`.

use nuages_http::{HttpRequest, Result};

use super::decorator::{Decorated, Decorator, Inner, decorate};

/// What the header X-Frame-Options shall say of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameOptions {
    /// Nobody may.
    Deny,
    /// Pages of the same origin may.
    SameOrigin,
    /// Everybody may: no header.
    Exempt,
}

/// On a response to which no X-Frame-Options is added.
pub(crate) struct FrameExempt;

impl Decorator for FrameOptions {
    async fn call(&self, request: HttpRequest, view: &impl Inner) -> Result {
        let mut response = view.run(request).await?;
        match self {
            Self::Deny => response.setdefault_header("X-Frame-Options", "DENY")?,
            Self::SameOrigin => response.setdefault_header("X-Frame-Options", "SAMEORIGIN")?,
            Self::Exempt => {
                response.extensions().get_or_insert_with(|| FrameExempt);
                &mut response
            }
        };
        Ok(response)
    }
}

/// Nobody may show the page in a frame (`xframe_options_deny`).
pub fn xframe_options_deny<V>(view: V) -> Decorated<V, FrameOptions> {
    decorate(FrameOptions::Deny, view)
}

/// Pages of the same origin may show it in a frame (`xframe_options_sameorigin`).
pub fn xframe_options_sameorigin<V>(view: V) -> Decorated<V, FrameOptions> {
    decorate(FrameOptions::SameOrigin, view)
}

/// Everybody may show it in a frame (`xframe_options_exempt`).
pub fn xframe_options_exempt<V>(view: V) -> Decorated<V, FrameOptions> {
    decorate(FrameOptions::Exempt, view)
}
