//! What the list says, when, and how often.

use nuages::prelude::*;
use nuages::test::{self, Client};
use nuages::{Application, MessageTag};

fn browser(level: i64) -> Client<Application> {
    let settings = Settings {
        SESSION_ENGINE: "cache".into(),
        MESSAGE_LEVEL: level,
        MESSAGE_TAGS: vec![MessageTag { level: 27, tag: "party".to_owned() }],
        ..test::settings()
    };
    Client::new(crate::app(settings).build().unwrap())
}

// ANCHOR: test
#[tokio::test]
async fn each_change_is_told_once() {
    let mut browser = browser(20);
    for (chore, expected) in [
        ("<Sweep>", "<p role=\"status\" class=\"success\">&lt;Sweep&gt; is on the list.</p>"),
        ("<Sweep>", "<p role=\"status\" class=\"warning\">&lt;Sweep&gt; was on the list before.</p>"),
        (" ", "<p role=\"status\" class=\"error\">A chore needs a name.</p>"),
    ] {
        let page = browser.post("/add/").form(&[("chore", chore)]).follow().await;
        page.assert_contains(expected).assert_not_contains("characters");
        browser.get("/").await.assert_not_contains("role=\"status\"");
    }
    let page = browser.post("/done/0/").follow().await;
    page.assert_contains("class=\"info\">&lt;Sweep&gt; is done.");
    page.assert_contains("class=\"large party\">Nothing left to do: <b>hooray!</b>");
    browser.post("/done/0/").await.assert_status(404);
}
// ANCHOR_END: test

#[tokio::test]
async fn messages_wait_until_a_page_shows_them() {
    let mut browser = browser(20);
    browser.post("/add/").form(&[("chore", "Sweep")]).await.assert_redirects("/");
    browser.post("/add/").form(&[("chore", "Mop")]).await;
    assert!(browser.jar().get("messages").is_some(), "in a signed cookie, so that no session is needed");
    browser.get("/").await.assert_contains("Sweep is on the list.").assert_contains("Mop is on the list.");
    assert_eq!(browser.jar().get("messages"), None);
}

#[tokio::test]
async fn the_level_is_a_setting() {
    let mut browser = browser(10);
    let page = browser.post("/add/").form(&[("chore", "Sweep")]).follow().await;
    page.assert_contains("class=\"debug\">5 characters");
}
