//! The site, by a browser without a screen.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use nuages::Application;
use nuages::contrib::auth::hashers::{
    MD5PasswordHasher, PBKDF2PasswordHasher, PasswordHashers, install_hashers,
};
use nuages::contrib::staticfiles::{CollectOptions, StaticFiles};
use nuages::prelude::*;
use nuages::test::{self, Client};

fn settings(debug: bool, root: &Path) -> Settings {
    Settings {
        DEBUG: debug,
        STATIC_ROOT: Some(root.display().to_string()),
        SESSION_ENGINE: "signed_cookies".into(),
        ..test::settings()
    }
}

fn site(settings: Settings) -> Client<Application> {
    let application = members::app(settings).build().unwrap();
    // As strong as can be in a test that shall not take long.
    let hashers = PasswordHashers::new(PBKDF2PasswordHasher::sha256().iterations(2)).with(MD5PasswordHasher);
    assert!(install_hashers(application.site(), hashers));
    Client::new(application)
}

#[tokio::test]
async fn a_member_registers_and_logs_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut browser = site(settings(true, folder.path()));
    browser.get("/members/ada/").await.assert_status(404);
    let form = [("name", "ada"), ("password", "correct horse")];
    browser.post("/register/").form(&form).await.assert_redirects("/login/");
    browser.post("/register/").form(&form).await.assert_contains("That name is taken.");
    browser.get("/members/ada/").await.assert_status(200);
    for wrong in [[("name", "ada"), ("password", "x")], [("name", "bob"), ("password", "correct horse")]] {
        browser.post("/login/").form(&wrong).await.assert_contains("Name or password is wrong.");
    }
    browser.post("/login/").form(&form).await.assert_redirects("/");
    browser.get("/").await.assert_contains("You are ada.");
}

#[tokio::test]
async fn files_are_collected_and_served() {
    let folder = tempfile::tempdir().unwrap();
    let mut developing = site(settings(true, folder.path()));
    developing.get("/").await.assert_contains("href=\"/static/site.css\"");
    developing.get("/static/site.css").await.assert_status(200).assert_contains("colours.css");

    let done = StaticFiles::of(developing.application().site()).collect(&CollectOptions::default()).unwrap();
    assert_eq!(done.copied.len(), 3);
    let mut browser = site(settings(false, folder.path()));
    let page = browser.get("/").await.text().into_owned();
    let style = page.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(
        style.starts_with("/static/site.") && style.len() == "/static/site.0123456789ab.css".len(),
        "{style}"
    );
    let served = browser.get(style).await;
    served.assert_status(200).assert_header("cache-control", "max-age=315360000, public, immutable");
    served.assert_contains("@import url(\"colours.").assert_contains("url(\"mark.");
}

#[tokio::test]
async fn errors_have_pages() {
    let folder = tempfile::tempdir().unwrap();
    let mut developing = site(settings(true, folder.path()));
    StaticFiles::of(developing.application().site()).collect(&CollectOptions::default()).unwrap();
    developing
        .get("/missing")
        .header("Accept", "text/html")
        .await
        .assert_contains("Patterns that were tried");
    let mut visitor = site(settings(false, folder.path()));
    visitor.get("/missing").await.assert_status(404).assert_contains("There is no such page.");
}
