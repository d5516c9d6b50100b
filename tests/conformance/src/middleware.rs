//! Pages for the middleware to work on.

use bytes::Bytes;
use nuages::chrono::{DateTime, Utc};
use nuages::decorators::{
    condition, conditional_page, etag, last_modified, require_GET, require_POST, require_http_methods,
    require_safe, xframe_options_deny, xframe_options_exempt, xframe_options_sameorigin,
};
use nuages::prelude::*;
use nuages::{BodyError, Route};
use serde::Deserialize;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("mw/slash/", slash).view_path("views_http.slash"),
        path("mw/noslash", slash).view_path("views_http.slash"),
        path("mw/sized", sized).view_path("views_http.sized"),
        path("mw/streamed", streamed).view_path("views_http.streamed"),
        path("mw/conditional", condition(etag_of_query, date_of_query, conditional))
            .view_path("views_http.conditional"),
        path("mw/conditional-page", conditional_page(whole_page)).view_path("views_http.conditional_whole"),
        path("mw/etag", etag(|_| async { Ok(Some("\"fixed\"".to_owned())) }, with_etag))
            .view_path("views_http.with_etag"),
        path("mw/last-modified", last_modified(|_| async { Ok(Some(the_date())) }, with_last_modified))
            .view_path("views_http.with_last_modified"),
        path("mw/methods/get", require_GET(|_: HttpRequest| word("get"))).view_path("views_http.only_get"),
        path("mw/methods/post", require_POST(|_: HttpRequest| word("post")))
            .view_path("views_http.only_post"),
        path("mw/methods/safe", require_safe(|_: HttpRequest| word("safe")))
            .view_path("views_http.only_safe"),
        path("mw/methods/some", require_http_methods(["GET", "PATCH"], |_: HttpRequest| word("some")))
            .view_path("views_http.only_some"),
        path("mw/frame/default", frame).view_path("views_http.frame_default"),
        path("mw/frame/exempt", xframe_options_exempt(frame)).view_path("views_http.frame_exempt"),
        path("mw/frame/sameorigin", xframe_options_sameorigin(frame))
            .view_path("views_http.frame_sameorigin"),
        path("mw/frame/deny", xframe_options_deny(frame)).view_path("views_http.frame_deny"),
        path("mw/frame/own", frame_own).view_path("views_http.frame_own"),
        path("mw/security-own", security_own).view_path("views_http.security_own"),
    ]
}

fn plain(text: impl Into<Body>) -> Result {
    Ok(HttpResponse::new(text).with_content_type("text/plain")?)
}

async fn slash(request: HttpRequest) -> Result {
    plain(format!("{} {}", request.method, request.get_full_path()))
}

/// What a page of `size` bytes has besides.
#[derive(Deserialize)]
struct Sized {
    size: Option<usize>,
    status: Option<i64>,
}

async fn sized(request: HttpRequest) -> Result {
    let Sized { size, status } = request.query()?;
    let mut response = plain("a".repeat(size.unwrap_or(500)))?;
    for name in ["ETag", "Last-Modified", "Content-Encoding", "Vary", "Cache-Control"] {
        if let Some(value) = request.GET.get(name).filter(|value| !value.is_empty()) {
            response.set_header(name, value)?;
        }
    }
    if let Some(status) = status {
        response.set_status_code(status)?;
    }
    Ok(response)
}

async fn streamed(_: HttpRequest) -> Result {
    let chunks = ["chunk-one;", "chunk-two;"].map(|chunk| Ok::<_, BodyError>(Bytes::from(chunk.repeat(40))));
    plain(Body::from_chunks(chunks))
}

async fn etag_of_query(request: HttpRequest) -> Result<Option<String>> {
    Ok(request.GET.get("etag").map(str::to_owned))
}

async fn date_of_query(request: HttpRequest) -> Result<Option<DateTime<Utc>>> {
    let asked = request.GET.get("modified").is_some_and(|modified| !modified.is_empty());
    Ok(asked.then(the_date))
}

fn the_date() -> DateTime<Utc> {
    DateTime::from_timestamp(1_589_718_645, 0).unwrap_or_default()
}

async fn conditional(_: HttpRequest) -> Result {
    plain("conditional")
}

async fn whole_page(_: HttpRequest) -> Result {
    plain("conditional page")
}

async fn with_etag(_: HttpRequest) -> Result {
    plain("etag")
}

async fn with_last_modified(_: HttpRequest) -> Result {
    plain("last modified")
}

async fn word(word: &'static str) -> Result {
    plain(word)
}

async fn frame(_: HttpRequest) -> Result {
    plain("frame")
}

async fn frame_own(_: HttpRequest) -> Result {
    Ok(plain("frame")?.with_header("X-Frame-Options", "ALLOW-FROM x")?)
}

/// A view that has already chosen its security headers.
async fn security_own(_: HttpRequest) -> Result {
    let mut response = plain("own")?;
    for name in [
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "Strict-Transport-Security",
    ] {
        response.set_header(name, "own")?;
    }
    Ok(response)
}
