//! `GZipMiddleware`.

use std::future::poll_fn;
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG};
use http::{HeaderMap, HeaderValue};
use nuages_http::{Body, HttpRequest, HttpResponse, Result, StatusCode};

use super::body::CompressedBody;
use super::coding::Coding;
use crate::middleware::Middleware;
use crate::next::Next;

/// Shorter content is not worth it.
const LEAST_BYTES: usize = 200;
/// So much is compressed before other requests get their turn.
const AT_A_TIME: usize = 64 * 1024;

/// Compresses answers for clients that can unpack them (`django.middleware.gzip.GZipMiddleware`).
///
/// Content of less than 200 bytes, parts (206), and what has a Content-Encoding already, stay as they are; so does what would not get
/// shorter. A strong entity tag becomes a weak one. Streams are compressed as they go. Every answer is padded by a random
/// number of bytes, so that its length says less about a secret beside reflected text (BREACH); masked CSRF tokens do the
/// rest.
///
/// With the cargo features `brotli` and `zstd`, [`prefer`](Self::prefer) offers those codings too.
///
/// ```
/// # use nuages_http::{HttpRequest, HttpResponse, Settings, Site};
/// # use nuages_middleware::{Middleware, Next, Setup};
/// # struct View;
/// # impl Next for View {
/// #     async fn run(&self, _: HttpRequest) -> HttpResponse { HttpResponse::new("hello ".repeat(100)) }
/// # }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use nuages_middleware::GZipMiddleware;
///
/// let request = HttpRequest::test("GET", "/").header("Accept-Encoding", "gzip").build();
/// let response = GZipMiddleware::new().call(request, &View).await?;
/// assert_eq!(response.header("Content-Encoding").as_deref(), Some("gzip"));
/// # Ok::<(), nuages_http::Error>(()) })?;
/// # Ok::<(), nuages_http::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GZipMiddleware {
    preferred: Vec<Coding>,
}

impl GZipMiddleware {
    /// The middleware; it offers gzip.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Offers another coding, which is taken in place of gzip if the client takes it; of several, the one named first.
    #[must_use]
    pub fn prefer(mut self, coding: Coding) -> Self {
        self.preferred.push(coding);
        self
    }
}

impl Middleware for GZipMiddleware {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let kept = request.clone();
        let response = next.run(request).await;
        compress(&kept, response, &self.preferred).await
    }
}

/// Compresses a response, if it is worth it and the client takes one of the codings, or gzip.
///
/// # Errors
/// Those of the compressor.
pub(crate) async fn compress(
    request: &HttpRequest,
    mut response: HttpResponse,
    preferred: &[Coding],
) -> Result {
    if response.body().as_bytes().is_some_and(|content| content.len() < LEAST_BYTES)
        || response.headers().contains_key(CONTENT_ENCODING)
        // A part is one of the bytes as they are.
        || response.headers().contains_key(CONTENT_RANGE)
        || response.status() == StatusCode::PARTIAL_CONTENT
    {
        return Ok(response);
    }
    response.patch_vary(&["Accept-Encoding"]);
    let accepted = request.headers.get(ACCEPT_ENCODING.as_str()).unwrap_or_default();
    let mut offered = preferred.iter().copied().chain([Coding::Gzip]);
    let Some(coding) = offered.find(|coding| coding.is_accepted(&accepted)) else { return Ok(response) };
    let mut encoder = coding.encoder()?;
    if response.is_streaming() {
        let body = CompressedBody::new(response.take_body(), encoder);
        response.set_body(Body::stream(body));
        response.headers_mut().remove(CONTENT_LENGTH);
    } else {
        let content = response.body().as_bytes().unwrap_or(&[]);
        let mut compressed = BytesMut::with_capacity(content.len() / 2);
        for (number, piece) in content.chunks(AT_A_TIME).enumerate() {
            if number > 0 {
                others_first().await;
            }
            encoder.write(piece)?;
            compressed.extend_from_slice(&encoder.take());
        }
        encoder.finish()?;
        compressed.extend_from_slice(&encoder.take());
        if compressed.len() >= content.len() {
            return Ok(response);
        }
        let compressed: Bytes = compressed.freeze();
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(compressed.len()));
        response.set_body(compressed);
    }
    weaken_etag(response.headers_mut());
    // Nobody can ask for parts of what is compressed anew each time.
    response.headers_mut().remove(ACCEPT_RANGES);
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    Ok(response)
}

/// The bytes are others now, though they mean the same (RFC 9110, section 8.8.1).
fn weaken_etag(headers: &mut HeaderMap) {
    let Some(strong) = headers.get(ETAG).filter(|tag| tag.as_bytes().starts_with(b"\"")) else { return };
    if let Ok(weak) = HeaderValue::from_bytes(&[b"W/", strong.as_bytes()].concat()) {
        headers.insert(ETAG, weak);
    }
}

/// Lets the runtime do something else before it goes on.
async fn others_first() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
