//! Signed cookies that were tampered with (cases 275 to 282).

use std::hint::black_box;
use std::time::Instant;

use nuages::prelude::*;
use nuages_signing::{Algorithm, SecretKeys, Signer, TimestampSigner, constant_time_compare};
use rand::RngExt;

use crate::client::{Reply, get, visit};
use crate::long::times;
use crate::running::{Running, SECRET_KEY, settings};

async fn sign(site: &Running, name: &str, salt: &str, value: &str) -> String {
    let reply = get(site.address, &format!("/signed/set?name={name}&salt={salt}&value={value}"), "").await;
    reply.cookie().unwrap().split_once('=').unwrap().1.to_owned()
}

/// What the view says to a cookie of this name.
async fn read(site: &Running, query: &str, name: &str, signed: &str) -> Reply {
    let cookie = if signed.is_empty() { String::new() } else { format!("{name}={signed}") };
    visit(site.address, &format!("/signed/get?{query}"), &cookie).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tampered_values_are_refused() {
    let site = Running::new("cache").await;
    let signed = sign(&site, "cart", "s", "42").await;
    let good = read(&site, "name=cart&salt=s", "cart", &signed).await;
    assert_eq!((good.status(), good.body()), (200, "42"));
    assert_eq!(read(&site, "name=cart&salt=s", "cart", "").await.status(), 404);
    // Case 275: every character changed.
    for index in 0..signed.len() {
        let mut bytes = signed.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(bytes).unwrap();
        let reply = read(&site, "name=cart&salt=s", "cart", &forged).await;
        assert_eq!((reply.status(), reply.body()), (403, "BadSignature"), "case 275: {index}");
    }
    // Case 276.
    let without_time = Signer::new(SECRET_KEY).sign("42");
    let (long, cut) = (":".repeat(4000), &signed[..signed.len() - 1]);
    for shape in [
        "42",
        ":",
        "::",
        ":::",
        "42:",
        "42::",
        ":a:b",
        "42:a:b",
        "\"42:a:b\"",
        "%00:%ff:",
        &long,
        cut,
        &without_time,
        "42:1:2:3",
        "é:é:é",
    ] {
        let reply = read(&site, "name=cart&salt=s", "cart", shape).await;
        assert_eq!((reply.status(), reply.body()), (403, "BadSignature"), "case 276: {shape:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_stay_where_they_were_signed() {
    let site = Running::new("cache").await;
    // Case 277: another name; case 278: the same text of name and salt, cut elsewhere.
    let signed = sign(&site, "ab", "c", "42").await;
    for (case, name, salt) in
        [(277, "x", "c"), (277, "ab", ""), (278, "a", "bc"), (278, "abc", ""), (278, "", "abc")]
    {
        let reply = read(&site, &format!("name={name}&salt={salt}"), name, &signed).await;
        assert!(matches!(reply.status(), 403 | 404), "case {case}: {reply:?}");
    }
    // Nor is what another part of the site has signed a cookie's value.
    for salt in ["", "django.core.signing", "django.contrib.sessions.SessionStore", "abc"] {
        let signed = TimestampSigner::new(SECRET_KEY).salt(salt).sign("42");
        assert_eq!(read(&site, "name=ab&salt=c", "ab", &signed).await.body(), "BadSignature", "{salt}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_279_old_values_expire() {
    let site = Running::new("cache").await;
    let signed = sign(&site, "cart", "s", "42").await;
    for (age, status) in [("3600", 200), ("-1", 403), ("-9223372036854775808", 403)] {
        let reply = read(&site, &format!("name=cart&salt=s&max_age={age}"), "cart", &signed).await;
        assert_eq!(reply.status(), status, "{age}: {reply:?}");
        assert!(status == 200 || reply.body() == "SignatureExpired", "{age}: {reply:?}");
    }
    for time in ["z".repeat(60), "-1".into(), "!".into(), String::new(), "zzzzzz".into()] {
        let forged = format!("42:{time}:{}", signed.rsplit(':').next().unwrap());
        let reply = read(&site, "name=cart&salt=s&max_age=3600", "cart", &forged).await;
        assert_eq!((reply.status(), reply.body()), (403, "BadSignature"), "{time}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_280_keys_change_without_a_loss() {
    let old = Running::new("cache").await;
    let signed = sign(&old, "cart", "s", "42").await;
    let new = Running::with("cache", |settings| {
        settings.SECRET_KEY_FALLBACKS = vec![settings.SECRET_KEY.clone()];
        settings.SECRET_KEY = "a-new-secret-key".into();
    })
    .await;
    assert_eq!(read(&new, "name=cart&salt=s", "cart", &signed).await.body(), "42");
    let again = sign(&new, "cart", "s", "42").await;
    assert_eq!(read(&old, "name=cart&salt=s", "cart", &again).await.status(), 403, "signed with the new key");
    let done = Running::with("cache", |settings| settings.SECRET_KEY = "a-new-secret-key".into()).await;
    assert_eq!(read(&done, "name=cart&salt=s", "cart", &signed).await.status(), 403);
    assert_eq!(read(&done, "name=cart&salt=s", "cart", &again).await.body(), "42");
    // Without a key there is no site.
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { SECRET_KEY: "".into(), ..settings("cache", folder.path()) };
    let errors =
        attacks::app(settings, SessionMiddleware::new(), attacks::Record::default()).build().err().unwrap();
    assert!(errors.to_string().contains("SECRET_KEY"), "{errors}");
}

/// Welch's t of the times of two kinds of comparison: equal texts but for the first byte, or but for the last.
fn welch_of_comparisons(samples: usize) -> f64 {
    let secret = [b's'; 64];
    let (mut first, mut last) = (secret, secret);
    (first[0], last[63]) = (b'x', b'x');
    let mut measured: Vec<(bool, f64)> = Vec::with_capacity(samples);
    for _ in 0..samples {
        let early = rand::rng().random::<bool>();
        let guess = if early { first } else { last };
        let started = Instant::now();
        for _ in 0..20 {
            black_box(constant_time_compare(black_box(&guess), black_box(&secret)));
        }
        measured.push((early, started.elapsed().as_secs_f64()));
    }
    // What was interrupted tells nothing.
    let mut times: Vec<f64> = measured.iter().map(|(_, time)| *time).collect();
    times.sort_by(f64::total_cmp);
    let bound = times[samples * 9 / 10];
    let moments = |kind: bool| {
        let of_kind = measured.iter().filter(|(early, time)| *early == kind && *time <= bound);
        let times: Vec<f64> = of_kind.map(|(_, time)| *time).collect();
        let (n, mean) = (times.len() as f64, times.iter().sum::<f64>() / times.len() as f64);
        let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance / n)
    };
    let ((early, e), (late, l)) = (moments(true), moments(false));
    (early - late) / (e + l).sqrt()
}

#[test]
fn case_281_comparisons_take_the_same_time() {
    // A leak shows every time, the noise of a busy machine does not.
    let ts: Vec<f64> = (0..4).map(|_| welch_of_comparisons(times(10_000, 100_000))).collect();
    println!("t = {ts:.2?}");
    assert!(ts.iter().any(|t| t.abs() < 4.5), "{ts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn case_282_the_algorithm_is_ours_to_choose() {
    let site = Running::new("cache").await;
    let salt = "django.http.cookies.v2:1:scart";
    let good = sign(&site, "cart", "s", "42").await;
    let (value, signature) = good.rsplit_once(':').unwrap();
    for forged in [
        format!("{value}:sha1:{signature}"),
        format!("sha256:{value}:{signature}"),
        format!("{value}:none:"),
        format!("{value}:"),
        "eyJhbGciOiJub25lIn0.NDI.".to_owned(),
    ] {
        assert_eq!(read(&site, "name=cart&salt=s", "cart", &forged).await.body(), "BadSignature", "{forged}");
    }
    let keys = SecretKeys::new(SECRET_KEY).prefixed(b"django.http.cookies");
    for (algorithm, answer) in [
        (Algorithm::Sha256, "42"),
        (Algorithm::Sha1, "BadSignature"),
        (Algorithm::Md5, "BadSignature"),
        (Algorithm::Sha512, "BadSignature"),
    ] {
        let signed = Signer::new(&keys).salt(salt).algorithm(algorithm).sign(value);
        let reply = read(&site, "name=cart&salt=s", "cart", &signed).await;
        assert_eq!(reply.body(), answer, "{algorithm:?}");
    }
}
