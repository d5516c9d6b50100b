//! The site and the router, asked by one browser.

use nuages::Application;
use nuages::prelude::*;
use nuages::test::{self, Client};
use serde_json::{Value, json};

fn browser() -> Client<Application> {
    let settings = Settings { SESSION_ENGINE: "cache".into(), ..test::settings() };
    Client::new(crate::app(settings).build().unwrap())
}

// ANCHOR: test
#[tokio::test]
async fn the_router_knows_who_asks() {
    let mut browser = browser();
    let book = json!({"title": "Notes on the Analytical Engine"});
    browser.post("/api/books").json(&book).await.assert_status(401);
    browser.post("/").form(&[("name", "Ada")]).follow().await.assert_contains("Welcome, Ada");
    browser.post("/api/books").json(&book).await.assert_status(201);
    let books: Value = browser.get("/api/books").await.json();
    assert_eq!(books, json!([{"title": "Notes on the Analytical Engine", "lent_by": "Ada"}]));
}
// ANCHOR_END: test

#[tokio::test]
async fn what_the_router_refuses_is_its_own_answer() {
    let mut browser = browser();
    browser.get("/api/books/0").await.assert_status(404);
    browser.get("/api/books/none").await.assert_status(400);
    browser.get("/api/shelves").await.assert_status(404);
    browser.put("/api/books").await.assert_status(405).assert_header("allow", "GET,HEAD,POST");
}

#[tokio::test]
async fn the_middleware_of_the_site_is_around_it() {
    let mut browser = browser().enforce_csrf_checks();
    browser.get("/").await;
    let book = json!({"title": "Notes"});
    browser
        .post("/api/books")
        .json(&book)
        .await
        .assert_status(403)
        .assert_contains("too old, or was not from this site");
    let token = browser.jar().get("csrftoken").unwrap().to_owned();
    browser.post("/api/books").header("X-CSRFToken", &token).json(&book).await.assert_status(401);
    browser.get("/api/books").await.assert_header("x-content-type-options", "nosniff");
}
