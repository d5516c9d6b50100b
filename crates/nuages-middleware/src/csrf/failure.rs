//! What is answered to a request that was refused.

use std::future::Future;
use std::sync::Arc;

use nuages_http::{HttpRequest, HttpResponse, Result, StatusCode};

use super::reason::CsrfReason;
use crate::next::BoxFuture;

type View = dyn Fn(HttpRequest, CsrfReason) -> BoxFuture<'static, Result> + Send + Sync;

/// The application's own view for refused requests, as the site keeps it.
#[derive(Clone)]
pub(super) struct FailureView(Arc<View>);

impl FailureView {
    pub(super) fn new<F>(view: impl Fn(HttpRequest, CsrfReason) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result> + Send + 'static,
    {
        Self(Arc::new(move |request, reason| Box::pin(view(request, reason))))
    }
}

/// Logs a refusal and answers it.
///
/// # Errors
/// Those of the application's own view.
pub(crate) async fn refuse(request: &HttpRequest, reason: CsrfReason) -> Result {
    tracing::warn!(
        target: "nuages.security.csrf",
        method = request.method.as_str(),
        path = ?&*request.path,
        reason = ?reason.to_string(),
        "refused",
    );
    match request.site().extensions().get::<FailureView>() {
        Some(FailureView(view)) => view(request.clone(), reason).await,
        None => Ok(page(request.settings().DEBUG, &reason)),
    }
}

/// The page that says so; in debug mode it says why and what to do.
fn page(debug: bool, reason: &CsrfReason) -> HttpResponse {
    let detail = if debug {
        format!(
            "<p>Reason: <code>{}</code></p><p>{}</p><small>You see the reason because DEBUG is on.</small>",
            escaped(&reason.to_string()),
            escaped(reason.advice()),
        )
    } else if matches!(reason, CsrfReason::NoCookie) {
        "<p>This page needs a cookie of this site, for your protection. Please allow cookies, load the page before it \
         anew, and try again.</p>"
            .to_owned()
    } else {
        "<p>The form that you sent is too old, or was not from this site. Please load its page anew and try again.</p>"
            .to_owned()
    };
    HttpResponse::new(format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"data:,\"><title>Forbidden</title>\
         <style>{STYLE}</style></head><body><main><h1>Forbidden (403)</h1><p>The request was refused.</p>\
         {detail}</main></body></html>\n"
    ))
    .with_status(StatusCode::FORBIDDEN)
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#f6f7f9;color:#1c2733}\
     main{max-width:42rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.6rem}\
     code{background:#e6e9ee;padding:.1em .3em;border-radius:.2em;overflow-wrap:anywhere}\
     small{color:#5a6775}@media(prefers-color-scheme:dark){body{background:#14181d;color:#dce3ea}\
     code{background:#29313a}small{color:#93a1af}}";

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_for_debug_mode_and_escaped() {
        let reason = CsrfReason::BadOrigin("<script>'\"&".to_owned());
        for (debug, shown) in [(true, true), (false, false)] {
            let page = page(debug, &reason);
            assert_eq!(page.status(), 403);
            let text = String::from_utf8_lossy(page.body().as_bytes().unwrap()).into_owned();
            assert_eq!(
                text.contains("Origin checking failed - &lt;script&gt;&#x27;&quot;&amp;"),
                shown,
                "{text}"
            );
            assert!(!text.contains("<script>"), "{text}");
        }
    }
}
