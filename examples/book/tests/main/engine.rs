//! The session engine of the book keeps every promise.

use book_snippets::{MemoryStore, memory_app};
use nuages::test::{self, Client};

// ANCHOR: suite
use nuages::sessions::{SessionConfig, SessionEngine, suite};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_every_promise() {
    let engine = SessionEngine::new(MemoryStore::default(), SessionConfig::default(), "a key");
    suite::check(&engine).await.unwrap();
}
// ANCHOR_END: suite

#[tokio::test]
async fn a_site_runs_on_it() {
    let mut browser = Client::new(memory_app(test::settings()).build().unwrap());
    for visit in 1..=3 {
        assert_eq!(browser.get("/").await.text(), format!("visit {visit}"));
    }
    browser.jar_mut().clear();
    assert_eq!(browser.get("/").await.text(), "visit 1");
}
