//! The views about requests, responses, URLs, cookies and signing.

use book_snippets::{
    answer_urls, cookie_urls, invitation, invited, request_urls, settings_in_code, shop_urls,
};
use nuages::ErrorKind;
use nuages::signing::{Clock, TimestampSigner};
use nuages::test::settings;
use serde_json::json;

use crate::browser;

#[tokio::test]
async fn what_a_request_says() {
    let mut browser = browser(request_urls());
    let found = browser.get("/search/?q=rust&tag=web&tag=async&page=2").await;
    found.assert_contains("rust in web and async, page 2, next ?q=rust&amp;tag=web&amp;tag=async&amp;page=3");

    let answer = browser.post("/order/").json(&json!({"product": "pen", "pieces": 3})).await;
    assert_eq!(answer.json::<serde_json::Value>(), json!({"product": "pen", "cents": 750}));
    let mistake = browser.post("/order/").json(&json!({"product": "pen", "pieces": "three"})).await;
    mistake.assert_status(400);
    let form = browser.post("/order_form/").form(&[("product", "pen"), ("pieces", "3")]).await;
    form.assert_contains("3 times pen");
    browser.post("/order_form/").form(&[("product", "pen")]).await.assert_status(400);

    let about = browser.get("/about/?x=1").header("Accept-Language", "fr").await;
    about.assert_header("Content-Type", "text/plain; charset=utf-8");
    about.assert_contains("GET /about/?x=1\nto testserver over http\nfrom ").assert_contains("in fr");
    about.assert_contains("this page is http://testserver/about/");
    browser.get("/weekday/").await.assert_contains("Friday");
}

#[tokio::test]
async fn what_a_response_can_be() {
    let mut browser = browser(answer_urls());
    browser.get("/page/").await.assert_header("Content-Type", "text/html; charset=utf-8");
    browser.get("/created/").await.assert_status(201).assert_header("Location", "/things/7/");
    browser.get("/moved/").await.assert_status(301).assert_redirects("/page/");
    browser.get("/text/").await.assert_header("Content-Type", "text/csv; charset=utf-8");
    browser.get("/gone/").await.assert_status(410);
    browser.get("/things/7/").await.assert_status(404);
    browser.get("/things/0/").await.assert_status(403);
    browser.jar_mut().insert("testserver", "member", "yes");
    browser.get("/things/0/").await.assert_contains("pen");
    let numbers = browser.get("/numbers/").await;
    assert_eq!(numbers.text().lines().count(), 1000);
}

#[tokio::test]
async fn routes_and_their_names() {
    let mut browser = browser(shop_urls());
    for (path, answer) in [
        ("/blog/", "all years"),
        ("/blog/2026/", "2026"),
        ("/blog/2026/hello/", "hello of 2026"),
        ("/blog/page-7/", "page 7"),
        ("/where/", "blog:post by blog/<int:year>/<slug:slug>/"),
    ] {
        assert_eq!(browser.get(path).await.assert_status(200).text(), answer, "{path}");
    }
    browser.get("/blog/page-99999/").await.assert_status(404);
    browser.get("/latest/").await.assert_redirects("/blog/2026/");
    browser.get("/first/").await.assert_redirects("/blog/2026/hello/");
}

#[tokio::test]
async fn cookies_beyond_the_tutorial() {
    let mut browser = browser(cookie_urls()).https();
    let answer = browser.get("/prefixes/").await;
    answer.assert_set_cookie("__Host-id", "=1; HttpOnly; Path=/; Secure");
    answer.assert_set_cookie("__Secure-id", "=2; Path=/shop/; Secure");
    let answer = browser.get("/embedded/").await;
    answer.assert_set_cookie("chat", "=open; Partitioned; Path=/; SameSite=None; Secure");
    browser.get("/named/").await.assert_status(200).assert_set_cookie("colour", "=blue");
    let refused = browser.get("/named/?name=a%3Bb").await;
    assert_eq!(refused.assert_status(400).set_cookies().count(), 0);

    browser.get("/ticket/").await.assert_contains("Here is a ticket");
    browser.get("/ticket/").await.assert_contains("Seat 7");
}

#[test]
fn an_invitation_is_good_for_a_day() {
    let settings = settings();
    let text = invitation(&settings, 7, "Ada").unwrap();
    assert_eq!(invited(&settings, &text).unwrap(), "Ada in room 7");
    assert_eq!(invited(&settings, &text.replace(':', ".")).unwrap_err().kind(), ErrorKind::BadRequest);
    let old = TimestampSigner::new(settings.secret_keys()).salt("django.core.signing").clock(Clock::at(1e9));
    let old = old.sign_object(&json!({"room": 7, "guest": "Ada"}), nuages::signing::Compress::No).unwrap();
    assert_eq!(invited(&settings, &old).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn settings_are_a_value() {
    assert_eq!(settings_in_code().SESSION_COOKIE_AGE, 3600);
    assert_eq!(settings_in_code().CSRF_COOKIE_NAME, "csrftoken");
}
