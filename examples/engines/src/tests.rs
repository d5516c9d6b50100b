//! The same visitor on each engine.

use nuages::db::Database;
use nuages::prelude::*;
use nuages::sessions::EngineName;
use nuages::test::{self, Client};

const ENGINES: [EngineName; 5] =
    [EngineName::Db, EngineName::CachedDb, EngineName::Cache, EngineName::File, EngineName::SignedCookies];

// ANCHOR: test
#[tokio::test]
async fn every_engine_counts_and_forgets() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let settings = Settings {
            SESSION_ENGINE: engine.as_str().to_owned(),
            SESSION_FILE_PATH: Some(folder.path().display().to_string()),
            ..test::settings()
        };
        let application = crate::app(settings).build().unwrap();
        if let Some(database) = application.site().extensions().get::<Database>() {
            database.migrate().await.unwrap();
        }
        let mut browser = Client::new(application);
        for visit in 1..=3 {
            let page = browser.get("/").await;
            page.assert_contains(&format!("Visit number {visit}, kept by {}:", engine.as_str()));
        }
        let copied = browser.jar().get("sessionid").unwrap().to_owned();
        browser.get("/forget/").await.assert_status(405);
        browser.post("/forget/").follow().await.assert_contains("Visit number 1,");

        // Who has copied the cookie before the visitor was forgotten:
        browser.jar_mut().insert("testserver", "sessionid", &copied);
        let number = if engine == EngineName::SignedCookies { 4 } else { 1 };
        browser.get("/").await.assert_contains(&format!("Visit number {number},"));
    }
}
// ANCHOR_END: test
