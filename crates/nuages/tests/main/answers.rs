//! What comes out of an application: error views, mounted services, included tables, hooks.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use nuages::Peer;
use nuages::http::{Request, Response};
use nuages::middleware::Hook;
use nuages::prelude::*;
use nuages::urls::Converter;
use nuages::{Application, ResolverMatch};

fn settings() -> Settings {
    Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["testserver".into()],
        ..Settings::default()
    }
}

fn ask(application: &Application, method: &str, target: &str) -> (u16, Response<Body>, String) {
    let request = Request::builder().method(method).uri(target).header("host", "testserver");
    let request = request.body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime.block_on(application.serve(request, Peer::Unknown));
    let body = String::from_utf8_lossy(response.body().as_bytes().unwrap_or_default()).into_owned();
    (response.status().as_u16(), response, body)
}

async fn fails(_request: HttpRequest, kind: String) -> Result {
    Err(Error::new(
        match &*kind {
            "400" => ErrorKind::BadRequest,
            "403" => ErrorKind::PermissionDenied,
            "404" => ErrorKind::NotFound,
            _ => ErrorKind::Internal,
        },
        "as asked",
    ))
}

#[test]
fn each_error_has_its_view() {
    async fn mine(_request: HttpRequest, error: Error) -> Result {
        Ok(HttpResponse::new(format!("mine: {}", error.kind().django_name())))
    }
    let urls = urlconf([path("<str:kind>", fails)]);
    let urls = urls.handler400(mine).handler403(mine).handler404(mine).handler500(mine);
    let application = App::new(settings()).urls(urls).build().unwrap();
    for (target, status, text) in [
        ("/400", 400, "mine: BadRequest"),
        ("/403", 403, "mine: PermissionDenied"),
        ("/404", 404, "mine: Http404"),
        ("/no/route", 404, "mine: Http404"),
        ("/500", 500, "mine: Exception"),
    ] {
        let (found, _, body) = ask(&application, "GET", target);
        assert_eq!((found, &*body), (status, text), "{target}");
    }
}

#[test]
fn a_view_for_errors_that_fails_is_a_server_error() {
    async fn broken(_request: HttpRequest, _error: Error) -> Result {
        Err("no template".into())
    }
    async fn last(_request: HttpRequest, _error: Error) -> Result {
        Ok(HttpResponse::new("the last resort"))
    }
    let urls = urlconf([path("<str:kind>", fails)]).handler404(broken).handler500(last);
    let application = App::new(settings()).urls(urls).build().unwrap();
    let (status, _, body) = ask(&application, "GET", "/404");
    assert_eq!((status, &*body), (500, "the last resort"));

    let urls = urlconf([path("<str:kind>", fails)]).handler500(broken);
    let application = App::new(settings()).urls(urls).build().unwrap();
    let (status, _, body) = ask(&application, "GET", "/500");
    assert_eq!(status, 500);
    assert!(body.contains("Something went wrong") && !body.contains("no template"), "{body}");
}

/// A tower service that shows what it was asked, under wrong headers.
#[derive(Clone)]
struct Shows;

impl tower_service::Service<Request<Body>> for Shows {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<std::result::Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let response =
            Response::builder().header("content-length", "3").header("transfer-encoding", "chunked");
        ready(Ok(response.body(Body::from(format!("{} {}", request.method(), request.uri()))).unwrap()))
    }
}

#[test]
fn a_mounted_service_sees_what_follows_its_prefix() {
    let urls = urlconf([path("api/", mount(Shows)), path("<slug:who>/api/", mount(Shows))]);
    let application = App::new(settings()).middleware(CommonMiddleware::new()).urls(urls).build().unwrap();
    for (method, target, seen) in [
        ("GET", "/api/a%2Fb?x=1", "GET /a%2Fb?x=1"),
        ("POST", "/api/", "POST /"),
        ("DELETE", "/ann/api//x", "DELETE //x"),
    ] {
        let (status, response, body) = ask(&application, method, target);
        // `//x` is written as a target and read as one.
        assert_eq!((status, &*body), (200, seen), "{target}");
        let headers = response.headers();
        assert_eq!(headers["content-length"], seen.len().to_string(), "what the service said is corrected");
        assert!(!headers.contains_key("transfer-encoding"));
    }
}

#[test]
fn an_included_table_brings_its_converter() {
    struct Year;
    impl Converter for Year {
        type Value = u16;
        fn regex(&self) -> &str {
            "[0-9]{4}"
        }
        fn to_value(&self, text: &str) -> Option<u16> {
            text.parse().ok()
        }
        fn to_url(&self, year: &u16) -> Option<String> {
            Some(format!("{year:04}"))
        }
    }
    async fn show(_request: HttpRequest, year: u16) -> Result {
        Ok(HttpResponse::new(format!("year {year}")))
    }
    fn archive() -> UrlConf {
        urlconf([path("<yyyy:year>/", show)]).converter("yyyy", Year)
    }
    let urls = urlconf([path("a/", include(archive())), path("b/", include(archive()))]);
    let application = App::new(settings()).urls(urls).build().unwrap();
    assert_eq!(ask(&application, "GET", "/b/0987/").2, "year 987");
    assert_eq!(ask(&application, "GET", "/b/987/").0, 404);
}

/// Answers in a hook, as its name says.
struct Hooked(&'static str);

impl Middleware for Hooked {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let mut response = next.run(request).await;
        let trace = format!("{}{}", response.header("x-trace").unwrap_or_default(), self.0);
        response.set_header("x-trace", &trace)?;
        Ok(response)
    }

    fn process_view<'a>(&'a self, request: &'a HttpRequest, matched: &'a dyn ResolverMatch) -> Hook<'a> {
        if request.GET.get("view") == Some(self.0) {
            return Hook::answer(HttpResponse::new(format!("{} before {}", self.0, matched.route())));
        }
        Hook::pass()
    }

    async fn process_exception(&self, request: &HttpRequest, error: &Error) -> Option<HttpResponse> {
        let catches = request.GET.get("catch").is_some_and(|names| names.contains(self.0));
        catches.then(|| HttpResponse::new(format!("{} caught: {error}", self.0)))
    }
}

#[test]
fn hooks_run_outermost_first_on_the_way_in_and_innermost_first_on_failure() {
    let chain = App::new(settings()).middleware(Hooked("a")).middleware(Hooked("b"));
    let application = chain.urls(urlconf([path("<str:kind>", fails)])).build().unwrap();
    for (target, status, text) in [
        ("/500?view=b", 200, "b before <str:kind>"),
        ("/500?view=a", 200, "a before <str:kind>"),
        ("/500?catch=ab", 200, "b caught: as asked"),
        ("/404?catch=a", 200, "a caught: as asked"),
    ] {
        let (found, response, body) = ask(&application, "GET", target);
        assert_eq!((found, &*body), (status, text), "{target}");
        assert_eq!(response.headers()["x-trace"], "ba", "{target}");
    }
}

#[test]
fn methods_are_distinct_by_case() {
    async fn which(request: HttpRequest) -> Result {
        Ok(HttpResponse::new(request.method.to_string()))
    }
    let application = App::new(settings()).urls(urlconf([path("", which)])).build().unwrap();
    assert_eq!(ask(&application, "get", "/").2, "get");
    assert_eq!(ask(&application, "GET", "/").2, "GET");
}
