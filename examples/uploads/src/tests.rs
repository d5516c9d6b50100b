//! What is hung up, what is skipped, what is refused, and how far it is.

use nuages::Application;
use nuages::test::{self, Client};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";
const UPLOAD: &str = "0c2f3a44-7d0c-4f7e-8a43-0d8b1f3a9c55";

fn browser() -> Client<Application> {
    Client::new(crate::app(test::settings()).build().unwrap())
}

// ANCHOR: test
#[tokio::test]
async fn pictures_are_hung_up_and_the_rest_is_skipped() {
    let mut browser = browser();
    let form = browser.post("/").file("picture", "<sun>.png", PNG).file("picture", "moon.png", "#!/bin/sh");
    let page = form.follow().await;
    page.assert_contains("alt=\"&lt;sun&gt;.png\"").assert_not_contains("moon.png");
    let address = page.text().split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let picture = browser.get(&address).await;
    picture.assert_header("content-type", "image/png").assert_header("x-content-type-options", "nosniff");
    assert_eq!(&picture.body()[..], PNG);
}
// ANCHOR_END: test

#[tokio::test]
async fn a_picture_may_have_five_mebibytes() {
    for (size, status) in [(5 << 20, 302), ((5 << 20) + 1, 400)] {
        let mut content = PNG.to_vec();
        content.resize(size, 0);
        browser().post("/").file("picture", "large.png", content).await.assert_status(status);
    }
}

#[tokio::test]
async fn an_upload_tells_how_far_it_is() {
    let mut browser = browser();
    browser.get(&format!("/progress/{UPLOAD}/")).await.assert_status(404);
    let form = browser.post(&format!("/?upload={UPLOAD}")).file("picture", "sun.png", PNG);
    form.await.assert_status(302);
    let progress: Value = browser.get(&format!("/progress/{UPLOAD}/")).await.json();
    assert_eq!(progress["received"], json!(PNG.len()));
}

#[tokio::test]
async fn a_form_needs_its_token() {
    let mut browser = browser().enforce_csrf_checks();
    browser.post("/").file("picture", "sun.png", PNG).await.assert_status(403);
}
