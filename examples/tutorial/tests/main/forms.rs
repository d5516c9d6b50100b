//! The form with its CSRF token, and messages.

use crate::{browser, browser_with, settings};

/// The value of the hidden field.
fn token(page: &str) -> String {
    let field = page.split("name=\"csrfmiddlewaretoken\" value=\"").nth(1).unwrap();
    field.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_login_form_is_refused_without_its_token() {
    let mut browser = browser().await.enforce_csrf_checks();
    let page = browser.get("/login/").await;
    page.assert_set_cookie("csrftoken", "; Max-Age=31449600; Path=/; SameSite=Lax");
    let token = token(&page.text());
    let without = [("username", "guest")];
    let refused = browser.post("/login/").form(&without).await;
    refused.assert_status(403).assert_contains("CSRF token missing.");
    let wrong = [("csrfmiddlewaretoken", "x".repeat(64))];
    let refused = browser.post("/login/").form(&wrong).await;
    refused.assert_status(403).assert_contains("CSRF token from POST incorrect.");
    let refused = browser
        .post("/login/")
        .header("Origin", "https://evil.example")
        .form(&[("csrfmiddlewaretoken", &token)])
        .await;
    refused.assert_status(403).assert_contains("https://evil.example does not match any trusted origins.");

    let before = (
        browser.jar().get("csrftoken").map(str::to_owned),
        browser.jar().get("sessionid").map(str::to_owned),
    );
    let answer = browser.post("/login/").form(&[("csrfmiddlewaretoken", &token)]).await;
    assert_eq!(answer.text(), "You have logged in successfully.");
    let after = (
        browser.jar().get("csrftoken").map(str::to_owned),
        browser.jar().get("sessionid").map(str::to_owned),
    );
    assert!(before.0 != after.0 && before.1 != after.1, "the secret and the key are new");
    browser.post("/login/").form(&[("csrfmiddlewaretoken", &token)]).await.assert_status(403);
}

#[tokio::test]
async fn the_reason_is_for_developers() {
    let mut settings = settings();
    settings.DEBUG = false;
    let mut browser = browser_with(settings).await.enforce_csrf_checks();
    let refused = browser.post("/login/").form(&[("username", "guest")]).await;
    refused.assert_status(403).assert_not_contains("CSRF cookie not set").assert_contains("Forbidden (403)");
}

#[tokio::test]
async fn a_message_is_shown_once() {
    let mut browser = browser().await;
    assert_eq!(browser.get("/show_messages/").await.text(), "There are no messages");
    let answer = browser.get("/add_message/").await;
    answer.assert_status(302).assert_set_cookie("messages", "; HttpOnly; Path=/; SameSite=Lax");
    let shown = browser.get("/show_messages/").await;
    assert_eq!(shown.text(), "<p class=\"success\">Your message was kept for the next page.</p>");
    shown.assert_set_cookie("messages", "Max-Age=0");
    assert_eq!(browser.get("/show_messages/").await.text(), "There are no messages");
    let shown = browser.get("/add_message/").follow().await;
    shown.assert_contains("Your message was kept").assert_status(200);
}
