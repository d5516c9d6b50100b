//! Where a body ends is the server's word, whatever a view or a mounted service has said in headers.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderValue, Response, StatusCode};
use http_body::Body as _;
use nuages_http::Body;

/// Makes the headers of a response true to its body: a wrong `Content-Length` would let the rest of the body pass for
/// the next answer (RFC 9112, section 6.3), and `Transfer-Encoding` is not for applications to set.
pub(crate) fn settle(response: &mut Response<Body>, head: bool) {
    let status = response.status();
    if status.is_informational() {
        tracing::error!(target: "nuages.request", status = status.as_u16(), "a view cannot answer 1xx, answering 500");
        *response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return;
    }
    response.headers_mut().remove(TRANSFER_ENCODING);
    if status == StatusCode::NO_CONTENT {
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(CONTENT_LENGTH);
        return;
    }
    // The answer to HEAD, and 304, tell the length of what is not sent (RFC 9110, section 8.6).
    if head || status == StatusCode::NOT_MODIFIED {
        return;
    }
    let Some(said) = response.headers().get(CONTENT_LENGTH) else { return };
    match response.body().size_hint().exact() {
        Some(length) => {
            let is_true = said.to_str().ok().and_then(|said| said.parse().ok()) == Some(length);
            if !is_true || response.headers().get_all(CONTENT_LENGTH).iter().count() > 1 {
                tracing::warn!(target: "nuages.request", length, "a response's Content-Length was wrong, corrected");
                response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
            }
        }
        // Nobody knows how long a stream gets.
        None => {
            response.headers_mut().remove(CONTENT_LENGTH);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: Body,
        head: bool,
    ) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        settle(&mut response, head);
        response
    }

    #[test]
    fn lengths() {
        let stream = || Body::from_chunks([Ok::<_, std::io::Error>("hello".into())]);
        for (status, said, body, head, expected) in [
            (200, "3", Body::from("hello"), false, Some("5")),
            (200, "9", Body::from("hello"), false, Some("5")),
            (200, "5", Body::from("hello"), false, Some("5")),
            (200, "5", Body::empty(), false, Some("0")),
            (200, "x", Body::from("hello"), false, Some("5")),
            (200, "5", Body::empty(), true, Some("5")),
            (304, "5", Body::empty(), false, Some("5")),
            (204, "5", Body::from("hello"), false, None),
            (200, "3", stream(), false, None),
        ] {
            let response = settled(status, &[("content-length", said)], body, head);
            let found = response.headers().get(CONTENT_LENGTH).map(|value| value.to_str().unwrap());
            assert_eq!(found, expected, "{status} {said}");
        }
        let twice =
            settled(200, &[("content-length", "5"), ("content-length", "9")], Body::from("hello"), false);
        assert_eq!(twice.headers().get_all(CONTENT_LENGTH).iter().count(), 1);
    }

    #[test]
    fn framing_is_the_servers() {
        let response = settled(200, &[("transfer-encoding", "chunked")], Body::from("hello"), false);
        assert!(response.headers().get(TRANSFER_ENCODING).is_none());
        assert_eq!(settled(101, &[], Body::empty(), false).status(), 500);
    }
}
