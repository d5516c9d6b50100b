//! What is taken for a voucher, and what is not.

use nuages::prelude::*;
use nuages::signing::Clock;
use nuages::test::{self, Client};
use nuages::{Application, chrono::Utc};

use crate::views::SALT;

fn browser(key: &str, fallbacks: &[&str]) -> Client<Application> {
    let settings = Settings {
        SECRET_KEY: key.into(),
        SECRET_KEY_FALLBACKS: fallbacks.iter().map(|key| (*key).into()).collect(),
        ..test::settings()
    };
    Client::new(crate::app(settings).build().unwrap())
}

#[tokio::test]
async fn a_voucher_counts() {
    let mut browser = browser("key", &[]);
    browser.get("/").await.assert_contains("200 €, because you have no voucher");
    browser.get("/voucher/25/").follow().await.assert_contains("150 €, because your voucher is good");
    browser.get("/voucher/51/").await.assert_status(404);
    assert!(browser.jar().get("voucher").unwrap().starts_with("25:"), "anybody can read it");
}

#[tokio::test]
async fn a_forged_one_does_not() {
    let mut browser = browser("key", &[]);
    browser.get("/voucher/10/").await;
    browser.get("/tamper/").follow().await.assert_contains("200 €, because this voucher is not from us");
    assert_eq!(browser.jar().get("voucher"), None, "it was deleted");
}

// ANCHOR: salt
#[tokio::test]
async fn a_signature_is_for_one_name_and_one_salt() {
    let mut browser = browser("key", &[]);
    let signer = browser.application().site().cookie_signer().clone();
    for (name, salt, expected) in [
        ("voucher", SALT, "100 €, because your voucher is good"),
        ("voucher", "", "200 €, because this voucher is not from us"),
        ("percent", SALT, "200 €, because this voucher is not from us"),
    ] {
        let value = signer.sign(name, salt, "50");
        browser.jar_mut().insert("testserver", "voucher", &value);
        browser.get("/").await.assert_contains(expected);
    }
}
// ANCHOR_END: salt

// ANCHOR: age
#[tokio::test]
async fn a_voucher_is_good_for_an_hour() {
    let mut browser = browser("key", &[]);
    let signer = browser.application().site().cookie_signer().clone();
    let now = Utc::now().timestamp() as f64;
    for (age, expected) in [(3590.0, "your voucher is good"), (3610.0, "your voucher has expired")] {
        let value = signer.clone().clock(Clock::at(now - age)).sign("voucher", SALT, "10");
        browser.jar_mut().insert("testserver", "voucher", &value);
        browser.get("/").await.assert_contains(expected);
    }
}
// ANCHOR_END: age

// ANCHOR: rotation
#[tokio::test]
async fn an_old_key_is_read_until_it_is_taken_away() {
    let mut before = browser("old key", &[]);
    before.get("/voucher/10/").await;
    let value = before.jar().get("voucher").unwrap().to_owned();
    for (fallbacks, expected) in [(&["old key"] as &[_], "your voucher is good"), (&[], "not from us")] {
        let mut after = browser("new key", fallbacks);
        after.jar_mut().insert("testserver", "voucher", &value);
        after.get("/").await.assert_contains(expected);
    }
}
// ANCHOR_END: rotation
