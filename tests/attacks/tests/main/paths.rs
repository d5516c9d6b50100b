//! Paths, queries and captures (cases 141 to 166).

use std::time::{Duration, Instant};

use crate::client::{Reply, get};
use crate::running::Running;

#[tokio::test(flavor = "multi_thread")]
async fn odd_paths_are_answered() {
    let site = Running::new("cache").await;
    let long = "%41".repeat(2500);
    for (case, path) in [
        (141, "a%00b"),
        (142, "%ff%fe"),
        (143, "%c0%ae%c0%ae/"),
        (144, "%ed%a0%80"),
        (145, "a%"),
        (146, "%zz"),
        (147, "%u0041"),
        (148, "a%0d%0aSet-Cookie:%20x=1"),
        (149, &long),
    ] {
        // To a view, to no view, and to a redirect that quotes it.
        for target in [format!("/path/{path}"), format!("/missing/{path}"), format!("/{path}/slash")] {
            let started = Instant::now();
            let reply = get(site.address, &target, "").await;
            assert!((200..500).contains(&reply.status()), "case {case}: {reply:?}");
            assert_eq!(reply.headers("set-cookie"), [""; 0], "case {case}: {reply:?}");
            let location = reply.header("location").unwrap_or_default();
            assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "case {case}: {location:?}");
            assert!(started.elapsed() < Duration::from_secs(2), "case {case}: {:?}", started.elapsed());
        }
    }
    let reply = get(site.address, &format!("/path/{long}"), "").await;
    assert_eq!(reply.body().len(), 2500, "case 149");
}

#[tokio::test(flavor = "multi_thread")]
async fn dots_are_text() {
    let site = Running::new("cache").await;
    for (case, path, seen) in [
        (150, "../../../../etc/passwd", "../../../../etc/passwd"),
        (151, "%2e%2e/%2e%2e%2fetc/passwd", "../../etc/passwd"),
        (152, "%252e%252e/etc/passwd", "%2e%2e/etc/passwd"),
        (153, "..%5c..%5cetc%5cpasswd", "..\\..\\etc\\passwd"),
        (154, "/etc/passwd", "/etc/passwd"),
        (155, "..;/..;/etc/passwd", "..;/..;/etc/passwd"),
    ] {
        let reply = get(site.address, &format!("/path/{path}"), "").await;
        assert_eq!((reply.status(), reply.body()), (200, seen), "case {case}");
    }
}

/// Does a browser stay on the site when it follows this? It drops tabs and line ends, and reads `\` as `/`.
fn stays(location: &str) -> bool {
    let seen: String = location.replace(['\t', '\r', '\n'], "").replace('\\', "/");
    seen.starts_with('/') && !seen.starts_with("//")
}

#[test]
fn browsers_leave_by_two_slashes() {
    for (location, here) in
        [("/a", true), ("//a", false), ("/\\a", false), ("/\t/a", false), ("https://a/", false)]
    {
        assert_eq!(stays(location), here, "{location:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn appended_slashes_never_lead_away() {
    let site = Running::new("cache").await;
    let follow = |reply: &Reply| reply.header("location").map(str::to_owned);
    for (case, target) in [
        (156, "//evil.example/slash"),
        (157, "///evil.example/slash"),
        (158, "/\\evil.example/slash"),
        (159, "/%2fevil.example/slash"),
        (160, "/%5cevil.example/slash"),
        (161, "/%09/evil.example/slash"),
        (162, "/.//evil.example/slash"),
        (163, "//evil.example/%2e%2e/slash?next=//evil.example"),
        (163, "/%2f%5cevil.example//slash"),
    ] {
        let reply = get(site.address, target, "").await;
        assert_eq!(reply.status(), 301, "case {case}: {target}: {reply:?}");
        let location = follow(&reply).unwrap();
        assert!(stays(&location) && location.contains("slash/"), "case {case}: {target} -> {location}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_164_odd_queries_are_answered() {
    let site = Running::new("cache").await;
    let many = |count: usize| (0..count).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
    for (query, status) in [
        (many(1800).as_str(), 400),
        (&many(1001), 400),
        (&many(1000), 200),
        (&"&".repeat(1800), 400),
        ("&&;;", 200),
        ("a[b][c]=1", 200),
        ("__proto__=1&constructor=2", 200),
        ("%00=%ff&=&==&a=%zz", 200),
    ] {
        let reply = get(site.address, &format!("/query?{query}"), "").await;
        assert_eq!(reply.status(), status, "{}: {}", &query[..query.len().min(20)], reply.text);
        // An error of the view like any other: the middleware sees it.
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{}", reply.text);
    }
    let reply = get(site.address, "/query?a[b][c]=1&__proto__=2&a[b][c]=3", "").await;
    assert_eq!(reply.body(), r#"{"__proto__": ["2"], "a[b][c]": ["1", "3"]}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_165_numbers_that_fit_nowhere_match_nothing() {
    let site = Running::new("cache").await;
    for (number, status) in [
        ("9223372036854775807", 200),
        ("007", 200),
        ("9223372036854775808", 404),
        ("18446744073709551616", 404),
        (&"9".repeat(40), 404),
        (&"9".repeat(5000), 404),
        ("-1", 404),
        ("+1", 404),
        ("1.0", 404),
        ("%D9%A3", 404),
        ("%00", 404),
    ] {
        let reply = get(site.address, &format!("/int/{number}/"), "").await;
        assert_eq!(reply.status(), status, "{}", &number[..number.len().min(20)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_166_regular_expressions_take_linear_time() {
    let site = Running::new("cache").await;
    let started = Instant::now();
    for (end, status) in [("", 200), ("!", 404)] {
        let reply = get(site.address, &format!("/{}{end}", "a".repeat(30_000)), "").await;
        assert_eq!(reply.status(), status);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
