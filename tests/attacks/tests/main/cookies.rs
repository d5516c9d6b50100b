//! Cookies that come in and go out (cases 233 to 274); what they are read as and written as is tested in
//! nuages-cookies.

use std::time::{Duration, Instant};

use crate::client::{Reply, get, quote, send};
use crate::running::Running;

async fn cookies(site: &Running, header: impl AsRef<[u8]>) -> Reply {
    let head: &[u8] = b"GET /cookies HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ";
    send(site.address, [head, header.as_ref(), b"\r\n\r\n"].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_cookies_are_read_as_django_reads_them() {
    let site = Running::new("cache").await;
    let rows: [(u32, &[u8], &str); 14] = [
        (233, b"=;=", "[]"),
        (234, b"a=\"b; c=\"d", r#"[["a", "\"b"], ["c", "\"d"]]"#),
        (235, b"a=\"\\777\"", r#"[["a", "777"]]"#),
        (236, b"a[b]=1", r#"[["a[b]", "1"]]"#),
        (237, b"$Version=1; a=1", r#"[["$Version", "1"], ["a", "1"]]"#),
        (238, "é=☃".as_bytes(), r#"[["\u00e9", "\u2603"]]"#),
        (239, b"a=\xff", r#"[["a", "\ufffd"]]"#),
        (240, b"a=\t1\t;b=2", r#"[["a", "1"], ["b", "2"]]"#),
        (241, b"a=1,b=2", r#"[["a", "1,b=2"]]"#),
        (242, b"a={\"k\": [1]}", r#"[["a", "{\"k\": [1]}"]]"#),
        (243, b"value", r#"[["", "value"]]"#),
        (244, b"__proto__=1", r#"[["__proto__", "1"]]"#),
        (245, b"a=\"; =; ;==; sessionid=abc", r#"[["a", "\""], ["", "="], ["sessionid", "abc"]]"#),
        (256, b"__%48ost-x=1", r#"[["__%48ost-x", "1"]]"#),
    ];
    for (case, header, expected) in rows {
        let reply = cookies(&site, header).await;
        assert_eq!((reply.status(), reply.body()), (200, expected), "case {case}");
    }
    let blanks: [(u32, &[u8]); 6] = [
        (250, "\u{2000}".as_bytes()),
        (251, "\u{3000}".as_bytes()),
        (252, "\u{85}".as_bytes()),
        (253, "\u{a0}".as_bytes()),
        (252, b"\x85"),
        (253, b"\xa0"),
    ];
    for (case, blank) in blanks {
        let reply = cookies(&site, [b"a=1; ", blank, b"__Host-sessionid=evil"].concat()).await;
        assert_eq!(reply.status(), 200, "case {case}");
        assert!(!reply.body().contains("\"__Host-sessionid\""), "case {case}: {}", reply.body());
    }
    for (case, control) in [(254, b"\x0b"), (255, b"\x0c")] {
        let reply = cookies(&site, [b"a=1; ", &control[..], b"__Host-sessionid=evil"].concat()).await;
        assert_eq!(reply.status(), 400, "case {case}: no header holds a control character");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_cookies_take_linear_time() {
    let site = Running::new("cache").await;
    let many: Vec<String> = (0..1800).map(|n| format!("c{n}=1")).collect();
    for (case, header, status) in [
        (246, "a".repeat(15_000), 200),
        (247, "a".repeat(200_000), 431),
        (248, many.join("; "), 200),
        (249, format!("a=\"{}\"", "\\".repeat(14_000)), 200),
        (249, format!("a=\"{}\"", "\\0".repeat(14_000)), 200),
    ] {
        let started = Instant::now();
        let reply = cookies(&site, header).await;
        assert_eq!(reply.status(), status, "case {case}");
        assert!(started.elapsed() < Duration::from_secs(2), "case {case}: {:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_inject_is_an_error_and_no_header() {
    let site = Running::new("cache").await;
    let texts = [
        (257, "x\r"),
        (258, "x\nSet-Cookie: y=1"),
        (259, "x\r\n\r\n<script>"),
        (260, "x\r\nSet-Cookie: y=1"),
        (261, "x\0"),
        (262, "x\u{10d}\u{10a}"),
        (265, "x; Domain=evil.example"),
        (266, "x;Secure"),
        (267, ";"),
        (268, "x\t"),
        (269, "a b"),
        (270, ""),
        (271, "a;b"),
    ];
    for (case, text) in texts {
        for place in ["name", "value", "path", "domain"] {
            // Whether the view asks or not.
            for check in ["", "&check"] {
                let target = format!("/cookies/set?{place}={}{check}", quote(text));
                let reply = get(site.address, &target, "").await;
                let (status, lines) = (reply.status(), reply.headers("set-cookie"));
                assert!(matches!(status, 200 | 500), "case {case}: {place}: {reply:?}");
                assert_eq!(lines.len(), usize::from(status == 200), "case {case}: {place}: {reply:?}");
                // A name is a token: nothing of this is one, and an empty one would read as a value.
                assert!(place != "name" || status == 500, "case {case}: {place}: {reply:?}");
                for line in lines {
                    assert!(line.is_ascii() && !line.contains(['\0', '\r', '\n']), "case {case}: {line:?}");
                    // Outside of the quotes there are our own attributes alone.
                    let quoted = line.split('"').step_by(2).collect::<String>();
                    let attributes =
                        quoted.split(';').skip(1).map(|attribute| attribute.trim().to_lowercase());
                    let strange = attributes
                        .filter(|found| !found.starts_with("path=") && !found.starts_with("domain="));
                    assert_eq!(strange.collect::<Vec<_>>(), [""; 0], "case {case}: {place}: {line}");
                    assert!(
                        place == "domain"
                            || !line.to_lowercase().contains("domain=evil")
                            || line.contains('"')
                    );
                }
                assert!(!reply.body().contains("<script>"), "case {case}: {reply:?}");
            }
        }
    }
    // 263 and 264: control characters that are no line ends.
    for (case, text) in [(263, "x\x7f"), (264, "x\u{85}")] {
        for place in ["name", "path", "domain"] {
            let reply = get(site.address, &format!("/cookies/set?{place}={}", quote(text)), "").await;
            assert_eq!((reply.status(), reply.headers("set-cookie").len()), (500, 0), "case {case}: {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_cookies_and_ages_do_no_harm() {
    let site = Running::new("cache").await;
    for age in ["9223372036854775807", "-9223372036854775808", "18446744073709551616", "1000000000000000000"]
    {
        let reply = get(site.address, &format!("/cookies/set?max_age={age}"), "").await;
        assert!(matches!(reply.status(), 200 | 500), "case 272: {age}: {reply:?}");
        assert_eq!(reply.headers("set-cookie").len(), usize::from(reply.status() == 200), "case 272: {age}");
    }
    // Case 274: browsers drop it, and the log says so.
    let reply = get(site.address, &format!("/cookies/set?value={}", "x".repeat(5000)), "").await;
    assert_eq!(reply.status(), 200, "case 274");
    assert_eq!(get(site.address, "/", "").await.status(), 200);
}
