//! Bodies that are no multipart forms, and how the ways of reading a body go together.

use std::time::{Duration, Instant};

use nuages_http::{Body, ErrorKind, HttpRequest, UploadedFile};

use super::{block_on, chunked, field, file, form, multipart, read, site};

#[test]
fn case_187_fields_of_a_form_are_counted() {
    let many = vec!["a=1"; 20_000].join("&");
    let request = HttpRequest::test("POST", "/").form(&many).build();
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::TooManyFields);
}

#[test]
fn cases_188_and_189_large_bodies_are_refused() {
    let large = "x".repeat(8 << 20);
    let request = HttpRequest::test("POST", "/").form(&large).build();
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::TooLarge);
    let request = HttpRequest::test("POST", "/").body(large).build();
    assert_eq!(block_on(request.body()).unwrap_err().kind(), ErrorKind::TooLarge);
}

/// A body that says how long it is and has hardly begun.
struct Announced(u64);

impl http_body::Body for Announced {
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, std::io::Error>>> {
        std::task::Poll::Pending
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.0)
    }
}

#[test]
fn case_190_a_huge_length_is_refused_without_waiting() {
    let request = HttpRequest::test("POST", "/").body(Body::stream(Announced(10 << 30))).build();
    let error = block_on(async { tokio::time::timeout(Duration::from_secs(5), request.body()).await });
    assert_eq!(error.unwrap().unwrap_err().kind(), ErrorKind::TooLarge);
    // It was not taken, so that a form with large files can still be read.
    assert!(request.take_body().is_ok());
}

#[test]
fn case_191_endless_bodies_end_at_the_limit() {
    let endless =
        || Body::from_chunks(std::iter::repeat_with(|| Ok::<_, std::io::Error>("a".repeat(1024).into())));
    let request = HttpRequest::test("POST", "/").body(endless()).build();
    assert_eq!(block_on(request.body()).unwrap_err().kind(), ErrorKind::TooLarge);
    let begun = || {
        let head = std::iter::once(Ok::<_, std::io::Error>(
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n".into(),
        ));
        Body::from_chunks(head.chain(std::iter::repeat_with(|| Ok("a".repeat(1024).into()))))
    };
    let request = multipart(&site(|_| {}), begun());
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::TooLarge);
    let request = multipart(&site(|_| {}), endless());
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::BadMultipart);
}

#[test]
fn cases_192_and_193_deep_and_broken_json_is_refused() {
    let deep_object = r#"{"a":"#.repeat(200_000);
    for body in ["[".repeat(200_000).into_bytes(), deep_object.into_bytes(), b"\"\xff\xfe\"".to_vec()] {
        let request =
            HttpRequest::test("POST", "/").header("content-type", "application/json").body(body).build();
        assert_eq!(block_on(request.json::<serde_json::Value>()).unwrap_err().status(), 400);
    }
    let fits = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let request = HttpRequest::test("POST", "/").json(&fits).build();
    assert!(block_on(request.json::<serde_json::Value>()).is_ok());
}

#[test]
fn case_194_unknown_charsets_are_passed_over() {
    let request = HttpRequest::test("POST", "/")
        .header("content-type", "multipart/form-data; boundary=b; charset=utf-99")
        .body(form(&[field("a", "\u{e9}")]))
        .build();
    assert_eq!(block_on(read(&request)).unwrap().0, [("a".into(), "\u{e9}".into())]);
    let request = HttpRequest::test("POST", "/")
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-99")
        .body("a=1")
        .build();
    assert_eq!(block_on(read(&request)).unwrap().0, [("a".into(), "1".into())]);
}

#[test]
fn a_known_charset_decodes_the_fields() {
    let mut body = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n".to_vec();
    body.extend_from_slice(b"caf\xe9\r\n--b--");
    let request = HttpRequest::test("POST", "/")
        .header("content-type", "multipart/form-data; boundary=b; charset=iso-8859-1")
        .body(body)
        .build();
    assert_eq!(block_on(read(&request)).unwrap().0, [("a".into(), "caf\u{e9}".into())]);
}

#[test]
fn the_ways_of_reading_a_body() {
    let site = site(|_| {});
    let body = form(&[field("a", "1"), file("f", "x.txt", "hello")]);
    block_on(async {
        // The body first: the form is read from what was kept.
        let request = multipart(&site, chunked(&body, 7));
        assert_eq!(request.body().await.unwrap().len(), body.len());
        let (fields, files) = read(&request).await.unwrap();
        assert_eq!(fields, [("a".into(), "1".into())]);
        assert_eq!(files, [("f".into(), "x.txt".into(), b"hello".to_vec())]);
        // The form first: its body is gone (RawPostDataException).
        let request = multipart(&site, chunked(&body, 7));
        assert!(request.FILES().await.unwrap().contains("f"));
        assert_eq!(request.body().await.unwrap_err().kind(), ErrorKind::BodyTaken);
        assert_eq!(request.take_body().unwrap_err().kind(), ErrorKind::BodyTaken);
        assert_eq!(request.POST().await.unwrap().get("a"), Some("1"));
        // The stream first: there is nothing left for either.
        let request = multipart(&site, chunked(&body, 7));
        let mut stream = request.take_body().unwrap();
        let mut length = 0;
        while let Some(chunk) = stream.next_chunk().await.unwrap() {
            length += chunk.len();
        }
        assert_eq!(length, body.len());
        assert_eq!(request.POST().await.unwrap_err().kind(), ErrorKind::BodyTaken);
        // Of another method, or no form at all.
        let request = HttpRequest::test("PUT", "/").upload("f", "x", "y").build();
        assert!(request.FILES().await.unwrap().is_empty());
        let request = HttpRequest::test("POST", "/").json("{}").build();
        assert!(request.FILES().await.unwrap().is_empty() && request.POST().await.unwrap().is_empty());
    });
}

#[test]
fn a_multipart_form_as_a_type() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Order {
        pieces: u32,
        note: String,
    }
    let order = |pieces: &str| {
        multipart(
            &site(|_| {}),
            form(&[field("pieces", pieces), field("note", "a&b=c \u{e9}"), file("f", "x", "y")]),
        )
    };
    let read = block_on(async { order("2").form::<Order>().await });
    assert_eq!(read.unwrap(), Order { pieces: 2, note: "a&b=c \u{e9}".into() });
    let error = block_on(async { order("two").form::<Order>().await }).unwrap_err();
    assert_eq!((error.kind(), error.to_string().starts_with("pieces: ")), (ErrorKind::BadRequest, true));
}

#[test]
fn a_large_form_is_read_although_its_body_was_refused() {
    let site = site(|settings| settings.DATA_UPLOAD_MAX_MEMORY_SIZE = Some(100));
    let request = multipart(&site, form(&[file("f", "x", &"y".repeat(1000))]));
    block_on(async {
        assert_eq!(request.body().await.unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(request.FILES().await.unwrap().require("f").unwrap().size(), 1000);
    });
}

#[test]
fn a_cut_body_is_an_error_for_everybody() {
    let whole = form(&[field("a", "1"), file("f", "x.txt", "hello")]);
    for length in [0, 3, 30, whole.len() - 5] {
        let pieces = [Ok(whole[..length].to_vec().into()), Err(std::io::Error::other("the peer left"))];
        let request = multipart(&site(|_| {}), Body::from_chunks(pieces));
        for _ in 0..2 {
            assert_eq!(block_on(read(&request)).unwrap_err(), ErrorKind::UnreadableBody, "{length}");
        }
    }
    let pieces = [Ok("abc".into()), Err(std::io::Error::other("the peer left"))];
    let request = HttpRequest::test("POST", "/").body(Body::from_chunks(pieces)).build();
    let mut stream = request.take_body().unwrap();
    let cut = block_on(async {
        stream.next_chunk().await.unwrap();
        stream.next_chunk().await
    });
    assert_eq!(cut.unwrap_err().kind(), ErrorKind::UnreadableBody);
}

#[test]
fn a_malformed_form_is_an_error_once_and_empty_from_then_on() {
    let request = multipart(&site(|_| {}), "no form at all");
    assert_eq!(block_on(request.POST()).unwrap_err().kind(), ErrorKind::BadMultipart);
    assert_eq!(block_on(read(&request)), Ok((vec![], vec![])));
}

#[test]
fn forms_are_read_in_linear_time() {
    let started = Instant::now();
    let body = form(&[file("f", "x", &"\r\n--".repeat(1 << 20))]);
    let request = multipart(&site(|_| {}), chunked(&body, 1000));
    let size = block_on(request.FILES()).unwrap().get("f").map(UploadedFile::size);
    assert_eq!(size, Some(4 << 20));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
