//! Pages that are kept for the next visitor, and those that must not be (case 326).

use crate::client::{Reply, quote};
use crate::protected::Protected;

async fn page(site: &Protected, query: &str, lines: &str) -> Reply {
    site.get(&format!("/page?{query}"), lines).await
}

/// Is the second answer to the same request the first one again?
async fn is_kept(site: &Protected, query: &str, lines: &str) -> bool {
    let one = page(site, query, lines).await;
    let other = page(site, query, lines).await;
    assert_eq!(other.header("age").is_some(), one.body() == other.body(), "{one:?} {other:?}");
    one.body() == other.body()
}

#[tokio::test(flavor = "multi_thread")]
async fn case_326_pages_of_one_visitor_are_not_kept() {
    let site = Protected::new().await;
    assert!(is_kept(&site, "n=0", "").await, "an ordinary page is kept");
    for (number, query) in [
        "does=session",
        "does=cookie",
        "does=raw-cookie",
        "does=token",
        "does=messages",
        "does=error",
        "Vary=*",
        "Vary=%20*%20",
        "Vary=Accept,%20*",
        "Cache-Control=private",
        "Cache-Control=Private",
        "Cache-Control=max-age=60,%20PRIVATE",
        "Cache-Control=private%3D%22Set-Cookie%22",
        "Cache-Control=no-store",
        "Cache-Control=no-cache",
        "Cache-Control=%20no-Cache%20",
    ]
    .into_iter()
    .enumerate()
    {
        for lines in ["", "Cookie: theme=light\r\n", "Cookie: sessionid=abcdefghijklmnopqrstuvwxyz012345\r\n"]
        {
            let query = format!("{query}&n={number}");
            assert!(!is_kept(&site, &query, lines).await, "{query} {lines}");
        }
    }
    assert!(!is_kept(&site, "n=a", "Authorization: Bearer x\r\n").await);
    assert!(is_kept(&site, "n=b&Cache-Control=public", "Authorization: Bearer x\r\n").await);
    // A page that was kept for everybody is not what who says who he is gets.
    let open = page(&site, "n=c", "").await;
    assert_ne!(page(&site, "n=c", "Authorization: Bearer x\r\n").await.body(), open.body());
    assert_eq!(page(&site, "n=c", "").await.body(), open.body(), "and his does not take its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn case_326_requests_that_differ_get_pages_of_their_own() {
    let site = Protected::new().await;
    let query = format!("Vary={}", quote(" X-Part , Cookie "));
    let requests = [
        "",
        "X-Part:\r\n",
        "X-Part: 1\r\n",
        "X-Part: 2\r\n",
        "X-Part: 1, 2\r\n",
        "Cookie: a=1\r\n",
        "Cookie: a=2\r\n",
        "X-Part: 1\r\nCookie: a=1\r\n",
    ];
    let mut bodies = Vec::new();
    for lines in requests {
        bodies.push(page(&site, &query, lines).await.body().to_owned());
    }
    for (at, lines) in requests.iter().enumerate() {
        assert_eq!(page(&site, &query, lines).await.body(), bodies[at], "{lines:?} gets its own again");
        assert!(!bodies[..at].contains(&bodies[at]), "{lines:?} got the page of another: {bodies:?}");
    }
    // Neither do URLs that only look alike.
    let one = site.get("/page?n=1&x", "").await;
    for other in ["/page?n=1", "/page?n=1&x=", "/page?x&n=1"] {
        assert_ne!(site.get(other, "").await.body(), one.body(), "{other}");
    }
}
