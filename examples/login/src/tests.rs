//! A visitor comes, logs in and leaves.

use nuages::Application;
use nuages::prelude::*;
use nuages::test::{self, Client};

const GOOD: [(&str, &str); 2] = [("name", "ada"), ("password", "lovelace")];

fn browser() -> Client<Application> {
    let settings = Settings {
        SESSION_ENGINE: "cache".into(),
        PASSWORD_HASHERS: vec!["scrypt".into()],
        ..test::settings()
    };
    Client::new(crate::app(settings).build().unwrap())
}

fn cookie(browser: &Client<Application>) -> String {
    browser.jar().get("sessionid").unwrap_or_default().to_owned()
}

#[tokio::test]
async fn only_with_the_password() {
    let mut browser = browser();
    browser.get("/diary/").await.assert_redirects("/login/?next=/diary/");
    for wrong in [[("name", "ada"), ("password", "Lovelace")], [("name", "bob"), ("password", "lovelace")]] {
        browser.post("/login/").form(&wrong).await.assert_contains("Name or password is wrong.");
    }
    browser.get("/diary/").await.assert_status(302);
    browser.post("/login/?next=/diary/").form(&GOOD).follow().await.assert_contains("The diary of ada.");
    browser.get("/").await.assert_contains("You are ada.");
}

#[tokio::test]
async fn next_stays_on_this_site() {
    for (next, goes) in [("/diary/", "/diary/"), ("//evil.example", "/"), ("https://evil.example/", "/")] {
        browser().post(&format!("/login/?next={next}")).form(&GOOD).await.assert_redirects(goes);
    }
}

// ANCHOR: planted
#[tokio::test]
async fn a_planted_key_is_worth_nothing() {
    let mut victim = browser();
    victim.post("/login/").form(&GOOD).await;
    let first = cookie(&victim);
    victim.post("/login/").form(&GOOD).await;
    assert_ne!(cookie(&victim), first, "a login draws a new key");
    victim.jar_mut().insert("testserver", "sessionid", &first);
    victim.get("/").await.assert_contains("Log in");
}
// ANCHOR_END: planted

// ANCHOR: logout
#[tokio::test]
async fn a_logout_is_for_every_copy_of_the_cookie() {
    let mut browser = browser();
    browser.post("/login/").form(&GOOD).await;
    let copied = cookie(&browser);
    browser.get("/logout/").await.assert_status(405);
    browser.post("/logout/").await.assert_redirects("/");
    browser.jar_mut().insert("testserver", "sessionid", &copied);
    browser.get("/").await.assert_contains("Log in");
}
// ANCHOR_END: logout

#[tokio::test]
async fn a_closed_browser_forgets_unless_it_shall_not() {
    for (remember, expected) in [(false, "Log in"), (true, "You are ada.")] {
        let mut browser = browser();
        let mut form = GOOD.to_vec();
        form.extend(remember.then_some(("remember", "on")));
        browser.post("/login/").form(&form).await.assert_status(302);
        browser.jar_mut().close_browser();
        browser.get("/").await.assert_contains(expected);
    }
}

#[tokio::test]
async fn forms_need_a_token() {
    let mut browser = browser().enforce_csrf_checks();
    browser.post("/login/").form(&GOOD).await.assert_status(403);
    browser.post("/logout/").await.assert_status(403);
}
