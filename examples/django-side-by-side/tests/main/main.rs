//! Both sites behind nginx, and a browser that goes from one to the other.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod browser;
mod sites;

use browser::Browser;
use sites::Sites;

// ANCHOR: one_login
#[test]
fn one_login_is_for_both() {
    let sites = Sites::start();
    let mut browser = Browser::new(&sites);
    for (login, logout) in [
        ("/accounts/login/", "/shop/logout/"),
        ("/shop/login/", "/accounts/logout/"),
        ("/accounts/login/", "/accounts/logout/"),
        ("/shop/login/", "/shop/logout/"),
    ] {
        browser.sees("/", "Django: you are nobody.");
        browser.sees("/shop/", "nuages: you are nobody.");

        browser.post(login, login, &[("username", "ada"), ("password", "wrong")]);
        browser.sees("/shop/", "nuages: you are nobody.");
        browser.post(login, login, &[("username", "ada"), ("password", "lovelace")]);
        browser.sees("/", "Django: you are ada, and have bought 0.");
        browser.sees("/shop/", "nuages: you are ada, and have bought 0.");

        browser.post("/shop/", "/shop/buy/", &[]);
        browser.sees("/", "Django: you are ada, and have bought 1.");

        let copy = browser.copy();
        let page = if logout.starts_with("/shop/") { "/shop/" } else { "/" };
        browser.post(page, logout, &[]);
        for browser in [&browser, &copy] {
            browser.sees("/", "Django: you are nobody.");
            browser.sees("/shop/", "nuages: you are nobody.");
        }
    }
}
// ANCHOR_END: one_login
