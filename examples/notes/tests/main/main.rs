//! The board, in the hands of a browser without a screen.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use nuages::prelude::*;
use nuages::test::Client;
use nuages::{Application, test};

fn browser() -> Client<Application> {
    let settings = Settings { SESSION_ENGINE: "cache".into(), ..test::settings() };
    Client::new(notes::app(settings).build().unwrap()).enforce_csrf_checks()
}

async fn write(browser: &mut Client<Application>, text: &str) {
    let page = browser.get("/").await;
    let token = page.text().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = [("csrfmiddlewaretoken", &*token), ("text", text)];
    browser.post("/").form(&form).await.assert_status(302).assert_header("Location", "/");
}

#[tokio::test]
async fn a_note_and_its_message() {
    let mut browser = browser();
    browser.post("/").form(&[("text", "no token")]).await.assert_status(403);
    write(&mut browser, "<first>").await;
    let page = browser.get("/").await;
    page.assert_contains("<p class=\"success\">Your note is on the board.</p>");
    page.assert_contains("<p class=\"note\">&lt;first&gt;</p>").assert_not_contains("no token");
    browser.get("/").await.assert_not_contains("Your note is on the board");
    write(&mut browser, " ").await;
    browser.get("/").await.assert_contains("<p class=\"warning\">A note needs a text.</p>");
    assert_eq!(browser.get("/1/").await.text(), "&lt;first&gt;");
    browser.get("/2/").await.assert_status(404);
    browser.put("/1/").await.assert_status(403);
    let secret = browser.jar().get("csrftoken").unwrap().to_owned();
    browser
        .put("/1/")
        .header("X-CSRFToken", &secret)
        .await
        .assert_status(405)
        .assert_header("Allow", "GET, HEAD");
}

#[tokio::test]
async fn programs_and_pages() {
    let mut browser = browser();
    browser.get("/1/").await.assert_status(404);
    for n in 0..7 {
        let answer = browser.post("/hook/").body(format!("note {n}")).await;
        answer.assert_status(200).assert_contains("thank you");
        assert!(answer.header("cache-control").unwrap().contains("no-store"));
    }
    let page = browser.get("/?page=2").await;
    page.assert_contains("Page 2 of 2").assert_contains("note 0").assert_not_contains("note 6");
    page.assert_contains("<b>A program</b> has written.").assert_contains("class=\"robot\"");
    let feed = browser.get("/feed.txt").await;
    let tag = feed.header("etag").unwrap().into_owned();
    assert_eq!(tag, "\"7 notes\"");
    browser.get("/feed.txt").header("If-None-Match", &tag).await.assert_status(304);
}

#[tokio::test]
async fn cached_framed_and_for_some() {
    let mut browser = browser();
    assert_eq!(browser.get("/about/").await.header("age"), None);
    assert_eq!(browser.get("/about/").await.header("age").as_deref(), Some("0"));
    let framed = browser.get("/frame/").await;
    framed.assert_header("x-frame-options", "SAMEORIGIN");
    assert_eq!(framed.header("x-request-id").unwrap().len(), 24);
    browser.get("/mine/?a=1").await.assert_header("Location", "/accounts/login/?next=/mine/%3Fa%3D1");
    write(&mut browser, "now").await;
    browser.get("/mine/").await.assert_status(200).assert_contains("Thank you");
}
