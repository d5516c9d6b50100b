//! Compressed answers, whole and streamed.

use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use nuages_http::{Body, BodyError, HttpRequest, HttpResponse, Result, StatusCode};
#[cfg(any(feature = "brotli", feature = "zstd"))]
use nuages_middleware::Coding;
use nuages_middleware::{Chain, GZipMiddleware};

use crate::stage::{send, settings};

fn compressed(
    middleware: GZipMiddleware,
    accepted: &str,
    view: impl Fn(HttpRequest) -> Result + Send + Sync + 'static,
) -> HttpResponse {
    let request = HttpRequest::test("GET", "/").header("accept-encoding", accepted);
    send(Chain::new().middleware(middleware), settings(), request, view)
}

fn unpacked(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    match coding {
        "gzip" => drop(flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut found).unwrap()),
        #[cfg(feature = "brotli")]
        "br" => drop(brotli::Decompressor::new(bytes, 4096).read_to_end(&mut found).unwrap()),
        #[cfg(feature = "zstd")]
        "zstd" => found = zstd::decode_all(bytes).unwrap(),
        other => panic!("{other}"),
    }
    found
}

/// Every frame of a body, none of it pending.
fn frames(body: &mut Body) -> Vec<Result<Bytes, BodyError>> {
    let mut found = Vec::new();
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match Pin::new(&mut *body).poll_frame(&mut cx) {
            Poll::Ready(Some(frame)) => found.push(frame.map(|frame| frame.into_data().unwrap())),
            Poll::Ready(None) | Poll::Pending => return found,
        }
        if found.last().is_some_and(Result::is_err) {
            return found;
        }
    }
}

fn codings() -> Vec<(GZipMiddleware, &'static str)> {
    vec![
        (GZipMiddleware::new(), "gzip"),
        #[cfg(feature = "brotli")]
        (GZipMiddleware::new().prefer(Coding::Brotli), "br"),
        #[cfg(feature = "zstd")]
        (GZipMiddleware::new().prefer(Coding::Zstd), "zstd"),
    ]
}

#[test]
fn whole_answers() {
    // More than is compressed at a time, and text that repeats itself.
    let text = "all work and no play makes a dull page. ".repeat(5000);
    for (middleware, coding) in codings() {
        let page = text.clone();
        let response = compressed(middleware, "gzip, br, zstd", move |_| {
            Ok(HttpResponse::new(page.clone()).with_header("ETag", "\"x\"")?)
        });
        assert_eq!(response.header("content-encoding").as_deref(), Some(coding));
        assert_eq!(response.header("etag").as_deref(), Some("W/\"x\""));
        assert_eq!(response.header("vary").as_deref(), Some("Accept-Encoding"));
        let bytes = response.body().as_bytes().unwrap();
        assert_eq!(response.header("content-length").unwrap(), bytes.len().to_string());
        assert!(bytes.len() < text.len() / 20, "{coding}: {}", bytes.len());
        assert_eq!(unpacked(coding, bytes), text.as_bytes(), "{coding}");
    }
}

#[test]
fn what_stays_as_it_is() {
    let long = "a".repeat(500);
    type Page = (&'static str, Box<dyn Fn(HttpRequest) -> Result + Send + Sync>, Option<&'static str>);
    let noise: Vec<u8> =
        (0..300_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect();
    let (page, coded) = (long.clone(), long);
    let part =
        |_: HttpRequest| Ok(HttpResponse::new("a".repeat(500)).with_status(StatusCode::PARTIAL_CONTENT));
    let pages: [Page; 5] = [
        ("gzip", Box::new(part), None),
        ("gzip", Box::new(|_| Ok(HttpResponse::new("a".repeat(199)))), None),
        ("", Box::new(move |_| Ok(HttpResponse::new(page.clone()))), Some("Accept-Encoding")),
        (
            "gzip",
            Box::new(move |_| Ok(HttpResponse::new(coded.clone()).with_header("Content-Encoding", "br")?)),
            None,
        ),
        ("gzip", Box::new(move |_| Ok(HttpResponse::new(noise.clone()))), Some("Accept-Encoding")),
    ];
    for (accepted, view, vary) in pages {
        let response = compressed(GZipMiddleware::new(), accepted, view);
        assert_ne!(response.header("content-encoding").as_deref(), Some("gzip"));
        assert_eq!(response.header("vary").as_deref(), vary);
    }
}

#[cfg(feature = "brotli")]
#[test]
fn a_quality_of_zero_is_a_refusal() {
    for (accepted, coding) in [
        ("br", "br"),
        ("gzip, br;q=0.1", "br"),
        ("br;q=0, gzip", "gzip"),
        ("BR ; q=0.0, gzip", "gzip"),
        ("xbr, gzip", "gzip"),
    ] {
        let middleware = GZipMiddleware::new().prefer(Coding::Brotli);
        let response = compressed(middleware, accepted, |_| Ok(HttpResponse::new("a".repeat(500))));
        assert_eq!(response.header("content-encoding").as_deref(), Some(coding), "{accepted}");
    }
}

/// Chunks, between which it waits if they are empty.
struct Slow(std::vec::IntoIter<Result<&'static str, &'static str>>);

impl HttpBody for Slow {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.0.next() {
            Some(Ok("")) => Poll::Pending,
            Some(Ok(text)) => Poll::Ready(Some(Ok(Frame::data(Bytes::from(text))))),
            Some(Err(error)) => Poll::Ready(Some(Err(error.into()))),
            None => Poll::Ready(None),
        }
    }
}

fn streamed(middleware: GZipMiddleware, chunks: &[Result<&'static str, &'static str>]) -> HttpResponse {
    let chunks = chunks.to_vec();
    compressed(middleware, "gzip, br, zstd", move |_| {
        let mut response = HttpResponse::streaming(Body::stream(Slow(chunks.clone().into_iter())));
        response.set_header("Content-Length", "9")?;
        Ok(response)
    })
}

#[test]
fn an_event_is_sent_when_it_happens() {
    for (middleware, coding) in codings() {
        let mut response = streamed(
            middleware,
            // Polled twice while nothing comes: once by the flush.
            &[Ok("data: one\n\n"), Ok(""), Ok(""), Ok("data: two\n\n"), Ok(""), Ok(""), Ok("end")],
        );
        assert!(response.is_streaming() && !response.has_header("content-length"));
        let mut body = response.take_body();
        let mut sent = Vec::new();
        let mut seen = Vec::new();
        for _ in 0..3 {
            for frame in frames(&mut body) {
                sent.extend_from_slice(&frame.unwrap());
            }
            seen.push(unpacked_so_far(coding, &sent));
        }
        assert_eq!(seen[0], "data: one\n\n", "{coding}");
        assert_eq!(seen[1], "data: one\n\ndata: two\n\n", "{coding}");
        assert_eq!(seen[2], "data: one\n\ndata: two\n\nend", "{coding}");
        assert_eq!(unpacked(coding, &sent), seen[2].as_bytes(), "{coding}: and it ends well");
    }
}

/// What a reader has understood when the stream pauses.
fn unpacked_so_far(coding: &str, bytes: &[u8]) -> String {
    let mut found = Vec::new();
    let mut chunk = [0; 256];
    let mut reader: Box<dyn Read + '_> = match coding {
        "gzip" => Box::new(flate2::read::GzDecoder::new(bytes)),
        #[cfg(feature = "brotli")]
        "br" => Box::new(brotli::Decompressor::new(bytes, 4096)),
        #[cfg(feature = "zstd")]
        "zstd" => Box::new(zstd::Decoder::new(bytes).unwrap()),
        other => panic!("{other}"),
    };
    while let Ok(read @ 1..) = reader.read(&mut chunk) {
        found.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8(found).unwrap()
}

#[test]
fn a_stream_that_breaks_off_does_not_end_well() {
    for (middleware, coding) in codings() {
        let mut body = streamed(middleware, &[Ok("some text"), Err("the disk is gone")]).take_body();
        let frames = frames(&mut body);
        assert!(frames.last().unwrap().is_err(), "{coding}");
    }
}
