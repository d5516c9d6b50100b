//! The middleware, the converter, the upload handler and the mounted service of the how-to pages.

use book_snippets::{
    TenantMiddleware, TimingMiddleware, archive_urls, mounted_urls, picture_urls, tenant_urls,
};
use nuages::prelude::*;
use nuages::test::{Client, settings};

use crate::browser;

#[tokio::test]
async fn a_header_says_how_long_it_took() {
    let app = App::new(settings()).middleware(TimingMiddleware).urls(archive_urls());
    let mut browser = Client::new(app.build().unwrap());
    for (path, status) in [("/archive/2026/", 200), ("/nowhere/", 404)] {
        let answer = browser.get(path).await;
        let timing = answer.assert_status(status).header("Server-Timing").unwrap().into_owned();
        assert!(timing.starts_with("site;dur="), "{timing}");
    }
}

#[tokio::test]
async fn a_tenant_is_known_by_the_host() {
    let app = |hosts: &[&str]| {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        let settings = Settings { ALLOWED_HOSTS: hosts, ..settings() };
        App::new(settings).middleware(TenantMiddleware::default()).urls(tenant_urls()).build()
    };
    let mut browser = Client::new(app(&[".example.com"]).unwrap()).host("red.example.com");
    browser.get("/").await.assert_contains("The pages of red");
    let mut browser = Client::new(app(&[".example.com", "testserver"]).unwrap());
    browser.get("/").await.assert_status(404);

    let errors = app(&["testserver"]).err().unwrap().to_string();
    assert!(errors.contains("add \".example.com\" to ALLOWED_HOSTS"), "{errors}");
}

#[tokio::test]
async fn a_year_of_four_digits() {
    let mut browser = browser(archive_urls());
    browser.get("/archive/1999/").await.assert_contains("The year 1999, then /archive/2000/");
    for path in ["/archive/1969/", "/archive/99/", "/archive/12345/", "/archive/year/"] {
        browser.get(path).await.assert_status(404);
    }
    // What has no URL is an error, not another page.
    browser.get("/archive/9999/").await.assert_status(500);
}

#[tokio::test]
async fn only_pictures_come_in() {
    let picture = b"\x89PNG\r\n\x1a\n and so on";
    let mut browser = browser(picture_urls());
    browser.post("/picture/").file("picture", "a.png", picture).await.assert_contains("18 bytes");
    for content in ["GIF89a", "\u{89}PNG", "", "%PDF-1.7 and so on"] {
        browser.post("/picture/").file("picture", "a.png", content).await.assert_status(400);
    }
    let other = browser.post("/picture/").file("other", "a.txt", "text").file("picture", "a.png", picture);
    other.await.assert_contains("18 bytes");
    browser.post("/picture/").file("other", "a.png", picture).await.assert_status(400);
}

#[tokio::test]
async fn a_service_sees_the_path_behind_its_prefix() {
    let mut browser = browser(mounted_urls());
    browser.get("/api/version/2").await.assert_contains("/version/2 at testserver");
}
