//! Redirects to where a visitor says (cases 167 to 185).

use std::time::{Duration, Instant};

use crate::client::{get, quote, send};
use crate::running::Running;

#[tokio::test(flavor = "multi_thread")]
async fn schemes_that_run_something_are_refused() {
    let site = Running::new("cache").await;
    for (case, to) in [
        (167, "javascript:alert(1)"),
        (168, "JaVaScRiPt:alert(1)"),
        (169, " javascript:alert(1)"),
        (170, "\x01\x1fjavascript:alert(1)"),
        (171, "java\tscript:alert(1)"),
        (172, "java\nscript:alert(1)"),
        (172, "java\r\nscript:alert(1)"),
        (173, "data:text/html,<script>alert(1)</script>"),
        (174, "vbscript:x"),
        (175, "file:///etc/passwd"),
        (176, "blob:https://a/x"),
    ] {
        let reply = get(site.address, &format!("/redirect?to={}", quote(to)), "").await;
        assert_eq!((reply.status(), reply.header("location")), (400, None), "case {case}: {to:?}");
        assert!(!reply.body().contains("script"), "case {case}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn locations_are_ascii_and_one_line() {
    let site = Running::new("cache").await;
    for (case, to) in [
        (177, "/a\rSet-Cookie: x=1"),
        (178, "/a\nSet-Cookie: x=1"),
        (179, "/a\r\n\r\n<script>alert(1)</script>"),
        (180, "/a\0b"),
        (181, "/\u{560d}\u{560a}Set-Cookie: x=1"),
        (182, "/\u{2028}\u{1f600}"),
        (183, "/\t/evil.example"),
    ] {
        let reply = get(site.address, &format!("/redirect?to={}", quote(to)), "").await;
        assert!(matches!(reply.status(), 302 | 400), "case {case}: {reply:?}");
        assert_eq!(reply.headers("set-cookie"), [""; 0], "case {case}: {reply:?}");
        let location = reply.header("location").unwrap_or_default();
        assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "case {case}: {location:?}");
        assert!(!reply.body().contains("<script>"), "case {case}: {reply:?}");
    }
    let emoji = get(site.address, &format!("/redirect?to={}", quote("/\u{1f600}")), "").await;
    assert_eq!((emoji.status(), emoji.header("location")), (302, Some("/%F0%9F%98%80")), "case 182");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_locations_are_refused_in_linear_time() {
    let site = Running::new("cache").await;
    for (case, to, status) in [
        (184, format!("/{}", "x".repeat(16_000)), 302),
        (184, format!("/{}", "x".repeat(20_000)), 400),
        (185, "\u{be}".repeat(60_000), 400),
    ] {
        let form = format!("to={}", quote(&to));
        let started = Instant::now();
        let head = "POST /redirect HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\n";
        let reply = send(site.address, format!("{head}Content-Length: {}\r\n\r\n{form}", form.len())).await;
        assert_eq!(reply.status(), status, "case {case}: {} bytes", to.len());
        assert!(started.elapsed() < Duration::from_secs(2), "case {case}: {:?}", started.elapsed());
    }
}
