//! Signed cookies, as Django signs and reads them.

use nuages_cookies::{CookieSigner, ResponseCookies, SignedCookieError};
use nuages_signing::{Clock, SecretKeys};

use crate::{rows, vectors};

const KEY: &str = "conformance-secret-key";

#[test]
fn the_shared_vectors_agree() {
    let file = vectors!("signed_cookies");
    for row in rows(&file, "cookies") {
        let text = |name: &str| row[name].as_str().unwrap();
        let (key, salt, value, signed) = (text("key"), text("salt"), text("value"), text("signed"));
        let clock = Clock::at(row["at"].as_f64().unwrap());
        let signer = CookieSigner::new(KEY).clock(clock.clone());
        assert_eq!(signer.sign(key, salt, value), signed);
        assert_eq!(signer.unsign(key, salt, signed, Some(0.into())).as_deref(), Ok(value));

        let legacy = text("legacy_signed");
        assert_eq!(signer.unsign(key, salt, legacy, None), Err(SignedCookieError::BadSignature));
        let forgiving = signer.legacy_salt_fallback(true);
        assert_eq!(forgiving.unsign(key, salt, legacy, None).as_deref(), Ok(value));

        let mut cookies = ResponseCookies::default();
        cookies.set_signed(key, value).salt(salt).clock(clock);
        assert_eq!(cookies.get(key).map(|cookie| (cookie.value(), cookie.is_signed())), Some((value, true)));
        cookies
            .write(&CookieSigner::new(KEY), |header| {
                assert_eq!(header, format!("{key}={}; Path=/", text("coded")))
            })
            .unwrap();
    }
}

#[test]
fn our_recorded_readings_agree() {
    let file = vectors!("django_cookies");
    let keys = SecretKeys::new(KEY).fallbacks(["old key", "older key"]);
    for row in rows(&file, "signed") {
        let text = |name: &str| row[name].as_str().unwrap();
        let signer = CookieSigner::new(&keys)
            .legacy_salt_fallback(row["legacy"].as_bool().unwrap())
            .clock(Clock::at(row["now"].as_f64().unwrap()));
        let max_age = row["max_age"].as_f64().map(Into::into);
        let expected = match row["error"].as_str() {
            None => Ok(text("value").to_owned()),
            Some("BadSignature") => Err(SignedCookieError::BadSignature),
            Some("SignatureExpired") => Err(SignedCookieError::SignatureExpired),
            Some(other) => panic!("{other}"),
        };
        assert_eq!(signer.unsign(text("name"), text("salt"), text("signed"), max_age), expected, "{row}");
    }
}

#[test]
fn an_empty_fallback_key_opens_nothing() {
    let signed = CookieSigner::new("").sign("s", "", "v");
    let signer = CookieSigner::new(SecretKeys::new("key").fallbacks(["", "old"]));
    assert_eq!(signer.unsign("s", "", &signed, None), Err(SignedCookieError::BadSignature));
    let old = CookieSigner::new("old").sign("s", "", "v");
    assert_eq!(signer.unsign("s", "", &old, None).as_deref(), Ok("v"));
    assert_ne!(signer.sign("s", "", "v"), old);
}

#[test]
fn setting_again_without_a_signature_is_unsigned() {
    let mut cookies = ResponseCookies::default();
    cookies.set_signed("s", "secret").salt("x").http_only(true);
    cookies.set("s", "plain");
    let mut headers = Vec::new();
    cookies.write(&CookieSigner::new(KEY), |header| headers.push(header)).unwrap();
    assert_eq!(headers, ["s=plain; HttpOnly; Path=/"]);
}

// Case 284 of the attack list.
#[test]
fn debug_shows_no_key_and_no_value() {
    let mut cookies = ResponseCookies::default();
    cookies.set_signed("s", "hush-value").salt("x");
    let signer = CookieSigner::new("hush-key");
    cookies.write(&signer, |_| ()).unwrap();
    let shown = format!("{signer:?} {cookies:?}");
    assert!(shown.contains("\"s\"") && !shown.contains("hush"), "{shown}");
}
