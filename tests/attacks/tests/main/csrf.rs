//! Requests that another site makes a browser send (cases 327 to 353).

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{LONG, Reply, read, send};
use crate::protected::Protected;

/// A visitor who has loaded the form: the cookie, as `name=value`, and a token for it.
struct Visitor {
    cookie: String,
    token: String,
}

impl Visitor {
    async fn new(site: &Protected) -> Self {
        let reply = site.get("/form", "").await;
        Self { cookie: reply.cookie().unwrap(), token: reply.body().to_owned() }
    }

    fn secret(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

async fn request(site: &Protected, method: &str, lines: &str, body: &str) -> Reply {
    let length = body.len();
    let head =
        format!("{method} /form HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n");
    send(site.address, format!("{head}{lines}\r\n{body}")).await
}

fn field(token: &str) -> String {
    format!("csrfmiddlewaretoken={token}")
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_requests_change_nothing() {
    let site = Protected::new().await;
    let visitor = Visitor::new(&site).await;
    let cookie = format!("Cookie: {}\r\n", visitor.cookie);
    let good = field(&visitor.token);
    let with_form = format!("{cookie}{FORM}");
    let with_origin = |origin: &str| format!("{with_form}Origin: {origin}\r\n");
    let with_header = |token: &str| format!("{cookie}X-CSRFToken: {token}\r\n");
    let wrong = field(&visitor.token.chars().rev().collect::<String>());
    let long = field(&format!("{}a", visitor.token));
    let short = field(visitor.token.get(1..).unwrap());
    let a64 = "a".repeat(64);
    let cases: Vec<(u32, &str, String, String)> = vec![
        (327, "POST", String::new(), String::new()),
        (328, "POST", cookie.clone(), String::new()),
        (329, "POST", FORM.to_owned(), good.clone()),
        (330, "POST", with_form.clone(), wrong),
        (331, "POST", with_form.clone(), short),
        (332, "POST", with_form.clone(), long),
        (333, "POST", with_form.clone(), field("")),
        (334, "POST", format!("Cookie: csrftoken=a\r\n{FORM}"), field("a")),
        (335, "POST", with_form.clone(), field(&"!".repeat(64))),
        (335, "POST", with_form.clone(), field(&"%C3%A9".repeat(64))),
        (336, "POST", with_form.clone(), field(&"a".repeat(7000))),
        (337, "POST", with_origin("http://evil.example"), good.clone()),
        (338, "POST", with_origin("null"), good.clone()),
        (339, "POST", with_origin("http://a.evil.example"), good.clone()),
        (340, "POST", with_origin("https://a"), good.clone()),
        (341, "POST", with_origin("http://a@evil.example"), good.clone()),
        (341, "POST", with_origin("http://evil@a"), good.clone()),
        (342, "POST", with_origin("http://a:81"), good.clone()),
        (343, "POST", with_origin("http://[bad"), good.clone()),
        (343, "POST", with_origin(""), good.clone()),
        (344, "POST", format!("{with_form}X-HTTP-Method-Override: GET\r\n"), "_method=GET".to_owned()),
        (345, "PUT", with_form.clone(), good.clone()),
        (346, "DELETE", with_form.clone(), good.clone()),
        (347, "post", with_form.clone(), good.clone()),
        (347, "get", cookie.clone(), String::new()),
        (348, "FROB", with_form.clone(), good.clone()),
        (349, "POST", format!("{cookie}X-Requested-With: XMLHttpRequest\r\n"), String::new()),
        (349, "POST", with_header(""), String::new()),
        (349, "POST", with_header(&a64), String::new()),
        // A header in which an underscore stands for a hyphen is another one (case 118).
        (349, "POST", format!("{cookie}X_CSRFToken: {}\r\n", visitor.token), String::new()),
    ];
    for (case, method, lines, body) in &cases {
        let reply = request(&site, method, lines, body).await;
        assert_eq!(reply.status(), 403, "case {case}: {method} {lines:?} {body:?}: {reply:?}");
        assert!(!reply.body().contains("Reason"), "case {case}: the reason is for debug mode: {reply:?}");
    }
    // None of them got through: the next good one is the first.
    let reply = request(&site, "POST", &with_form, &good).await;
    assert_eq!((reply.status(), reply.body()), (200, "changes: 1"), "{reply:?}");
    for (method, token) in
        [("POST", &visitor.token), ("PUT", &visitor.token), ("DELETE", &visitor.secret().into())]
    {
        assert_eq!(request(&site, method, &with_header(token), "").await.status(), 200, "{method}");
    }
    assert_eq!(request(&site, "POST", &with_origin("http://a"), &good).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_350_the_token_of_another_visitor_is_worth_nothing() {
    let site = Protected::new().await;
    let (one, other) = (Visitor::new(&site).await, Visitor::new(&site).await);
    assert_ne!(one.secret(), other.secret());
    for (cookie, token, status) in
        [(&one.cookie, &other.token, 403), (&other.cookie, &one.token, 403), (&one.cookie, &one.token, 200)]
    {
        let lines = format!("Cookie: {cookie}\r\n{FORM}");
        assert_eq!(request(&site, "POST", &lines, &field(token)).await.status(), status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_351_a_cut_form_is_refused() {
    let site = Protected::new().await;
    let visitor = Visitor::new(&site).await;
    let part = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\n{}\r\n--b--\r\n",
        visitor.token
    );
    let lines = format!("Cookie: {}\r\nContent-Type: multipart/form-data; boundary=b\r\n", visitor.cookie);
    assert_eq!(request(&site, "POST", &lines, &part).await.status(), 200, "the whole one is good");
    // Well formed by its length, but the last boundary never comes.
    for end in [part.len() - 4, part.len() - 12, part.len() - 40, 30] {
        let reply = request(&site, "POST", &lines, part.get(..end).unwrap()).await;
        assert!(matches!(reply.status(), 400 | 403), "{end}: {reply:?}");
    }
    // The client leaves in the middle of it, and of a plain form whose token has come whole.
    let field = field(&visitor.token);
    for (lines, body) in [(&lines, &part), (&format!("Cookie: {}\r\n{FORM}", visitor.cookie), &field)] {
        let head =
            format!("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n{lines}\r\n", body.len() + 9);
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let reply = read(&mut stream, LONG).await;
        assert!(matches!(reply.status(), 0 | 400 | 403), "{reply:?}");
    }
    let reply = request(&site, "POST", &lines, &part).await;
    assert_eq!(reply.body(), "changes: 2", "none of them got through");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_may_be_in_the_session() {
    let site = Protected::with(|settings| settings.CSRF_USE_SESSIONS = true).await;
    let visitor = Visitor::new(&site).await;
    assert!(visitor.cookie.starts_with("sessionid="), "{}", visitor.cookie);
    let cookie = format!("Cookie: {}\r\n", visitor.cookie);
    let lines = format!("{cookie}{FORM}");
    assert_eq!(request(&site, "POST", &lines, &field(&visitor.token)).await.status(), 200);
    assert_eq!(request(&site, "POST", &lines, &field(&"a".repeat(64))).await.status(), 403);
    // A cookie is not enough, and neither is another visitor's session.
    let forged = format!("Cookie: csrftoken={0}\r\n{FORM}", "a".repeat(32));
    assert_eq!(request(&site, "POST", &forged, &field(&"a".repeat(32))).await.status(), 403);
    let other = Visitor::new(&site).await;
    assert_eq!(request(&site, "POST", &lines, &field(&other.token)).await.status(), 403);
    // A login draws another secret here too.
    let after = site.get("/login", &cookie).await;
    let lines = format!("Cookie: {}\r\n{FORM}", after.cookie().unwrap());
    assert_eq!(request(&site, "POST", &lines, &field(&visitor.token)).await.status(), 403);
    assert_eq!(request(&site, "POST", &lines, &field(after.body())).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn caches_are_told_and_nothing_is_set_unasked() {
    let site = Protected::new().await;
    let asked = site.get("/form", "").await;
    assert!(asked.headers("vary").iter().any(|vary| vary.contains("Cookie")), "{asked:?}");
    let cookie = asked.header("set-cookie").unwrap();
    for part in ["; Max-Age=31449600", "; Path=/", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let unasked = site.get("/secret", "").await;
    assert_eq!(unasked.headers("set-cookie"), [""; 0]);
    // A damaged cookie is replaced at once, as Django does.
    let repaired = site.get("/secret", "Cookie: csrftoken=damaged\r\n").await;
    assert!(repaired.cookie().unwrap().starts_with("csrftoken="), "{repaired:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn case_352_every_page_has_another_token() {
    let site = Protected::new().await;
    let visitor = Visitor::new(&site).await;
    let cookie = format!("Cookie: {}\r\n", visitor.cookie);
    let again = site.get("/form", &cookie).await;
    assert_ne!(again.body(), visitor.token);
    assert_eq!(again.cookie().unwrap(), visitor.cookie, "of the same secret");
    for token in [&visitor.token, again.body()] {
        let lines = format!("{cookie}{FORM}");
        assert_eq!(request(&site, "POST", &lines, &field(token)).await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn case_353_a_login_draws_another_secret() {
    let site = Protected::new().await;
    let before = Visitor::new(&site).await;
    let reply = site.get("/login", &format!("Cookie: {}\r\n", before.cookie)).await;
    let cookie = reply.headers("set-cookie").into_iter().find(|line| line.starts_with("csrftoken=")).unwrap();
    let after =
        Visitor { cookie: cookie.split(';').next().unwrap().to_owned(), token: reply.body().to_owned() };
    assert_ne!(before.secret(), after.secret());
    let lines = format!("Cookie: {}\r\n{FORM}", after.cookie);
    assert_eq!(request(&site, "POST", &lines, &field(&before.token)).await.status(), 403);
    assert_eq!(request(&site, "POST", &lines, &field(&after.token)).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_353_over_https_the_page_must_be_named() {
    let site = Protected::with(|settings| {
        settings.set_text("SECURE_PROXY_SSL_HEADER", "X-Forwarded-Proto:https").unwrap();
        settings.CSRF_TRUSTED_ORIGINS = vec!["https://*.friend.example".to_owned()];
    })
    .await;
    let visitor = Visitor::new(&site).await;
    let secure = format!("X-Forwarded-Proto: https\r\nCookie: {}\r\n{FORM}", visitor.cookie);
    for (line, status) in [
        ("", 403),
        ("Referer: https://a/page\r\n", 200),
        ("Referer: http://a/page\r\n", 403),
        ("Referer: https://a.evil.example/\r\n", 403),
        ("Referer: https://a:444/\r\n", 403),
        ("Referer: https://evil@a/\r\n", 403),
        ("Referer: garbage\r\n", 403),
        ("Referer: https://[bad\r\n", 403),
        ("Referer: https://x.friend.example/\r\n", 200),
        ("Origin: https://a\r\nReferer: https://evil.example/\r\n", 200),
        ("Origin: http://a\r\nReferer: https://a/\r\n", 403),
    ] {
        let reply = request(&site, "POST", &format!("{secure}{line}"), &field(&visitor.token)).await;
        assert_eq!(reply.status(), status, "{line}: {reply:?}");
    }
}
