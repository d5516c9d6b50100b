//! A new project in a real browser: its form, and a page that loads itself again.

use std::path::Path;

use browser::Browser;

use crate::folder::{Folder, ROOT};
use crate::reloading::after;
use crate::server::Server;

#[test]
fn a_form_a_mistake_and_its_end() {
    let folder = Folder::with_project("browser");
    let server = Server::start(&folder);
    assert_eq!(server.get_site().status, 200);
    let browser = Browser::start(Path::new(ROOT).join("target/screenshots")).unwrap();
    browser.open(&server.url()).unwrap();
    browser.screenshot("new-project").unwrap();
    browser.find("input[name=name]").unwrap().type_in("Ada").unwrap();
    browser.find("button").unwrap().click().unwrap();
    browser.wait_for("Hello, Ada!").unwrap();
    browser.wait_for("Your visits so far: 2").unwrap();
    browser.screenshot("new-project-message").unwrap();

    let (view, good, bad) = ("site/src/views.rs", "saturating_add(1)", "saturating_add(\"<b>one</b>\")");
    after(&folder, &server, view, good, bad, 500, "mismatched types");
    browser.open(&server.url()).unwrap();
    browser.wait_for("saturating_add(\"<b>one</b>\")").unwrap();
    browser.screenshot("new-project-mistake").unwrap();
    // From here on nobody touches the browser.
    after(&folder, &server, view, bad, "saturating_add(5)", 200, "<strong>5</strong>");
    browser.wait_for("Your visits so far: 7").unwrap();
    let settings = "site/settings.toml";
    after(&folder, &server, settings, "DEBUG = true", "DEBUGG = true", 500, "did you mean DEBUG?");
    browser.open(&server.url()).unwrap();
    browser.wait_for("unknown setting DEBUGG; did you mean DEBUG?").unwrap();
    after(&folder, &server, settings, "DEBUGG = true", "DEBUG = true", 200, "<strong>5</strong>");
    browser.wait_for("Your visits so far: 12").unwrap();
}
