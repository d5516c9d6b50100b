//! The tutorial site in a browser: logging in, a message that is shown once, an upload with its progress, a form without its
//! token, the page of an error.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use browser::Browser;
use nuages::db::Database;
use nuages::prelude::*;
use nuages::server::{Address, Server};
use tempfile::TempDir;

/// The site, on a port of its own.
struct Site {
    root: String,
    folder: TempDir,
    _runtime: tokio::runtime::Runtime,
}

impl Site {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings {
            SECRET_KEY: "a key for the browser's tests".into(),
            DEBUG: true,
            FILE_UPLOAD_TEMP_DIR: Some(folder.path().display().to_string()),
            ..Settings::default()
        };
        let database = format!("sqlite:///{}/db.sqlite3", folder.path().display());
        settings.set_text("DATABASE_URL", &database).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let root = runtime.block_on(async {
            let application = tutorial::app(settings, Some(SessionMiddleware::new())).build().unwrap();
            application.site().extensions().get::<Database>().unwrap().migrate().await.unwrap();
            let bound = Server::new().bind("127.0.0.1:0".parse::<Address>().unwrap()).unwrap();
            let Address::Tcp(address) = *bound.local_addr() else { panic!("not a TCP server") };
            tokio::spawn(bound.serve(application, std::future::pending::<()>()));
            format!("http://{address}")
        });
        Self { root, folder, _runtime: runtime }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}

fn browser() -> Browser {
    Browser::start(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots")).unwrap()
}

#[test]
fn a_visitor_logs_in_and_sees_a_message_once() {
    let (site, browser) = (Site::start(), browser());
    browser.open(&site.url("/login/")).unwrap();
    browser.find("input[name=password]").unwrap().type_in("correct horse").unwrap();
    browser.screenshot("login").unwrap();
    browser.find("button").unwrap().click().unwrap();
    browser.wait_for("You have logged in successfully.").unwrap();
    browser.screenshot("logged-in").unwrap();

    browser.open(&site.url("/add_message/")).unwrap();
    assert_eq!(browser.url().unwrap(), site.url("/show_messages/"));
    browser.wait_for("Your message was kept for the next page.").unwrap();
    browser.screenshot("message").unwrap();
    browser.open(&site.url("/show_messages/")).unwrap();
    browser.wait_for("There are no messages").unwrap();
    assert!(!browser.text().unwrap().contains("Your message was kept"));
}

#[test]
fn a_form_without_its_token_is_refused() {
    let (site, browser) = (Site::start(), browser());
    browser.open(&site.url("/login/")).unwrap();
    browser.script("document.querySelector('[name=csrfmiddlewaretoken]').remove()").unwrap();
    browser.find("button").unwrap().click().unwrap();
    browser.wait_for("CSRF token missing.").unwrap();
    browser.screenshot("refused").unwrap();
    // A wrong one is none, and neither is that of a browser whose cookie is gone.
    browser.open(&site.url("/login/")).unwrap();
    browser.script("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)").unwrap();
    browser.find("button").unwrap().click().unwrap();
    browser.wait_for("CSRF token from POST incorrect.").unwrap();
    browser.open(&site.url("/login/")).unwrap();
    browser.script("document.cookie = 'csrftoken=; Max-Age=0; Path=/'").unwrap();
    browser.find("button").unwrap().click().unwrap();
    browser.wait_for("CSRF cookie not set.").unwrap();
}

#[test]
fn an_upload_shows_its_progress() {
    let (site, browser) = (Site::start(), browser());
    let file = site.folder.path().join("large file.txt");
    std::fs::write(&file, "a line of text\n".repeat(800_000)).unwrap();
    browser.open(&site.url("/upload/")).unwrap();
    browser.throttle(6_000_000).unwrap();
    browser
        .script(
            "window.seen = []; new MutationObserver(() => seen.push(document.querySelector('progress').value))\
             .observe(document.querySelector('output'), {childList: true, characterData: true, subtree: true})",
        )
        .unwrap();
    browser.find("input[type=file]").unwrap().type_in(&file).unwrap();
    browser.find("button").unwrap().click().unwrap();
    browser.wait_for("% of 12.0 MB").unwrap();
    browser.screenshot("uploading").unwrap();
    browser.wait_for("large file.txt: 12000000 bytes, 800000 lines, kept in a temporary file.").unwrap();
    browser.screenshot("uploaded").unwrap();

    let seen = browser.script("return window.seen").unwrap();
    let seen: Vec<f64> = seen.as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).collect();
    let between = seen.iter().filter(|value| **value > 0.0 && **value < 1.0).count();
    assert!(between >= 3, "the bar jumped: {seen:?}");
    assert!(seen.is_sorted() && seen.last() == Some(&1.0), "{seen:?}");
    // Nothing is left of it.
    let left = std::fs::read_dir(site.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| !name.to_string_lossy().starts_with("db.sqlite3")).collect();
    assert_eq!(left, ["large file.txt"]);
}

#[test]
fn the_page_of_an_error_is_readable() {
    let (site, browser) = (Site::start(), browser());
    browser.open(&site.url("/set_attributes/")).unwrap();
    browser.open(&site.url("/no/such/page?token=hunter2hunter2&page=2")).unwrap();
    browser.wait_for("Patterns that were tried").unwrap();
    assert!(!browser.text().unwrap().contains("hunter2"));
    browser.screenshot("not-found").unwrap();
    browser.open(&site.url("/get_session/")).unwrap();
    browser.wait_for("the session has no value named").unwrap();
    let page = browser.text().unwrap();
    assert!(page.contains("sessions.rs:") && page.contains("Cookies that the browser sent"), "{page}");
    browser.screenshot("failed").unwrap();
    // Nothing overflows a narrow screen.
    let overflow = "document.documentElement.style.width = '360px'; document.body.style.width = '360px'; \
                    return document.body.scrollWidth";
    assert!(browser.script(overflow).unwrap().as_f64().unwrap() <= 380.0);
    // What was folded can be opened without script, and hides what is secret.
    browser.find("details summary").unwrap().click().unwrap();
    assert!(!browser.text().unwrap().contains("a key for the browser's tests"));
}
