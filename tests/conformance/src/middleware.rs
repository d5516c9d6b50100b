//! Pages for the middleware to work on.

use bytes::Bytes;
use nuages::prelude::*;
use nuages::{BodyError, Route};
use serde::Deserialize;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        path("mw/slash/", slash).view_path("views_http.slash"),
        path("mw/noslash", slash).view_path("views_http.slash"),
        path("mw/sized", sized).view_path("views_http.sized"),
        path("mw/streamed", streamed).view_path("views_http.streamed"),
        path("mw/frame/default", frame_default).view_path("views_http.frame_default"),
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

async fn frame_default(_: HttpRequest) -> Result {
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
