//! Sessions: the second tutorial's views, and the first one's login.

use std::time::Duration;

use nuages::test::Client;
use nuages::{Application, db};

use crate::{browser, browser_with, settings};

/// One browser for each engine, with the folder that has to stay until the end.
async fn engines() -> Vec<(&'static str, Client<Application>, tempfile::TempDir)> {
    let mut browsers = Vec::new();
    for engine in ["db", "file", "cache", "signed_cookies"] {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings();
        settings.SESSION_ENGINE = engine.to_owned();
        settings.SESSION_FILE_PATH = Some(folder.path().to_str().unwrap().to_owned());
        browsers.push((engine, browser_with(settings).await, folder));
    }
    browsers
}

async fn rows(browser: &Client<Application>) -> u64 {
    let extensions = browser.application().site().extensions();
    let table = extensions.get::<db::Database>().unwrap().sessions();
    let Some(key) = browser.jar().get("sessionid") else { return 0 };
    u64::from(table.exists(key).await.unwrap())
}

#[tokio::test]
async fn set_show_delete() {
    for (engine, mut browser, _folder) in engines().await {
        let answer = browser.get("/delete_session/").await;
        assert_eq!(answer.text(), "There is nothing to delete at present session", "{engine}");
        assert_eq!(answer.set_cookies().count(), 0, "{engine}: a session that nobody used is not kept");
        browser.get("/get_session/").await.assert_status(500).assert_contains("\"test_id\"");

        let answer = browser.get("/set_session/").await;
        assert_eq!(answer.text(), "Set Session", "{engine}");
        answer.assert_set_cookie("sessionid", "; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax");
        answer.assert_header("Vary", "Cookie, Accept");

        let answer = browser.get("/set_session/").await;
        let key = browser.jar().get("sessionid").unwrap().trim_matches('"').to_owned();
        answer.assert_contains(&format!(
            "<div>SessionID : {key}</div><div>Session : TEST</div><div>ExpireTime : 2"
        ));
        assert_eq!(answer.set_cookies().count(), 0, "{engine}: what was not changed is not saved");
        assert_eq!(browser.get("/get_session/").await.text(), "Session : TEST", "{engine}");

        assert_eq!(browser.get("/delete_session/").await.text(), "Session Deleted", "{engine}");
        assert_eq!(
            browser.get("/delete_session/").await.text(),
            "There is nothing to delete at present session",
            "{engine}"
        );
        assert_eq!(browser.get("/set_session/").await.text(), "Set Session", "{engine}");
    }
}

#[tokio::test]
async fn clear_keeps_the_session_and_flush_ends_it() {
    let mut browser = browser().await;
    browser.get("/set_session/").await;
    let key = browser.jar().get("sessionid").unwrap().to_owned();
    assert_eq!(browser.get("/clear_session/").await.text(), "Session cleared");
    assert_eq!(browser.jar().get("sessionid"), Some(&*key), "the client keeps its key");
    assert_eq!(rows(&browser).await, 1);
    assert_eq!(browser.get("/set_session/").await.text(), "Set Session", "the data is gone");

    let answer = browser.get("/flush_session/").await;
    assert_eq!(answer.text(), "Session flushed");
    answer.assert_set_cookie("sessionid", "Max-Age=0");
    assert_eq!(browser.jar().get("sessionid"), None);
    browser.jar_mut().insert("testserver", "sessionid", &key);
    assert_eq!(rows(&browser).await, 0, "the row is gone");
    browser.get("/get_session/").await.assert_status(500);
}

#[tokio::test]
async fn counting() {
    for (engine, mut browser, _folder) in engines().await {
        for visit in 1..=3 {
            assert_eq!(
                browser.get("/count_session/").await.text(),
                format!("Visit number {visit} of this session"),
                "{engine}"
            );
        }
    }
}

#[tokio::test]
async fn login_with_the_test_cookie() {
    for (engine, mut browser, _folder) in engines().await {
        let form = [("username", "guest"), ("password", "")];
        let answer = browser.post("/login/").form(&form).await;
        assert_eq!(answer.text(), "Enable cookies before retrying.", "{engine}: the form was never fetched");
        browser
            .get("/login/")
            .await
            .assert_contains("<form method=\"post\">")
            .assert_set_cookie("sessionid", "=");
        let answer = browser.post("/login/").form(&form).await;
        assert_eq!(answer.text(), "You have logged in successfully.", "{engine}");
        let answer = browser.post("/login/").form(&form).await;
        assert_eq!(answer.text(), "Enable cookies before retrying.", "{engine}: the test cookie is deleted");

        browser.get("/login/").await;
        browser.jar_mut().clear();
        let answer = browser.post("/login/").form(&form).await;
        assert_eq!(answer.text(), "Enable cookies before retrying.", "{engine}: this browser keeps none");
    }
}

#[tokio::test]
async fn set_expiry_in_every_form() {
    // Form, seconds that are left (a moment is a moment: one of them may have passed), ends with the browser.
    let table = [
        ("integer", 300..=300, false),
        ("zero", 1_209_600..=1_209_600, true),
        ("none", 1_209_600..=1_209_600, false),
        ("datetime", 595..=600, false),
        ("timedelta", 3595..=3600, false),
    ];
    for (engine, mut browser, _folder) in engines().await {
        browser.get("/set_session/").await;
        // The policy of the settings is nothing to save, unless there was another one.
        browser.get("/set_expiry/integer/").await;
        for (form, seconds, with_browser) in &table {
            let answer = browser.get(&format!("/set_expiry/{form}/")).await;
            answer.assert_status(200);
            let text = answer.text();
            let left = text.strip_prefix("<div>Ends in ").unwrap().split(' ').next().unwrap();
            assert!(seconds.contains(&left.parse::<i64>().unwrap()), "{engine} {form}: {text}");
            answer.assert_contains(&format!("<div>Ends when the browser is closed : {with_browser}</div>"));
            let line = answer.set_cookie("sessionid").unwrap().into_owned();
            assert_eq!(line.contains("Max-Age"), !with_browser, "{engine} {form}: {line}");
        }
        browser.get("/set_expiry/hourly/").await.assert_status(404);

        browser.get("/set_expiry/zero/").await;
        browser.jar_mut().close_browser();
        assert_eq!(browser.jar().get("sessionid"), None);
        assert_eq!(browser.get("/set_session/").await.text(), "Set Session", "{engine}");
        browser.get("/set_expiry/integer/").await;
        browser.jar_mut().advance(Duration::from_secs(301));
        assert_eq!(browser.get("/set_session/").await.text(), "Set Session", "{engine}");
    }
}

#[tokio::test]
async fn the_text_that_is_stored() {
    let mut browser = browser().await;
    browser.get("/stored_session/").await.assert_contains("There is no session in the database yet");
    browser.get("/set_session/").await;
    let answer = browser.get("/stored_session/").await;
    // b64decode() of the tutorial.
    answer.assert_contains("<pre>eyJ0ZXN0X2lkIjoiVEVTVCJ9:");
    answer.assert_contains("b64decode() :</div><pre>{&quot;test_id&quot;:&quot;TEST&quot;}</pre>");
    answer.assert_contains("is right :</div><pre>{&quot;test_id&quot;:&quot;TEST&quot;}</pre>");
}

#[tokio::test]
async fn an_engine_that_keeps_nothing_in_the_database() {
    let mut settings = settings();
    settings.SESSION_ENGINE = "signed_cookies".to_owned();
    let mut browser = browser_with(settings).await;
    browser.get("/set_session/").await;
    browser.get("/stored_session/").await.assert_contains("There is no session in the database yet");
}
