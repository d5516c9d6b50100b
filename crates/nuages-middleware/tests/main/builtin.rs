//! Security, common and clickjacking middleware.

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Settings, StatusCode};
use nuages_middleware::{Chain, CommonMiddleware, SecurityMiddleware, Setup, XFrameOptionsMiddleware};

use crate::stage::{send, settings};

fn through_common(settings: Settings, method: &str, target: &str) -> HttpResponse {
    let request = HttpRequest::test(method, target).header("user-agent", "Bot/1");
    let chain = Chain::new().middleware(CommonMiddleware::new());
    send(chain, settings, request, |request| match &*request.path {
        "/page/" => Ok(HttpResponse::new("page")),
        _ => Err(Error::new(ErrorKind::NotFound, "nothing here")),
    })
}

#[test]
fn slashes() {
    for (target, status, location) in [
        ("/page/", 200, None),
        ("/page", 301, Some("/page/")),
        ("/page?a=1", 301, Some("/page/?a=1")),
        ("/other", 404, None),
    ] {
        let response = through_common(settings(), "GET", target);
        assert_eq!((response.status().as_u16(), response.url().as_deref()), (status, location), "{target}");
    }
    let off = Settings { APPEND_SLASH: false, ..settings() };
    assert_eq!(through_common(off, "GET", "/page").status(), StatusCode::NOT_FOUND);
    let debug = Settings { DEBUG: true, ..settings() };
    assert_eq!(through_common(debug.clone(), "POST", "/page").status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(through_common(debug, "GET", "/page").status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(through_common(settings(), "POST", "/page").status(), StatusCode::MOVED_PERMANENTLY);
}

#[test]
fn lengths_agents_www() {
    assert_eq!(through_common(settings(), "GET", "/page/").header("content-length").as_deref(), Some("4"));
    let refusing = Settings { DISALLOWED_USER_AGENTS: vec!["^Bot".into()], ..settings() };
    assert_eq!(through_common(refusing, "GET", "/page/").status(), StatusCode::FORBIDDEN);
    let www = Settings { PREPEND_WWW: true, ..settings() };
    let response = through_common(www, "GET", "/page?b=2");
    assert_eq!(response.url().as_deref(), Some("http://www.testserver/page/?b=2"));
    let strangers = Settings { ALLOWED_HOSTS: vec!["example.com".into()], ..settings() };
    assert_eq!(through_common(strangers, "GET", "/page/").status(), StatusCode::BAD_REQUEST);
}

#[test]
fn security_headers() {
    let chain =
        || Chain::new().middleware(SecurityMiddleware::new()).middleware(XFrameOptionsMiddleware::new());
    let page = |_| Ok(HttpResponse::new("x"));
    let response = send(chain(), settings(), HttpRequest::test("GET", "/"), page);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(response.header(name).as_deref(), Some(value));
    }
    assert!(!response.has_header("strict-transport-security"));
    let own = |_| Ok(HttpResponse::new("x").with_header("X-Frame-Options", "own")?);
    let response = send(chain(), settings(), HttpRequest::test("GET", "/"), own);
    assert_eq!(response.header("x-frame-options").as_deref(), Some("own"));

    let proxied = Settings {
        SECURE_HSTS_SECONDS: 60,
        SECURE_HSTS_PRELOAD: true,
        SECURE_HSTS_INCLUDE_SUBDOMAINS: true,
        SECURE_SSL_REDIRECT: true,
        SECURE_REDIRECT_EXEMPT: vec!["^free/".into()],
        SECURE_PROXY_SSL_HEADER: Some(nuages_http::ProxyHeader {
            name: "X-Forwarded-Proto".into(),
            value: "https".into(),
        }),
        ..settings()
    };
    let response = send(chain(), proxied.clone(), HttpRequest::test("GET", "/a?b"), page);
    assert_eq!(response.url().as_deref(), Some("https://testserver/a?b"));
    assert_eq!(
        response.header("x-content-type-options").as_deref(),
        Some("nosniff"),
        "on its own answer too"
    );
    let response = send(chain(), proxied.clone(), HttpRequest::test("GET", "/free/a"), page);
    assert_eq!(response.status(), StatusCode::OK);
    let secure = HttpRequest::test("GET", "/").header("x-forwarded-proto", "https");
    let response = send(chain(), proxied, secure, page);
    assert_eq!(
        response.header("strict-transport-security").as_deref(),
        Some("max-age=60; includeSubDomains; preload")
    );
}

#[test]
fn a_bad_regular_expression_is_an_error_at_start() {
    let settings = Settings { DISALLOWED_USER_AGENTS: vec!["(".into()], ..settings() };
    let site = nuages_http::Site::new(settings).unwrap();
    let mut chain = Chain::new().middleware(CommonMiddleware::new());
    let errors = chain.setup(&Setup::new(&site)).unwrap_err();
    assert!(errors[0].to_string().starts_with("DISALLOWED_USER_AGENTS has a bad regular expression"));
}
