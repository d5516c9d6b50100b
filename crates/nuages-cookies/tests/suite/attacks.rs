//! The attack list's cases on cookies, by number.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use chrono::{NaiveDate, NaiveDateTime};
use nuages_cookies::{
    CookieErrorKind as Kind, CookieGuard, CookieSigner, Cookies, SameSite, SignedCookieError,
};
use nuages_signing::Clock;

use crate::calls::{response, written};

#[test]
fn odd_headers_give_djangos_dictionary() {
    for (case, header, name, value) in [
        (233, &b"=;="[..], "", None),
        (234, b"a=\"b; c=\"d", "a", Some("\"b")),
        (235, b"a=\"\\777\"", "a", Some("777")),
        (236, b"a[b]=1", "a[b]", Some("1")),
        (237, b"$Version=1; a=1", "$Version", Some("1")),
        (238, "é=☃".as_bytes(), "é", Some("☃")),
        (239, b"a=\xff", "a", Some("\u{FFFD}")),
        (240, b"a=\t1\t", "a", Some("1")),
        (241, b"a=1,b=2", "a", Some("1,b=2")),
        (242, b"a={\"k\": [1]}", "a", Some("{\"k\": [1]}")),
        (243, b"value", "", Some("value")),
        (244, b"__proto__=1", "__proto__", Some("1")),
        (245, b"a=\"; =; ;==; sessionid=abc", "sessionid", Some("abc")),
        (256, b"__%48ost-x=1", "__Host-x", None),
    ] {
        assert_eq!(Cookies::from(header).get(name).as_deref(), value, "case {case}");
    }
}

#[test]
fn long_headers_take_linear_time() {
    let started = Instant::now();
    let long = format!("a={}; b=1", "v".repeat(15_000));
    let many: Vec<String> = (0..1800).map(|n| format!("c{n}={n}")).collect();
    let slashes = format!("a=\"{}\"", "\\".repeat(14_000));
    for (case, header, name, length) in [
        (246, long.as_str(), "a", 15_000),
        (247, &format!("a={}", "v".repeat(200_000)), "a", 200_000),
        (248, &many.join("; "), "c0", 1),
        (249, &slashes, "a", 7_000),
    ] {
        let cookies = Cookies::from(header);
        assert_eq!(cookies.get(name).map(|value| value.len()), Some(length), "case {case}");
        assert!(cookies.iter().len() <= 1800);
        assert_eq!(cookies.get("absent"), None);
    }
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn blanks_do_not_make_a_host_cookie() {
    for (case, blank) in [
        (250, "\u{2000}"),
        (251, "\u{3000}"),
        (252, "\u{85}"),
        (253, "\u{A0}"),
        (254, "\u{B}"),
        (255, "\u{C}"),
    ] {
        let cookies =
            Cookies::from(format!("__Host-x=good; {blank}__Host-x=evil; y={blank}v{blank}").as_str());
        assert_eq!(cookies.get("__Host-x").as_deref(), Some("good"), "case {case}");
        assert_eq!(cookies.get(&format!("{blank}__Host-x")).as_deref(), Some("evil"), "case {case}");
        assert_eq!(cookies.get("y"), Some(format!("{blank}v{blank}").into()), "case {case}");
    }
    // The same byte alone is not UTF-8.
    assert_eq!(
        Cookies::from(&b"__Host-x=good; \xA0__Host-x=evil"[..]).get("__Host-x").as_deref(),
        Some("good")
    );
}

type Edit = for<'a> fn(CookieGuard<'a>, &str) -> CookieGuard<'a>;

#[test]
fn nothing_that_ends_a_header_is_written() {
    let edits: [(&str, Edit); 4] = [
        ("path", |guard, text| guard.path(text)),
        ("domain", |guard, text| guard.domain(text)),
        ("expires", |guard, text| guard.expires(text)),
        ("samesite", |guard, text| guard.same_site(text)),
    ];
    for (case, evil) in [
        (257, "x\r"),
        (258, "x\n"),
        (259, "x\r\n\r\n<b>"),
        (260, "x\r\nSet-Cookie: y=1"),
        (261, "x\0"),
        (262, "x\u{10d}\u{10a}"),
        (263, "x\u{7f}"),
        (264, "x\u{85}"),
        (265, "x; Domain=evil.example"),
        (266, "x;"),
        (267, ";Secure"),
        (268, "x\t"),
    ] {
        for (attribute, edit) in &edits {
            let mut cookies = response(0.0);
            edit(cookies.set("k", "v"), evil);
            let kind = cookies.check().unwrap_err().kind().clone();
            match *attribute {
                "samesite" => assert_eq!(kind, Kind::UnknownSameSite(evil.into()), "case {case}"),
                _ => assert!(
                    matches!(kind, Kind::IllegalAttribute(name, _) if name == *attribute),
                    "case {case}"
                ),
            }
            assert!(written(&cookies).is_err());
            let message = cookies.check().unwrap_err().to_string();
            assert!(!message.contains(['\r', '\n', '\0']), "{message:?}");
        }
        for deletion in ["path", "domain", "samesite"] {
            let mut cookies = response(0.0);
            let guard = cookies.delete("k");
            match deletion {
                "path" => guard.path(evil),
                "domain" => guard.domain(evil),
                _ => guard.same_site(evil),
            };
            assert!(cookies.check().is_err(), "case {case}: {deletion}");
        }
        let mut cookies = response(0.0);
        cookies.set(format!("k{evil}"), "v").secure(true);
        assert_eq!(cookies.check().unwrap_err().kind(), &Kind::IllegalName, "case {case}");
        assert!(cookies.get("k").is_none() && !cookies.is_empty());

        // A value is quoted, or refused where no quoting exists.
        let mut cookies = response(0.0);
        cookies.set("k", evil);
        match written(&cookies) {
            Ok(headers) => {
                assert!(headers[0].starts_with("k=\"") && headers[0].ends_with("\"; Path=/"), "case {case}");
                assert_eq!(headers[0].matches(';').count(), 1, "case {case}");
                assert!(!headers[0].contains(|character: char| character.is_control()), "case {case}");
            }
            Err(error) => assert_eq!((case, error.as_str()), (262, "UnicodeEncodeError")),
        }
    }
    for (case, name) in [(269, "a b"), (270, ""), (271, "a;b"), (271, "a=b"), (271, " a"), (271, "a ")] {
        let mut cookies = response(0.0);
        cookies.set_signed(name, "v");
        assert_eq!(cookies.check().unwrap_err().kind(), &Kind::IllegalName, "case {case}");
        let mut cookies = response(0.0);
        cookies.delete(name);
        assert_eq!(cookies.check().unwrap_err().kind(), &Kind::IllegalName, "case {case}");
    }
}

#[test]
fn case_272_huge_ages_are_errors() {
    fn django(age: impl Into<nuages_cookies::CookieAge>) -> Result<Vec<String>, String> {
        let mut cookies = response(0.0);
        cookies.set("k", "v").max_age(age);
        written(&cookies)
    }
    let failed = |result: Result<Vec<String>, String>| result.unwrap_err();
    assert_eq!(failed(django(i64::MAX)), "OverflowError");
    assert_eq!(failed(django(i64::MIN)), "OSError");
    assert_eq!(failed(django(u64::MAX)), "OverflowError");
    assert_eq!(failed(django(10_i128.pow(30))), "OverflowError");
    assert_eq!(failed(django(i128::MIN)), "OverflowError");
    assert_eq!(failed(django(f64::INFINITY)), "OverflowError");
    assert_eq!(failed(django(f64::NAN)), "ValueError");
    assert_eq!(failed(django(std::time::Duration::MAX)), "OverflowError");
    assert_eq!(failed(django(chrono::TimeDelta::MAX)), "ValueError");
}

#[test]
fn case_273_odd_years_do_not_panic() {
    let at = |year, month, day| {
        NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(23, 59, 59).unwrap()
    };
    let header = |moment: NaiveDateTime, now: f64| {
        let mut cookies = response(now);
        cookies.set("k", "v").expires(moment);
        written(&cookies).map(|headers| headers[0].clone())
    };
    let epoch = "k=v; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/".to_owned();
    assert_eq!(header(at(1969, 12, 30), 0.0), Ok(epoch.clone()));
    assert_eq!(header(at(1, 1, 1), 0.0), Ok(epoch.clone()));
    assert_eq!(header(at(-1, 1, 1), 0.0), Ok(epoch.clone()));
    assert_eq!(header(NaiveDateTime::MIN, 0.0), Ok(epoch));
    assert!(
        header(at(9999, 12, 30), 0.0)
            .unwrap()
            .contains("Fri, 31 Dec 9999 00:00:00 GMT; Max-Age=253402214400")
    );
    assert_eq!(header(at(9999, 12, 31), 0.0), Err("ValueError".to_owned()));
    assert_eq!(header(at(10_000, 1, 1), 0.0), Err("ValueError".to_owned()));
    assert_eq!(header(NaiveDateTime::MAX, 0.0), Err("ValueError".to_owned()));
    for now in [f64::NAN, f64::INFINITY, -1e300, 1e300] {
        assert!(header(NaiveDateTime::MAX, now).is_err());
    }
}

#[test]
fn case_274_a_long_cookie_is_logged_without_its_value() {
    for (length, logged) in [(4096, false), (4097, true), (5000, true)] {
        let mut cookies = response(0.0);
        cookies.set("big", "v".repeat(length - "big=; Path=/".len()));
        cookies.set("small", "v");
        let log = Log::default();
        let headers = tracing::subscriber::with_default(log.clone(), || written(&cookies).unwrap());
        assert_eq!((headers[0].len(), headers.len()), (length, 2));
        let lines = log.0.lock().unwrap().clone();
        assert_eq!(lines.len(), usize::from(logged), "{lines:?}");
        for line in lines {
            assert!(
                line.contains("WARN") && line.contains("\"big\"") && line.contains(&length.to_string()),
                "{line}"
            );
            assert!(!line.contains("vvv"), "{line}");
        }
    }
}

#[test]
fn signed_values_do_not_move() {
    let signer = CookieSigner::new("key").clock(Clock::at(1e9));
    let signed = signer.sign("ab", "c", "v");
    // 277: to another name. 278: where name and salt run together.
    for (case, name, salt) in
        [(277, "x", "c"), (277, "ab", ""), (278, "a", "bc"), (278, "abc", ""), (278, "", "abc")]
    {
        assert_eq!(
            signer.unsign(name, salt, &signed, None),
            Err(SignedCookieError::BadSignature),
            "case {case}"
        );
    }
    // 275: every character changed, 276: shapes that are no signed value.
    for (place, _) in signed.char_indices() {
        let mut bytes = signed.clone().into_bytes();
        bytes[place] ^= 1;
        let forged = String::from_utf8(bytes).unwrap();
        assert_eq!(
            signer.unsign("ab", "c", &forged, None),
            Err(SignedCookieError::BadSignature),
            "case 275 {forged}"
        );
    }
    for shape in
        ["", ":", "::", ":::", "v", "v:", ":v", "v:1:", "v::sig", "é:☃:\0", "v:1:\u{FFFD}", &signed[1..]]
    {
        assert_eq!(
            signer.unsign("ab", "c", shape, None),
            Err(SignedCookieError::BadSignature),
            "case 276 {shape:?}"
        );
    }
    // 279: expired, and stamped in the future.
    let later = signer.clone().clock(Clock::at(1e9 + 61.0));
    assert_eq!(later.unsign("ab", "c", &signed, Some(60.into())), Err(SignedCookieError::SignatureExpired));
    let earlier = signer.clock(Clock::at(1e9 - 61.0));
    assert_eq!(earlier.unsign("ab", "c", &signed, Some(0.into())).as_deref(), Ok("v"));
}

#[test]
fn prefixes_are_held_to_what_browsers_demand() {
    fn set(name: &str, edit: impl Fn(CookieGuard<'_>)) -> Result<String, Kind> {
        let mut cookies = response(0.0);
        edit(cookies.set(name, "v"));
        cookies.check().map_err(|error| error.kind().clone())?;
        Ok(written(&cookies).unwrap().remove(0))
    }
    fn ok(header: &str) -> Result<String, Kind> {
        Ok(header.to_owned())
    }
    assert_eq!(set("__Secure-a", |_| ()), ok("__Secure-a=v; Path=/; Secure"));
    assert_eq!(
        set("__Secure-a", |guard| {
            guard.secure(false).path("/p").domain("d.com");
        }),
        ok("__Secure-a=v; Domain=d.com; Path=/p; Secure")
    );
    assert_eq!(
        set("__Host-a", |guard| {
            guard.secure(false).path(None);
        }),
        ok("__Host-a=v; Path=/; Secure")
    );
    assert_eq!(
        set("__Host-a", |guard| {
            guard.path("").domain("");
        }),
        ok("__Host-a=v; Path=/; Secure")
    );
    assert_eq!(
        set("__Host-a", |guard| {
            guard.path("/p");
        }),
        Err(Kind::HostPrefix("path"))
    );
    assert_eq!(
        set("__Host-a", |guard| {
            guard.domain("d.com");
        }),
        Err(Kind::HostPrefix("domain"))
    );
    assert_eq!(
        set("__host-a", |guard| {
            guard.path("/p");
        }),
        ok("__host-a=v; Path=/p")
    );
    assert_eq!(
        set("a", |guard| {
            guard.partitioned(true).same_site(SameSite::None).max_age(0);
        }),
        ok(
            "a=v; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Partitioned; Path=/; SameSite=None; Secure"
        )
    );
}

/// A subscriber that keeps each event as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Text(String);
        impl tracing::field::Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
                self.0 += &format!(" {field}={value:?}");
            }
        }
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
