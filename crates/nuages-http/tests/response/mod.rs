//! Responses: headers, content, redirects, cookies.

mod files;

use nuages_http::{Body, HttpResponse, Redirect, SameSite, Settings, Site, StatusCode};
use proptest::prelude::*;

fn cookies_of(response: HttpResponse) -> (StatusCode, Vec<String>) {
    let site = Site::new(Settings { SECRET_KEY: "k".into(), ..Settings::default() }).unwrap();
    let response = response.into_http(site.cookie_signer());
    let lines = response.headers().get_all("set-cookie").iter();
    (response.status(), lines.map(|line| line.to_str().unwrap().to_owned()).collect())
}

#[test]
fn the_kinds() {
    for (response, status) in [
        (HttpResponse::new(""), 200),
        (HttpResponse::not_modified(), 304),
        (HttpResponse::bad_request(""), 400),
        (HttpResponse::forbidden(""), 403),
        (HttpResponse::not_found(""), 404),
        (HttpResponse::not_allowed(["GET"]), 405),
        (HttpResponse::gone(""), 410),
        (HttpResponse::server_error(""), 500),
        (HttpResponse::redirect("/").unwrap(), 302),
        (HttpResponse::permanent_redirect("/").unwrap(), 301),
        (Redirect::to("/").preserve_request().into_response().unwrap(), 307),
    ] {
        assert_eq!(response.status(), status);
    }
    assert_eq!(std::mem::size_of::<HttpResponse>(), 8);
}

/// Cases 167 to 185 of the attack list.
#[test]
fn redirects_that_are_refused() {
    for to in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " \x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
        &"x".repeat(16_385),
    ] {
        let error = HttpResponse::redirect(to).unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{}", &to[..20.min(to.len())]);
    }
    for to in [
        "/a\r\nSet-Cookie: a=b",
        "/a\0",
        "/\u{560d}\u{560a}",
        "/\u{2028}",
        "/\u{1f600}",
        &"\u{be}".repeat(16_000),
    ] {
        match HttpResponse::redirect(to) {
            Ok(response) => {
                let location = response.url().unwrap().into_owned();
                assert!(location.is_ascii() && !location.contains(['\r', '\n', '\0']), "{location:?}");
            }
            Err(error) => assert_eq!(error.status(), StatusCode::BAD_REQUEST),
        }
    }
    // Browsers drop a tab inside, so it must not get out as it is.
    let response = HttpResponse::redirect("/\t/evil.com").unwrap();
    assert_eq!(response.url().as_deref(), Some("/%09/evil.com"));
}

#[test]
fn cookies_are_signed_and_written_at_the_end() {
    let mut response = HttpResponse::new("x");
    response.set_cookie("a", 1).http_only(true).same_site(SameSite::Lax);
    response.set_signed_cookie("b", "v").salt("s");
    response.delete_cookie("c").path("/docs/");
    let (status, lines) = cookies_of(response);
    assert_eq!(status, 200);
    assert_eq!(lines[0], "a=1; HttpOnly; Path=/; SameSite=Lax");
    assert!(lines[1].starts_with("b=v:"), "{}", lines[1]);
    assert_eq!(lines[2], "c=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/docs/");
}

#[test]
fn a_cookie_that_could_inject_is_a_500_and_no_header() {
    let mut response = HttpResponse::new("x");
    response.set_cookie("good", 1);
    response.set_cookie("a", 1).path("/;HttpOnly");
    assert!(response.check_cookies().is_err());
    let (status, lines) = cookies_of(response);
    assert_eq!((status, lines.len()), (StatusCode::INTERNAL_SERVER_ERROR, 0));
}

#[test]
fn content() {
    let mut response = HttpResponse::new("a");
    response.write("\u{e9}").unwrap();
    assert_eq!(response.body().as_bytes(), Some("a\u{e9}".as_bytes()));
    let mut response = HttpResponse::new("").with_charset("latin-1").unwrap();
    assert_eq!(response.header("content-type").as_deref(), Some("text/html; charset=latin-1"));
    assert!(response.write("\u{20ac}").is_err());
    let mut streamed = HttpResponse::streaming(Body::from_chunks([Ok::<_, std::io::Error>("a".into())]));
    assert!(streamed.is_streaming() && streamed.write("b").is_err());
}

proptest! {
    #[test]
    fn no_header_injects(name in ".{0,12}", value in ".{0,40}") {
        let mut response = HttpResponse::new("");
        if response.set_header(&name, &value).is_ok() {
            for (_, value) in response.headers() {
                prop_assert!(!value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
            }
        }
    }
}

#[test]
fn headers_beyond_ascii_are_latin_1_or_encoded_words() {
    let mut response = HttpResponse::not_allowed(["\u{e9}"]);
    assert_eq!(response.header("allow").as_deref(), Some("\u{e9}"));
    response.set_header("x-a", "\u{e9}").unwrap().set_header("x-b", "\u{65e5}\u{672c}").unwrap();
    assert_eq!(response.headers()["x-a"].as_bytes(), b"\xe9");
    assert_eq!(response.header("x-b").as_deref(), Some("=?utf-8?b?5pel5pys?="));
}

#[test]
fn a_default_for_a_header_that_is_there_is_not_looked_at() {
    let mut response = HttpResponse::new("");
    assert!(response.setdefault_header("content-type", "a\r\nb").is_ok());
    assert!(response.setdefault_header("x-a", "a\r\nb").is_err());
    response.setdefault_header("x-a", "1").unwrap().setdefault_header("X-A", "2").unwrap();
    assert_eq!(response.header("x-a").as_deref(), Some("1"));
}
