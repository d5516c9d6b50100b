//! Hostile multipart forms (cases 195 to 228).

use std::time::{Duration, Instant};

use nuages_http::{ErrorKind, HttpRequest};

use super::{block_on, chunked, count, field, file, form, multipart, part, read, site};

/// The answer to a form under another Content-Type.
fn typed(content_type: &str, body: &[u8]) -> Result<(usize, usize), ErrorKind> {
    count(&HttpRequest::test("POST", "/").header("content-type", content_type).body(body.to_vec()).build())
}

#[test]
fn cases_195_to_199_boundaries_that_are_none() {
    let body = form(&[field("a", "1")]);
    let long = format!("multipart/form-data; boundary={}", "b".repeat(300));
    for content_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        &long,
        "multipart/form-data; boundary=\u{e9}",
        "multipart/form-data; boundary=c",
    ] {
        assert_eq!(typed(content_type, &body), Err(ErrorKind::BadMultipart), "{content_type}");
    }
    // Of two boundaries one counts, whole: Django's choice is the last one, and what it delimits is not read by the other.
    assert_eq!(typed("multipart/form-data; boundary=c; boundary=b", &body), Ok((1, 0)));
    assert_eq!(typed("multipart/form-data; boundary=b; boundary=c", &body), Err(ErrorKind::BadMultipart));
    assert_eq!(typed("multipart/mixed; boundary=b", &body), Ok((0, 0)));
}

#[test]
fn cases_200_to_207_malformed_parts_are_refused_or_empty() {
    let bad = Err(ErrorKind::BadMultipart);
    let disposition = "Content-Disposition: form-data; name=a";
    for (what, body, expected) in [
        ("no end", field("a", "1"), bad),
        ("cut in a part header", format!("{}--b\r\nContent-Dispo", field("a", "1")), bad),
        ("no blank line", format!("--b\r\n{disposition}\r\n--b--"), Ok((0, 0))),
        ("no name", part("Content-Disposition: form-data", "1") + "--b--", Ok((0, 0))),
        ("no disposition", part("Content-Type: text/plain", "1") + "--b--", Ok((0, 0))),
        (
            "bad base64 in a field",
            part(&format!("{disposition}\r\nContent-Transfer-Encoding: base64"), "a") + "--b--",
            Ok((1, 0)),
        ),
        (
            "bad base64 in a file",
            part(&format!("{disposition}; filename=x\r\nContent-Transfer-Encoding: base64"), "a$$$")
                + "--b--",
            bad,
        ),
        (
            "bad charset",
            part(&format!("{disposition}; filename=x\r\nContent-Type: text/plain; charset=utf-99"), "1")
                + "--b--",
            Ok((0, 1)),
        ),
        ("bad RFC 2231", part("Content-Disposition: form-data; name*=utf-99''a", "1") + "--b--", Ok((0, 0))),
        (
            "mixed RFC 2231",
            part("Content-Disposition: form-data; name*0=a; name*=b", "1") + "--b--",
            Ok((0, 0)),
        ),
        (
            "nested mixed",
            part(
                "Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=c",
                "--c\r\nContent-Disposition: file; filename=x\r\n\r\n1\r\n--c--",
            ) + "--b--",
            Ok((1, 0)),
        ),
        (
            "bytes that are no text",
            "--b\r\nContent-Disposition: form-data; name=\u{0}\r\n\r\n\u{0}\r\n--b--".into(),
            Ok((1, 0)),
        ),
    ] {
        for size in [1, 10, 1 << 20] {
            let request = multipart(&site(|_| {}), chunked(body.as_bytes(), size));
            assert_eq!(count(&request), expected, "{what} by {size}");
        }
    }
}

#[test]
fn cases_208_to_210_parts_are_counted_even_if_empty() {
    let site = site(|_| {});
    let fields = |count: usize| form(&vec![field("a", "1"); count]);
    let files = |count: usize| form(&vec![file("f", "x", ""); count]);
    for (body, expected) in [
        (fields(1000), Ok((1000, 0))),
        (fields(1001), Err(ErrorKind::TooManyFields)),
        (fields(3000), Err(ErrorKind::TooManyFields)),
        (files(100), Ok((0, 100))),
        (files(101), Err(ErrorKind::TooManyFiles)),
        (files(500), Err(ErrorKind::TooManyFiles)),
        (format!("{}--b--", "--b\r\n".repeat(20_000)).into_bytes(), Err(ErrorKind::TooManyFields)),
        (form(&vec![part("X: y", ""); 20_000]), Err(ErrorKind::TooManyFields)),
    ] {
        assert_eq!(count(&multipart(&site, body)), expected);
    }
    // Names that are dropped count as files too.
    let nameless = form(&vec![file("f", "..", ""); 101]);
    assert_eq!(count(&multipart(&site, nameless)), Err(ErrorKind::TooManyFiles));
}

#[test]
fn cases_211_and_212_heads_of_parts_are_bounded() {
    let disposition = "Content-Disposition: form-data; name=a";
    for head in [
        format!("{disposition}\r\nX: {}", "x".repeat(1 << 20)),
        format!("{disposition}\r\n{}", "X: y\r\n".repeat(10_000)),
        format!("{disposition}\r\nX: {}", "x".repeat(1024)),
    ] {
        let request = multipart(&site(|_| {}), form(&[part(&head, "1")]));
        assert_eq!(count(&request), Err(ErrorKind::BadMultipart));
    }
    let fits = format!("{disposition}\r\nX: {}", "x".repeat(900));
    assert_eq!(count(&multipart(&site(|_| {}), form(&[part(&fits, "1")]))), Ok((1, 0)));
}

#[test]
fn cases_213_to_215_boundaries_are_found_in_linear_time() {
    let boundary = "b".repeat(190);
    let near = format!("\r\n--{}", "b".repeat(189));
    let large = site(|settings| settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None);
    for (what, content) in [
        ("line ends", "\r\n".repeat(1_000_000)),
        ("carriage returns", "\r".repeat(2_000_000)),
        ("near boundaries", format!("{near}x").repeat(10_000)),
    ] {
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=a\r\n\r\n{content}\r\n--{boundary}--\r\n"
        );
        for size in [1000, 64 * 1024] {
            let request = HttpRequest::test("POST", "/")
                .site(&large)
                .header("content-type", &format!("multipart/form-data; boundary={boundary}"))
                .body(chunked(body.as_bytes(), size))
                .build();
            let started = Instant::now();
            assert_eq!(block_on(read(&request)).unwrap().0, [("a".to_owned(), content.clone())], "{what}");
            // 50 ms a MiB when optimised; this is not.
            assert!(started.elapsed() < Duration::from_secs(4), "{what}: {:?}", started.elapsed());
        }
    }
}

#[test]
fn cases_216_and_217_text_without_end_is_refused() {
    let preamble =
        format!("{}\r\n{}", "x".repeat(2 << 20), String::from_utf8(form(&[field("a", "1")])).unwrap());
    assert_eq!(count(&multipart(&site(|_| {}), preamble)), Err(ErrorKind::BadMultipart));
    let short = format!("nobody reads this\r\n{}", String::from_utf8(form(&[field("a", "1")])).unwrap());
    assert_eq!(count(&multipart(&site(|_| {}), short)), Ok((1, 0)));
    let long = form(&[field("a", &"x".repeat(8 << 20))]);
    assert_eq!(count(&multipart(&site(|_| {}), long)), Err(ErrorKind::TooLarge));
    // Together too, and with their names.
    let small = site(|settings| settings.DATA_UPLOAD_MAX_MEMORY_SIZE = Some(20));
    for (body, expected) in [
        (form(&[field("name", "12345678901234")]), Ok((1, 0))),
        (form(&[field("name", "123456789012345")]), Err(ErrorKind::TooLarge)),
        (form(&[field("a", "1234567"), field("b", "1234567")]), Ok((2, 0))),
        (form(&[field("a", "1234567"), field("b", "12345678")]), Err(ErrorKind::TooLarge)),
        (form(&[file("f", "x", &"y".repeat(1000))]), Ok((0, 1))),
    ] {
        assert_eq!(count(&multipart(&small, body)), expected);
    }
}

#[test]
fn cases_218_and_219_base64_is_decoded_as_it_comes() {
    let head = "Content-Disposition: form-data; name=f; filename=x\r\nContent-Transfer-Encoding: base64";
    let blanks: String = "aGVsbG8=".chars().map(|c| format!("{c}{}", " ".repeat(4000))).collect();
    let request = multipart(&site(|_| {}), form(&[part(head, &blanks)]));
    assert_eq!(block_on(read(&request)).unwrap().1, [("f".into(), "x".into(), b"hello".to_vec())]);
    let long = "aGVsbG8h".repeat(100_000);
    for size in [1, 333, 70_000] {
        let size = if long.len() / size > 100_000 { 100 } else { size };
        let request = multipart(&site(|_| {}), chunked(&form(&[part(head, &long)]), size));
        let files = block_on(read(&request)).unwrap().1;
        assert_eq!(files[0].2, "hello!".repeat(100_000).as_bytes());
    }
}

#[test]
fn case_220_backslashes_in_names_take_linear_time() {
    let started = Instant::now();
    let name = format!("form-data; name=\"{}\"", r"a\\".repeat(250));
    let body = form(&vec![part(&format!("Content-Disposition: {name}"), "1"); 900]);
    assert_eq!(count(&multipart(&site(|_| {}), body)), Ok((900, 0)));
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[test]
fn cases_221_to_228_names_of_files_are_no_paths() {
    for (sent, expected) in [
        ("../../x", Some("x")),
        ("/etc/passwd", Some("passwd")),
        (r"C:\\x", Some("x")),
        (r"..\\..\\x", Some("x")),
        ("x\u{0}y", Some("xy")),
        ("..", None),
        ("..&#x2F;..&#x2F;x", Some("x")),
        ("a/", None),
        ("x\ny", Some("xy")),
    ] {
        let request = multipart(&site(|_| {}), form(&[file("f", sent, "1")]));
        let files = block_on(read(&request)).unwrap().1;
        assert_eq!(files.first().map(|(_, name, _)| name.as_str()), expected, "{sent:?}");
    }
}
