//! The pages around the answers.

use crate::{browser, settings};

const HTML: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn the_index_links_every_view() {
    let mut browser = browser().await;
    for index in ["/", "/index/"] {
        let page = browser.get(index).header("Accept", HTML).await;
        page.assert_status(200).assert_header("content-type", "text/html; charset=utf-8");
        for lesson in tutorial::CHAPTERS.iter().flat_map(|chapter| chapter.lessons) {
            page.assert_contains(&format!("<a href=\"/{}\">", lesson.path));
        }
    }
    for lesson in tutorial::CHAPTERS.iter().flat_map(|chapter| chapter.lessons) {
        // Each leads somewhere; what reads a cookie that is not there may say so.
        assert_ne!(browser.get(&format!("/{}", lesson.path)).await.status(), 404, "{}", lesson.path);
    }
    let routes = browser.application().resolver().routes().count();
    let forms_of_expiry = 5;
    let lessons: usize = tutorial::CHAPTERS.iter().map(|chapter| chapter.lessons.len()).sum();
    // The start page is a route and no lesson; set_expiry is one route with five lessons.
    assert_eq!(routes, 1 + lessons - forms_of_expiry + 1);
}

#[tokio::test]
async fn a_page_says_what_was_sent_and_what_was_set() {
    let mut browser = browser().await;
    let page = browser.get("/set_session/").header("Accept", HTML).await;
    page.assert_contains("<p class=\"none\">no cookies</p>");
    let line = page.set_cookie("sessionid").unwrap();
    page.assert_contains(&format!("<pre>Set-Cookie: {line}</pre>"));
    page.assert_contains("<section class=\"answer\">Set Session</section>");
    assert_eq!(page.header("content-length").map(|length| length.parse::<usize>()), None);

    let key = browser.jar().get("sessionid").unwrap().to_owned();
    let page = browser.get("/set_session/?a=<b>").header("Accept", HTML).await;
    page.assert_contains(&format!("<dt>sessionid</dt><dd><code>{key}</code></dd>"));
    page.assert_contains("GET /set_session/?a=").assert_not_contains("<b>");
}

#[tokio::test]
async fn programs_get_the_bare_answer() {
    let mut browser = browser().await;
    let answer = browser.get("/s/cookie").header("Accept", "*/*").await;
    assert_eq!(answer.text(), "Cookie Set");
    answer.assert_header("vary", "Accept").assert_header("content-length", "10");
}

#[tokio::test]
async fn errors_tell_more_in_debug_mode_only() {
    let mut browser = browser().await;
    let page = browser.get("/g/cookie").header("Accept", HTML).await;
    page.assert_status(500).assert_contains("Django-Cookie-Tutorial").assert_contains("cookies.rs");

    let mut settings = settings();
    settings.DEBUG = false;
    let mut browser = crate::browser_with(settings).await;
    let page = browser.get("/g/cookie").header("Accept", HTML).await;
    page.assert_status(500).assert_not_contains("Django-Cookie-Tutorial").assert_not_contains("cookies.rs");
}

#[tokio::test]
async fn each_page_leads_to_the_next() {
    let lessons: Vec<&str> =
        tutorial::CHAPTERS.iter().flat_map(|chapter| chapter.lessons).map(|lesson| lesson.path).collect();
    let mut browser = browser().await;
    let mut visited = Vec::new();
    // Skips what is an error without its cookie, and what redirects.
    for path in &lessons {
        let page = browser.get(&format!("/{path}")).header("Accept", HTML).follow().await;
        if page.status() != 200 || page.path() == "/index/" {
            continue;
        }
        let at = lessons.iter().position(|lesson| page.path() == format!("/{lesson}")).unwrap();
        assert!(visited.last().is_none_or(|before| at >= *before), "{} leads back", page.path());
        if let Some(next) = lessons.get(at + 1) {
            page.assert_contains(&format!("<a href=\"/{next}\">{next} →</a>"));
        }
        visited.push(at);
    }
    assert!(visited.len() > 20);
}
