//! Rules of the guards that no vector can show: the order of calls, and which error is told.

use chrono::{DateTime, Utc};
use nuages_cookies::{CookieErrorKind as Kind, CookieSigner, ResponseCookies, SameSite};
use nuages_signing::Clock;

use crate::calls::{response, written};

fn one(cookies: &ResponseCookies) -> String {
    let headers = written(cookies).unwrap();
    assert_eq!(headers.len(), 1);
    headers[0].clone()
}

#[test]
fn the_order_of_calls_does_not_matter() {
    let moment: DateTime<Utc> = "2023-11-14T22:14:20Z".parse().unwrap();
    let text = "Thu, 01 Jan 2099 00:00:00 GMT";
    let (mut first, mut second) = (response(1_700_000_000.0), response(1_700_000_000.0));
    first.set("k", "v").expires(text).max_age(5);
    second.set("k", "v").max_age(5).expires(text);
    assert_eq!(one(&first), "k=v; expires=Thu, 01 Jan 2099 00:00:00 GMT; Max-Age=5; Path=/");
    assert_eq!(one(&first), one(&second));

    let mut both = response(1_700_000_000.0);
    both.set("k", "v").expires(moment).max_age(5);
    assert_eq!(both.check().unwrap_err().kind(), &Kind::AgeAndDate);
    let mut both = response(1_700_000_000.0);
    both.set("k", "v").max_age(5).expires(moment);
    assert_eq!(both.check().unwrap_err().kind(), &Kind::AgeAndDate);
}

#[test]
fn the_last_call_of_a_method_counts() {
    let moment: DateTime<Utc> = "2023-11-14T22:14:20Z".parse().unwrap();
    let mut cookies = response(1_700_000_000.0);
    cookies
        .set("k", "v")
        .max_age(5)
        .expires(moment)
        .max_age(None)
        .path("/a;b")
        .path("/c")
        .same_site("bad")
        .same_site(None)
        .secure(true)
        .secure(false)
        .partitioned(true)
        .partitioned(false)
        .domain("d.com")
        .domain(None);
    assert_eq!(one(&cookies), "k=v; expires=Tue, 14 Nov 2023 22:14:21 GMT; Max-Age=61; Path=/c");
}

#[test]
fn a_cookie_set_again_keeps_what_django_keeps() {
    let mut cookies = response(0.0);
    cookies
        .set("a", 1)
        .max_age(60)
        .http_only(true)
        .secure(true)
        .domain("d.com")
        .same_site("lax")
        .path("/p")
        .partitioned(true);
    cookies.set("b", 1);
    cookies.set("a", 2).path(None).domain(None).same_site(None).secure(false).http_only(false).max_age(None);
    assert_eq!(
        written(&cookies).unwrap(),
        [
            "a=2; Domain=d.com; HttpOnly; Max-Age=60; Partitioned; Path=/p; SameSite=lax; Secure",
            "b=1; Path=/"
        ]
    );
    cookies.set("a", 3).domain("").expires("never");
    let headers = written(&cookies).unwrap();
    assert_eq!(
        headers[0],
        "a=3; expires=never; HttpOnly; Max-Age=60; Partitioned; Path=/; SameSite=lax; Secure"
    );
    cookies.delete("a").path("/q");
    let headers = written(&cookies).unwrap();
    assert!(headers[0].starts_with("a=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=0;"));
    assert!(cookies.remove("a") && !cookies.remove("a"));
    assert_eq!(written(&cookies).unwrap(), ["b=1; Path=/"]);
}

#[test]
fn the_first_error_in_the_order_of_the_calls_is_told() {
    let told = |cookies: &ResponseCookies| cookies.check().unwrap_err().name().to_owned();
    let mut cookies = response(0.0);
    cookies.set("fine", 1);
    cookies.set("first", 1).same_site("bad");
    cookies.set("no name", 1);
    cookies.set("third", 1).path("a;b");
    assert_eq!(told(&cookies), "first");

    // An error stays although the cookie is set again, or taken out.
    let mut cookies = response(0.0);
    cookies.set("a", 1).same_site("bad");
    cookies.set("a", 1).same_site(SameSite::Lax);
    assert!(matches!(cookies.check().unwrap_err().kind(), Kind::UnknownSameSite(_)));
    assert!(!cookies.is_empty() && cookies.write(&CookieSigner::new("key"), |_| panic!("written")).is_err());
    let mut cookies = response(0.0);
    cookies.set("a", 1).path(";");
    cookies.remove("a");
    assert_eq!(told(&cookies), "a");

    // And so it does when the one before it in the dictionary fails later.
    let mut cookies = response(0.0);
    cookies.set("a", 1);
    cookies.set("b", 1).path(";");
    cookies.set("a", 1).path(";");
    assert_eq!(told(&cookies), "b");
}

#[test]
fn every_error_says_what_to_do() {
    let mut seen = Vec::new();
    let mut tell = |edit: &dyn Fn(&mut ResponseCookies)| {
        let mut cookies = response(0.0);
        edit(&mut cookies);
        seen.push(cookies.check().unwrap_err().to_string());
    };
    tell(&|cookies| {
        cookies.set("a\nb", "v");
    });
    tell(&|cookies| {
        cookies.set("Path", "v");
    });
    tell(&|cookies| {
        cookies.set("k", "Łódź");
    });
    tell(&|cookies| {
        cookies.set("k", "v").max_age(f64::NAN);
    });
    tell(&|cookies| {
        cookies.set("k", "v").max_age(f64::INFINITY);
    });
    tell(&|cookies| {
        cookies.set("k", "v").max_age(i64::MAX);
    });
    tell(&|cookies| {
        cookies.set("k", "v").max_age(1).expires(Utc::now());
    });
    tell(&|cookies| {
        cookies.set("k", "v").same_site("no");
    });
    tell(&|cookies| {
        cookies.set("k", "v").path("/;");
    });
    tell(&|cookies| {
        cookies.set("__Host-k", "v").path("/p");
    });
    assert_eq!(
        seen,
        [
            r#"cookie "a\nb": the name may only have letters, digits and !#$%&'*+-.^_`|~: and must not be empty"#,
            r#"cookie "Path": the name is that of an attribute; choose another"#,
            r#"cookie "k": the value has 'Ł', which no cookie can carry; percent-encode or base64-encode the value"#,
            r#"cookie "k": max_age is not a number"#,
            r#"cookie "k": max_age is infinite; give a number of seconds"#,
            r#"cookie "k": max_age leads outside the years 1 to 9999; give a smaller number of seconds"#,
            r#"cookie "k": max_age and a date in expires exclude each other; give one of the two"#,
            r#"cookie "k": same_site is "no"; give Lax, Strict or None"#,
            r#"cookie "k": path has ';', which it must not; take it out or percent-encode it"#,
            r#"cookie "__Host-k": browsers refuse a __Host- cookie with this path; leave path out or rename the cookie"#,
        ]
    );
}

#[test]
fn a_set_cookie_can_be_looked_at() {
    let mut cookies = response(0.0);
    cookies.set("sessionid", "key").max_age(60).http_only(true).same_site(SameSite::Lax).domain("d.com");
    let cookie = cookies.get("sessionid").unwrap();
    assert_eq!((cookie.name(), cookie.value(), cookie.path()), ("sessionid", "key", Some("/")));
    assert_eq!((cookie.domain(), cookie.same_site()), (Some("d.com"), Some("Lax")));
    assert_eq!((cookie.http_only(), cookie.secure(), cookie.partitioned()), (true, false, false));
    assert_eq!(cookie.max_age(&Clock::system()), Some(60));
    assert_eq!((cookies.len(), cookies.iter().len(), cookies.is_empty()), (1, 1, false));
    assert!(response(0.0).is_empty() && cookies.get("other").is_none());
}
