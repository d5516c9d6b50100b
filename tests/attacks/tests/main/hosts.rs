//! Which host a request is for, and whose word on it counts (cases 94, 139 and 140).

use nuages::prelude::*;

use crate::client::{get, send};
use crate::running::Running;

#[tokio::test(flavor = "multi_thread")]
async fn case_139_hosts_of_others_get_no_page() {
    let site = Running::new("cache").await;
    let request = |target: &str, host: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    for host in [
        "evil.example",
        "notgood.example",
        "a.evil.example",
        "evil.example:80",
        "[::1]",
        "1.2.3.4",
        "ab.stranger",
    ] {
        // A view, a page that is not there, one that lacks its slash, one that panics.
        for target in ["/", "/missing", "/x/slash", "/panic", "/session/count/n/"] {
            let reply = send(site.address, request(target, host)).await;
            assert_eq!(reply.status(), 400, "{host} {target}: {reply:?}");
            assert_eq!(reply.headers("set-cookie"), [""; 0], "{host} {target}");
            assert!(!reply.text.contains(host), "{host} {target}: {reply:?}");
        }
    }
    for host in ["a", "A:80", "good.example", "x.y.good.example", "good.example."] {
        assert_eq!(send(site.address, request("/", host)).await.status(), 200, "{host}");
    }
    // Case 94: the authority of an absolute target is the host that has to be allowed.
    for (authority, status) in [("evil.example", 400), ("x.good.example", 200)] {
        let reply = send(site.address, request(&format!("http://{authority}/"), "a")).await;
        assert_eq!(reply.status(), status, "{authority}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_140_forwarded_headers_count_only_from_trusted_proxies() {
    const LINES: &str = "X-Forwarded-Host: x.good.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 444\r\n\
                         Forwarded: host=x.good.example;proto=https\r\n";
    let trusting = |settings: &mut Settings| {
        settings.USE_X_FORWARDED_HOST = true;
        settings.set_text("SECURE_PROXY_SSL_HEADER", "X-Forwarded-Proto:https").unwrap();
    };
    let strangers = |settings: &mut Settings| {
        trusting(settings);
        settings.TRUSTED_PROXIES = vec!["10.0.0.0/8".into(), "unix".into()];
    };
    let unconfigured = Running::new("cache").await;
    assert_eq!(get(unconfigured.address, "/where", LINES).await.body(), "http://a/");
    let configured = Running::with("cache", trusting).await;
    assert_eq!(get(configured.address, "/where", LINES).await.body(), "https://x.good.example/");
    let strange = Running::with("cache", strangers).await;
    assert_eq!(get(strange.address, "/where", LINES).await.body(), "http://a/");
    // What a trusted proxy forwards has to be allowed as well.
    for (host, status) in
        [("evil.example", 400), ("a b", 400), ("x.good.example, evil.example", 400), ("a", 200)]
    {
        let lines = format!("X-Forwarded-Host: {host}\r\n");
        assert_eq!(get(configured.address, "/", &lines).await.status(), status, "{host}");
    }
}
