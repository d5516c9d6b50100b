//! Cookies: the first tutorial's views, then the second's.

use std::time::Duration;

use crate::browser;

#[tokio::test]
async fn the_first_versions() {
    let mut browser = browser().await;
    let absent = browser.get("/first/get/cookie").await;
    absent.assert_status(500).assert_contains("\"codeunderscored\"");

    let answer = browser.get("/first/set/cookie").await;
    answer.assert_status(200).assert_set_cookie("codeunderscored", "=\" Here is your Cookies\"; Path=/");
    assert_eq!(answer.text(), "Codeunderscored Django Cookie Tutorial");
    assert!(!answer.set_cookie("codeunderscored").unwrap().contains("Max-Age"));

    let answer = browser.get("/first/get/cookie").await;
    assert_eq!(answer.text(), " New Page Here is your Cookies");
    browser.jar_mut().close_browser();
    browser.get("/first/get/cookie").await.assert_status(500);
}

// ANCHOR: test
#[tokio::test]
async fn visits_are_counted() {
    let mut browser = browser().await;
    browser.get("/get/cookie").await.assert_status(302).assert_redirects("/set/cookie");
    let answer = browser.get("/get/cookie").follow().await;
    assert_eq!(
        (answer.path(), &*answer.text()),
        ("/set/cookie", " Codeunderscored Django Cookies Tutorial ")
    );
    answer.assert_set_cookie("visits", "=1; Path=/");
    answer.assert_set_cookie("codeunderscored", "=\"Welcome for the first time\"; Path=/");

    let answer = browser.get("/get/cookie").await;
    assert_eq!(answer.text(), " Welcome for the first time You have requested this page 1 times ");
    answer.assert_set_cookie("visits", "=2; Path=/");
    let answer = browser.get("/set/cookie").await;
    answer.assert_set_cookie("visits", "=3;").assert_set_cookie("codeunderscored", "=\"Welcome Back\";");
    let answer = browser.get("/get/cookie").await;
    assert_eq!(answer.text(), " Welcome Back You have requested this page 3 times ");
}
// ANCHOR_END: test

#[tokio::test]
async fn what_a_browser_may_send_instead_of_a_number() {
    for (sent, next) in [
        ("lots", None),
        ("", None),
        ("-1", None),
        ("1e3", None),
        ("4294967296", None),
        ("4294967295", Some("4294967295")),
    ] {
        let mut browser = browser().await;
        browser.jar_mut().insert("testserver", "visits", sent);
        let answer = browser.get("/get/cookie").await;
        match next {
            Some(next) => answer.assert_set_cookie("visits", &format!("={next};")),
            None => answer.assert_redirects("/set/cookie"),
        };
    }
}

#[tokio::test]
async fn answers_escape_what_the_browser_sent() {
    let mut browser = browser().await;
    for name in ["codeunderscored", "Django-Cookie-Tutorial", "test", "key"] {
        browser.jar_mut().insert("testserver", name, "<script>");
    }
    browser.jar_mut().insert("testserver", "visits", "7");
    for path in ["/first/get/cookie", "/get/cookie", "/g/cookie", "/get_cookie/", "/check_expires/"] {
        let answer = browser.get(path).header("Accept", "text/html").await;
        answer.assert_status(200).assert_contains("&lt;script&gt;").assert_not_contains("<script>");
    }
}

#[tokio::test]
async fn visits_are_deleted() {
    let mut browser = browser().await;
    let answer = browser.get("/delete/cookie").await;
    assert_eq!(answer.text(), " codeunderscored need to create cookie before deleting");
    assert_eq!(answer.set_cookies().count(), 0);
    browser.get("/set/cookie").await;
    let answer = browser.get("/delete/cookie").await;
    assert_eq!(answer.text(), " codeunderscored Cookie deleted ");
    answer.assert_set_cookie("visits", "expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/");
    assert_eq!(browser.jar().get("visits"), None);
    browser.get("/get/cookie").await.assert_redirects("/set/cookie");
}

#[tokio::test]
async fn setcookie_and_getcookie() {
    let mut browser = browser().await;
    browser.get("/g/cookie").await.assert_status(500).assert_contains("Django-Cookie-Tutorial");
    let answer = browser.get("/s/cookie").await;
    assert_eq!(answer.text(), "Cookie Set");
    answer.assert_set_cookie("Django-Cookie-Tutorial", "=\"\"; Path=/");
    assert_eq!(browser.get("/g/cookie").await.text(), "Codeunderscored Articles @: ");
}

#[tokio::test]
async fn the_second_tutorial() {
    let mut browser = browser().await;
    assert_eq!(browser.get("/get_cookie/").await.text(), "Cookie Value is:None");
    let answer = browser.get("/set_cookie/").await;
    assert_eq!(answer.text(), "This is about cookie Test of");
    answer.assert_set_cookie("test", "=\"hello cookie\"; Path=/");
    for path in ["/get_cookie/", "/check_cookie/"] {
        assert_eq!(browser.get(path).await.text(), "Cookie Value is:hello cookie");
    }
    browser
        .get("/delete_cookie/")
        .await
        .assert_redirects("/check_cookie/")
        .assert_set_cookie("test", "Max-Age=0");
    assert_eq!(browser.get("/check_cookie/").await.text(), "Cookie Value is:None");
    let answer = browser.get("/delete_cookie/").follow().await;
    assert_eq!((answer.path(), &*answer.text()), ("/check_cookie/", "Cookie Value is:None"));
}

#[tokio::test]
async fn a_slash_that_was_forgotten() {
    let mut browser = browser().await;
    browser.get("/check_cookie").await.assert_status(301).assert_redirects("/check_cookie/");
}

#[tokio::test]
async fn ten_seconds() {
    let mut browser = browser().await;
    let answer = browser.get("/set_expires/").await;
    answer.assert_contains("Set until ");
    let line = answer.set_cookie("key").unwrap();
    // What is left of ten seconds is cut to whole ones.
    assert!(line.contains("Max-Age=9;") || line.contains("Max-Age=10;"), "{line}");
    browser.get("/check_expires/").await.assert_contains("The browser still sends key=value");
    browser.jar_mut().advance(Duration::from_secs(11));
    browser.get("/check_expires/").await.assert_contains("does not send the cookie any more");
}

#[tokio::test]
async fn attributes() {
    let mut browser = browser().await;
    let answer = browser.get("/set_attributes/").await;
    let line = answer.set_cookie("attributes").unwrap();
    assert!(line.starts_with("attributes=\"all of them\"; expires="), "{line}");
    assert!(line.ends_with("; HttpOnly; Max-Age=3600; Path=/set_attributes/; SameSite=Lax"), "{line}");
    let page = browser.get("/set_attributes/").header("Accept", "text/html").await;
    page.assert_contains("<dt>attributes</dt><dd><code>all of them</code></dd>");
    let page = browser.get("/").header("Accept", "text/html").await;
    page.assert_not_contains("<dt>attributes</dt>");
}

#[tokio::test]
async fn signed() {
    let mut browser = browser().await;
    let answer = browser.get("/check_salt_cookie/").await;
    assert_eq!(answer.text(), "Setting up a salt Cookie value");
    answer.assert_set_cookie("salt_cookie", "=\"hello salt cookie:");
    let answer = browser.get("/check_salt_cookie/").await;
    assert_eq!(answer.text(), "Obtained salt Cookie value:hello salt cookie");
    assert_eq!(answer.set_cookies().count(), 0);

    browser.get("/forge_salt_cookie/").await.assert_status(200);
    browser.get("/check_salt_cookie/").await.assert_status(400).assert_contains("was not signed");
    browser.get("/delete_salt_cookie/").await.assert_set_cookie("salt_cookie", "Max-Age=0");
    assert_eq!(browser.get("/check_salt_cookie/").await.text(), "Setting up a salt Cookie value");
    assert_eq!(
        browser.get("/check_salt_cookie/").await.text(),
        "Obtained salt Cookie value:hello salt cookie"
    );
}

#[tokio::test]
async fn another_secret_key_reads_nothing() {
    let mut first = browser().await;
    first.get("/check_salt_cookie/").await;
    let line = first.jar().get("salt_cookie").unwrap().to_owned();
    let mut settings = crate::settings();
    settings.SECRET_KEY = "another key for tests".into();
    let mut second = crate::browser_with(settings).await;
    second.jar_mut().insert("testserver", "salt_cookie", &line);
    second.get("/check_salt_cookie/").await.assert_status(400);
}
