//! Decorators, each around a view given as a closure.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use nuages_http::{Error, ErrorKind, HttpRequest, HttpResponse, Result, Settings, Site, TestRequest};
use nuages_middleware::CacheControl;
use nuages_middleware::decorators::*;

use crate::stage::settings;

struct View<F>(F);

impl<F: Fn(HttpRequest) -> Result + Send + Sync> Inner for View<F> {
    async fn run(&self, request: HttpRequest) -> Result {
        (self.0)(request)
    }
}

fn call<F, D>(decorated: Decorated<F, D>, request: TestRequest) -> Result
where
    F: Fn(HttpRequest) -> Result + Send + Sync,
    D: Decorator,
{
    call_on(&Site::new(settings()).unwrap(), decorated, request)
}

fn call_on<F, D>(site: &std::sync::Arc<Site>, decorated: Decorated<F, D>, request: TestRequest) -> Result
where
    F: Fn(HttpRequest) -> Result + Send + Sync,
    D: Decorator,
{
    let (view, decorator) = decorated.into_parts();
    let request = request.header("host", "testserver").site(site).build();
    let inner = View(view);
    match pin!(decorator.call(request, &inner)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn page(_: HttpRequest) -> Result {
    Ok(HttpResponse::new("page"))
}

fn fails(_: HttpRequest) -> Result {
    Err(Error::new(ErrorKind::NotFound, "nothing"))
}

fn get() -> TestRequest {
    HttpRequest::test("GET", "/")
}

#[test]
fn methods() {
    for (decorated, allow, good) in [
        (require_GET(page as fn(HttpRequest) -> Result), "GET", vec!["GET"]),
        (require_POST(page), "POST", vec!["POST"]),
        (require_safe(page), "GET, HEAD", vec!["GET", "HEAD"]),
        (require_http_methods(["GET", "PATCH"], page), "GET, PATCH", vec!["GET", "PATCH"]),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "get", "FROB"] {
            let response = call(decorated.clone(), HttpRequest::test(method, "/")).unwrap();
            let status = if good.contains(&method) { 200 } else { 405 };
            assert_eq!(response.status(), status, "{method} {allow}");
            let found = response.header("allow").map(|text| text.into_owned());
            assert_eq!(found.as_deref(), (status == 405).then_some(allow));
        }
    }
}

#[test]
fn headers() {
    let header = |response: &HttpResponse, name: &str| response.header(name).map(|text| text.into_owned());
    let response = call(vary_on_headers(["User-Agent", "Cookie"], page), get()).unwrap();
    assert_eq!(header(&response, "vary").as_deref(), Some("User-Agent, Cookie"));
    let response = call(vary_on_cookie(page), get()).unwrap();
    assert_eq!(header(&response, "vary").as_deref(), Some("Cookie"));
    let response = call(never_cache(page), get()).unwrap();
    assert!(header(&response, "cache-control").unwrap().contains("no-store"));
    let response = call(cache_control(CacheControl::new().private().max_age(9), page), get()).unwrap();
    assert_eq!(header(&response, "cache-control").as_deref(), Some("private, max-age=9"));
    for (decorated, value) in [
        (xframe_options_deny(page as fn(HttpRequest) -> Result), Some("DENY")),
        (xframe_options_sameorigin(page), Some("SAMEORIGIN")),
        (xframe_options_exempt(page), None),
    ] {
        let response = call(decorated, get()).unwrap();
        assert_eq!(header(&response, "x-frame-options").as_deref(), value);
    }
    let own = |_: HttpRequest| Ok(HttpResponse::new("").with_header("X-Frame-Options", "own")?);
    let response = call(xframe_options_deny(own), get()).unwrap();
    assert_eq!(header(&response, "x-frame-options").as_deref(), Some("own"));
}

#[test]
fn an_error_passes_through_as_an_error() {
    assert_eq!(call(never_cache(fails), get()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(call(gzip_page(fails), get()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(call(conditional_page(fails), get()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(call(ensure_csrf_cookie(fails), get()).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn conditions() {
    let tag = |_: HttpRequest| async { Ok(Some("v1".to_owned())) };
    let unreached = |_: HttpRequest| -> Result { panic!("the client has it already") };
    let response = call(etag(tag, unreached), get().header("if-none-match", "\"v1\"")).unwrap();
    assert_eq!((response.status().as_u16(), response.header("etag").as_deref()), (304, Some("\"v1\"")));
    let request = HttpRequest::test("PUT", "/").header("if-match", "\"v0\"");
    assert_eq!(call(etag(tag, unreached), request).unwrap().status(), 412);
    let response = call(etag(tag, page), get()).unwrap();
    assert_eq!((response.status().as_u16(), response.header("etag").as_deref()), (200, Some("\"v1\"")));
    let response = call(conditional_page(page), get()).unwrap();
    let tag = response.header("etag").unwrap().into_owned();
    let response = call(conditional_page(page), get().header("if-none-match", &tag)).unwrap();
    assert_eq!((response.status().as_u16(), response.body().as_bytes()), (304, Some(&b""[..])));
    let with_cookie = |_: HttpRequest| {
        let mut response = HttpResponse::new("page");
        response.set_cookie("a", 1);
        Ok(response)
    };
    let response = call(conditional_page(with_cookie), get().header("if-none-match", &tag)).unwrap();
    assert_eq!((response.status().as_u16(), response.cookies().iter().len()), (304, 1), "a cookie is kept");
}

#[test]
fn csrf_of_one_view() {
    let site = Site::new(settings()).unwrap();
    let post = || HttpRequest::test("POST", "/");
    let refused = call_on(&site, csrf_protect(page), post()).unwrap();
    assert_eq!(refused.status(), 403);
    let response = call_on(&site, ensure_csrf_cookie(page), get()).unwrap();
    let secret = response.cookies().get("csrftoken").unwrap().value().to_string();
    assert_eq!(response.header("vary").as_deref(), Some("Cookie"));
    let cookie = format!("csrftoken={secret}");
    let good = post().header("cookie", &cookie).header("x-csrftoken", &secret);
    assert_eq!(call_on(&site, csrf_protect(page), good).unwrap().status(), 200);
    let response = call_on(&site, requires_csrf_token(page), post()).unwrap();
    assert_eq!((response.status().as_u16(), response.cookies().iter().len()), (200, 0));
    let debug = Site::new(Settings { DEBUG: true, ..settings() }).unwrap();
    let refused = call_on(&debug, csrf_protect(page), post()).unwrap();
    let text = String::from_utf8_lossy(refused.body().as_bytes().unwrap()).into_owned();
    assert!(text.contains("CSRF cookie not set."), "{text}");
}
