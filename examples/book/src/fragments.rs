//! Answers for htmx: the whole page, or the part that changes.

use nuages::prelude::*;

// ANCHOR: fragment
/// A counter. htmx asks for the part that changes and says so in a header.
async fn counter(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let clicks = match request.method.as_str() {
        "POST" => session.modify("clicks", |clicks: u32| clicks.saturating_add(1))?,
        _ => session.get("clicks")?.unwrap_or(0),
    };
    let fragment = format!(r#"<output id="clicks">{clicks}</output>"#);
    let mut response = if request.headers.get("HX-Request").as_deref() == Some("true") {
        HttpResponse::new(fragment)
    } else {
        HttpResponse::new(page(&get_token(&request), &fragment))
    };
    // A cache must not give the part to somebody who wants the page.
    response.patch_vary(&["HX-Request"]);
    Ok(response)
}
// ANCHOR_END: fragment

// ANCHOR: page
/// htmx sends the token in the header that CsrfViewMiddleware reads.
fn page(token: &str, fragment: &str) -> String {
    format!(
        r##"<!doctype html>
<script src="/static/htmx.min.js"></script>
<body hx-headers='{{"X-CSRFToken": "{token}"}}'>
<button hx-post="/counter/" hx-target="#clicks" hx-swap="outerHTML">Once more</button>
{fragment}"##
    )
}
// ANCHOR_END: page

// ANCHOR: redirect
/// After a form that htmx has sent: the browser goes to another page as a whole.
async fn leave(request: HttpRequest) -> Result {
    request.session_handle()?.flush();
    if request.headers.get("HX-Request").as_deref() == Some("true") {
        return Ok(HttpResponse::new("").with_header("HX-Redirect", "/counter/")?);
    }
    redirect("/counter/")
}
// ANCHOR_END: redirect

/// The counter and the way out.
pub fn fragment_urls() -> UrlConf {
    urlconf([path("counter/", counter), path("leave/", leave)])
}
