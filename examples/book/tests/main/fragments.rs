//! Forms with a token: one by hand, and one that htmx sends.

use book_snippets::{fragment_urls, token_urls};
use nuages::prelude::*;
use nuages::test::{Client, settings};

#[tokio::test]
async fn the_page_once_and_then_its_part() {
    let settings = Settings { SESSION_ENGINE: "cache".into(), ..settings() };
    let app = App::new(settings)
        .middleware(SessionMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(fragment_urls());
    let mut browser = Client::new(app.build().unwrap()).enforce_csrf_checks();
    let page = browser.get("/counter/").await;
    page.assert_contains("<!doctype html>")
        .assert_contains("hx-post")
        .assert_header("Vary", "HX-Request, Cookie");
    let token = page.text().split("X-CSRFToken\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    browser.post("/counter/").header("HX-Request", "true").await.assert_status(403);
    let part = browser.post("/counter/").header("HX-Request", "true").header("X-CSRFToken", &token).await;
    assert_eq!(part.text(), r#"<output id="clicks">1</output>"#);

    let left = browser.post("/leave/").header("HX-Request", "true").header("X-CSRFToken", &token).await;
    left.assert_status(200).assert_header("HX-Redirect", "/counter/");
    browser.get("/leave/").await.assert_redirects("/counter/");
    browser.get("/counter/").await.assert_contains(r#"<output id="clicks">0</output>"#);
}

#[tokio::test]
async fn a_form_by_hand() {
    let app = App::new(settings()).middleware(CsrfViewMiddleware::new()).urls(token_urls());
    let mut browser = Client::new(app.build().unwrap()).enforce_csrf_checks();
    let page = browser.get("/subscribe/").await.text().into_owned();
    let token = page.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    browser.post("/subscribe/").form(&[("name", "Ada")]).await.assert_status(403);
    let form = [("name", "<Ada>"), ("csrfmiddlewaretoken", token)];
    browser.post("/subscribe/").form(&form).await.assert_contains("Thank you, &lt;Ada&gt;");
}
