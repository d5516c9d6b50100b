//! What the book says about tests.

use book_snippets::{cookie_urls, memory_app, request_urls};
use serde_json::json;

use crate::site;

// ANCHOR: client
use nuages::prelude::*;
use nuages::test::{Client, ClientSession, settings};

#[tokio::test]
async fn a_browser_without_a_screen() {
    let mut browser = Client::new(memory_app(settings()).build().unwrap());
    browser.get("/").await.assert_status(200).assert_contains("visit 1");
    browser.get("/").await.assert_contains("visit 2");

    // The jar is that of a browser: time passes, and the browser is closed and opened.
    assert!(browser.jar().find("sessionid").unwrap().is_http_only());
    browser.jar_mut().advance(Duration::from_secs(1_209_601));
    browser.get("/").await.assert_contains("visit 1");
}
// ANCHOR_END: client

// ANCHOR: calls
#[tokio::test]
async fn calls() {
    let mut browser = Client::new(site(request_urls()).build().unwrap()).host("testserver").https();
    let answer = browser.post("/order/").json(&json!({"product": "pen", "pieces": 2})).await;
    assert_eq!(answer.json::<serde_json::Value>()["cents"], 500);
    browser.post("/order_form/").form(&[("product", "ink"), ("pieces", "1")]).await.assert_status(200);
    browser.get("/search/").query(&[("q", "rust")]).header("Accept-Language", "fr").await.assert_status(200);
}
// ANCHOR_END: calls

// ANCHOR: session
#[tokio::test]
async fn what_is_in_the_session() {
    let mut browser = Client::new(memory_app(settings()).build().unwrap());

    // Before the request…
    let handle = browser.session();
    handle.session().await.unwrap().set("visits", 41).unwrap();
    handle.save().await.unwrap();
    let key = handle.session_key().unwrap();
    browser.jar_mut().insert("testserver", "sessionid", key.as_str());
    browser.get("/").await.assert_contains("visit 42");

    // …and after it.
    let visits: Option<u32> = browser.session().session().await.unwrap().get("visits").unwrap();
    assert_eq!(visits, Some(42));
}
// ANCHOR_END: session

// ANCHOR: csrf
#[tokio::test]
async fn as_strict_as_a_browser() {
    let urls = || book_snippets::fragment_urls();
    let app = || {
        let settings = Settings { SESSION_ENGINE: "cache".into(), ..settings() };
        let app = App::new(settings).middleware(SessionMiddleware::new());
        app.middleware(CsrfViewMiddleware::new()).urls(urls()).build().unwrap()
    };
    // As Django's, the client needs no token…
    Client::new(app()).post("/counter/").await.assert_status(200);
    // …unless it is told to.
    Client::new(app()).enforce_csrf_checks().post("/counter/").await.assert_status(403);
}
// ANCHOR_END: csrf

// ANCHOR: view
#[tokio::test]
async fn a_view_alone() {
    async fn greet(request: HttpRequest) -> Result {
        let name = request.GET.get("name").unwrap_or("nobody");
        Ok(HttpResponse::new(format!("Hello, {}", escape(name))))
    }
    let request = HttpRequest::test("GET", "/?name=Ada").header("Cookie", "visits=3").build();
    let response = greet(request).await.unwrap();
    assert_eq!(response.body().as_bytes().unwrap(), b"Hello, Ada");
}
// ANCHOR_END: view

#[tokio::test]
async fn other_sites() {
    let mut browser = Client::new(site(cookie_urls()).build().unwrap()).https().cross_site();
    browser.get("/prefixes/").await.assert_status(200);
}
