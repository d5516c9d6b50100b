//! The calls that the book's tables name, from Django's on the left to ours on the right.

use nuages::middleware::{Middleware, Next};
use nuages::prelude::*;
use nuages::sessions::SessionEngine;
use nuages::test::{Client, settings};

async fn requests(mut request: HttpRequest) -> Result {
    assert_eq!((request.method.as_str(), &*request.path, &*request.path_info), ("POST", "/all/", "/all/"));
    assert_eq!((request.scheme, request.is_secure(), request.get_port().as_ref()), ("http", false, "80"));
    assert_eq!(request.GET.getlist("a"), ["1", "2"]);
    assert_eq!(request.GET.require("a")?, "2");
    assert!(request.GET.contains("a") && request.GET.require("b").is_err());
    assert_eq!(request.POST().await?.get("c"), Some("3"));
    assert!(request.FILES().await?.is_empty());
    assert_eq!(request.COOKIES.require("colour")?, "blue");
    assert!(request.COOKIES.contains("colour") && request.COOKIES.iter().len() == 1);
    assert_eq!(request.headers.get("accept").as_deref(), Some("text/html"));
    assert_eq!(request.META.get("REQUEST_METHOD").as_deref(), Some("POST"));
    assert_eq!(&*request.content_type, "application/x-www-form-urlencoded");
    assert_eq!(request.content_type.params().get("charset"), Some("utf-8"));
    assert_eq!(request.encoding(), Some("utf-8"));
    assert!(request.accepts("text/html")? && request.accepted_types()?.iter().count() == 1);
    assert_eq!(request.get_preferred_type(&["text/html", "text/plain"])?, Some("text/html"));
    assert_eq!(request.get_full_path(), "/all/?a=1&a=2");
    assert_eq!(request.get_full_path_info(), "/all/?a=1&a=2");
    assert_eq!(request.build_absolute_uri("/x/")?, "http://testserver/x/");
    assert_eq!(request.resolver_match().map(|matched| matched.view_name()), Some("all".to_owned()));
    assert_eq!(request.reverse("all").query([("page", 2)]).fragment("top").url()?, "/all/?page=2#top");
    request.set_encoding("iso-8859-1")?;

    let mut query = request.GET.copy();
    query.set("a", "3")?;
    query.appendlist("a", "4")?;
    query.setlist("b", ["5"])?;
    query.setdefault("d", "6")?;
    assert_eq!(query.urlencode()?, "a=3&a=4&b=5&d=6");
    assert_eq!(query.pop("b")?, Some(vec!["5".to_owned()]));
    assert!(request.GET.lists().count() == 1 && request.GET.dict().len() == 1);
    Ok(HttpResponse::new("requests"))
}

async fn responses(_request: HttpRequest) -> Result {
    let mut response = HttpResponse::new("text").with_status(StatusCode::CREATED);
    response.set_header("Cache-Control", "no-store")?;
    response.setdefault_header("Cache-Control", "public")?;
    response.write(" and more")?;
    assert_eq!(response.header("cache-control").as_deref(), Some("no-store"));
    assert!(response.has_header("Cache-Control") && response.items().count() > 1);
    response.remove_header("Cache-Control");
    assert_eq!(
        (response.status().as_u16(), response.reason(), &*response.charset()),
        (201, "Created", "utf-8")
    );
    assert!(!response.is_streaming() && response.body().as_bytes() == Some(b"text and more"));
    response.set_cookie("a", 1).max_age(60).http_only(true);
    response.delete_cookie("b").path("/x/").domain("testserver");
    assert_eq!(response.cookies().len(), 2);
    for (other, status) in [
        (HttpResponse::not_found(""), 404),
        (HttpResponse::forbidden(""), 403),
        (HttpResponse::bad_request(""), 400),
        (HttpResponse::gone(""), 410),
        (HttpResponse::server_error(""), 500),
        (HttpResponse::not_modified(), 304),
        (HttpResponse::not_allowed(["GET"]), 405),
        (HttpResponse::permanent_redirect("/there/")?, 301),
    ] {
        assert_eq!(other.status(), status);
    }
    Ok(response)
}

async fn sessions(request: HttpRequest) -> Result {
    let session = request.session().await?;
    session.set("a", 1)?;
    assert_eq!(session.require::<u32>("a")?, 1);
    assert_eq!(session.get("b")?.unwrap_or(0), 0);
    assert!(session.contains("a") && session.keys() == ["a"]);
    assert_eq!(session.setdefault("c", 3)?, 3);
    assert_eq!((session.pop::<u32>("c")?, session.pop_or("c", 0)?), (3, 0));
    session.update([("a", 1), ("b", 2)])?;
    assert_eq!(session.modify("n", |n: u32| n.saturating_add(1))?, 1);
    assert_eq!(session.items().len(), 3);
    session.remove("b")?;
    session.set_expiry(300)?;
    session.set_modified(true);
    session.cycle_key()?;
    session.save().await?;
    assert!(session.session_key().is_some());
    let engine = request.site().extensions().get::<SessionEngine>().or_404()?;
    let key = session.session_key().or_404()?;
    assert_eq!(engine.session(Some(key.as_str())).session().await?.get("a")?, Some(1));
    session.clear();
    session.flush();
    Ok(HttpResponse::new("sessions"))
}

/// A middleware of four lines writes a Content-Security-Policy, as the page about threats says.
struct Policy;

impl Middleware for Policy {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let mut response = next.run(request).await;
        response.setdefault_header("Content-Security-Policy", "default-src 'self'")?;
        Ok(response)
    }
}

#[tokio::test]
async fn the_calls_of_the_tables() {
    let urls = urlconf([
        path("all/", requests).name("all"),
        path("responses/", responses),
        path("sessions/", sessions),
    ]);
    let settings = Settings { SESSION_ENGINE: "cache".into(), ..settings() };
    let app = App::new(settings).middleware(Policy).middleware(SessionMiddleware::new()).urls(urls);
    let mut browser = Client::new(app.build().unwrap());
    browser.get("/responses/").await.assert_status(201).assert_contains("text and more");
    browser.get("/sessions/").await.assert_status(200).assert_contains("sessions");
    browser.jar_mut().clear();
    browser.jar_mut().insert("testserver", "colour", "blue");
    let call = browser.post("/all/?a=1&a=2").header("Accept", "text/html");
    let call = call.header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8").body("c=3");
    call.await.assert_status(200).assert_header("Content-Security-Policy", "default-src 'self'");
}
