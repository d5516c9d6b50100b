//! The site with SessionMiddleware left out.

use nuages::test::Client;

use crate::settings;

#[tokio::test]
async fn the_error_says_what_to_add() {
    let mut browser = Client::new(tutorial::app(settings(), None).build().unwrap());
    for path in ["/set_session/", "/login/", "/flush_session/", "/set_expiry/zero/"] {
        let page = browser.get(path).header("Accept", "text/html").await;
        page.assert_status(500).assert_contains("SessionMiddleware must be installed");
        page.assert_contains("add .middleware(SessionMiddleware::new()) to the App");
    }
}

#[tokio::test]
async fn cookies_work_as_before() {
    let mut browser = Client::new(tutorial::app(settings(), None).build().unwrap());
    browser.get("/set/cookie").await.assert_status(200);
    browser.get("/get/cookie").await.assert_contains("You have requested this page 1 times");
    browser.get("/check_salt_cookie/").await.assert_status(200);
}
