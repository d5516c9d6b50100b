//! The page of an error in debug mode: for whom it is, what it says, and what it never shows (case 403).

use std::net::SocketAddr;

use nuages::Peer;
use nuages::http::{Request, Response};
use nuages::prelude::*;
use nuages::{Application, sessions::SessionEngine};

const SECRETS: [&str; 9] = [
    "the-secret-key-of-the-site",
    "hunter2-in-the-url",
    "hunter2-of-the-form",
    "hunter2-token",
    "hunter2-cookie",
    "hunter2-bearer",
    "hunter2-database",
    "hunter2-api-key",
    "hunter2-older-key",
];

fn settings(debug: bool) -> Settings {
    Settings {
        DEBUG: debug,
        SECRET_KEY: "the-secret-key-of-the-site".into(),
        SECRET_KEY_FALLBACKS: vec!["hunter2-older-key".into()],
        DATABASE_URL: "postgres://me:hunter2-database@db.example.com/site".into(),
        ALLOWED_HOSTS: vec!["localhost".into(), "127.0.0.1".into()],
        ..Settings::default()
    }
}

/// Its message and its source quote everything that is secret.
async fn fails(request: HttpRequest) -> Result {
    let quoted = format!("<b>could not log in</b> with {}", SECRETS.join(" and "));
    let _read = request.POST().await;
    Err(Error::with_source(ErrorKind::Internal, quoted))
}

#[expect(clippy::panic, reason = "a test of what is shown then")]
async fn panics(_: HttpRequest) -> Result {
    panic!("the panic's words")
}

async fn kind(_: HttpRequest, kind: String) -> Result {
    Err(Error::new(
        match &*kind {
            "400" => ErrorKind::BadRequest,
            "403" => ErrorKind::PermissionDenied,
            "interrupted" => ErrorKind::SessionInterrupted,
            _ => ErrorKind::NotFound,
        },
        format!("as asked: {kind}"),
    ))
}

async fn uses_session(request: HttpRequest, how: String) -> Result {
    match &*how {
        "read" => drop(request.session().await?.get::<u32>("visits")?),
        "modify" => request.session().await?.set("visits", 1)?,
        "modify-and-say-404" => {
            request.session().await?.set("visits", 1)?;
            return Err(Error::new(ErrorKind::NotFound, "after all"));
        }
        _ => {}
    }
    Err("failed".into())
}

/// Sets cookies whatever the view says.
struct Cookies;

impl Middleware for Cookies {
    async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
        let mut response = next.run(request).await;
        response.set_cookie("fine", "hunter2-cookie").max_age(3600).http_only(true).same_site(SameSite::Lax);
        response.set_cookie("elsewhere", "1").domain("example.org");
        response.set_cookie("large", "x".repeat(5000));
        response.delete_cookie("old");
        Ok(response)
    }
}

fn application(debug: bool) -> Application {
    let urls = urlconf([
        path("fails/", fails),
        path("panics/", panics),
        path("kind/<str:kind>/", kind),
        path("session/<str:how>/", uses_session),
    ]);
    async fn mine(_: HttpRequest, error: Error) -> Result {
        Ok(HttpResponse::new(format!("mine: {}", error.status().as_u16())))
    }
    App::new(settings(debug))
        .middleware(Cookies)
        .middleware(SessionMiddleware::with_engine(SessionEngine::for_tests()))
        .urls(urls.handler403(mine).handler404(mine))
        .build()
        .unwrap()
}

struct Ask<'a> {
    debug: bool,
    target: &'a str,
    peer: &'a str,
    host: &'a str,
    accept: &'a str,
    header: (&'static str, &'static str),
    body: &'static str,
}

impl Default for Ask<'_> {
    fn default() -> Self {
        Self {
            debug: true,
            target: "/fails/",
            peer: "127.0.0.1",
            host: "localhost:8000",
            accept: "text/html,application/xhtml+xml,*/*;q=0.8",
            header: ("x-nothing", "1"),
            body: "",
        }
    }
}

impl Ask<'_> {
    fn send(&self) -> (Response<Body>, String) {
        let method = if self.body.is_empty() { "GET" } else { "POST" };
        let mut request = Request::builder().method(method).uri(self.target).header("host", self.host);
        if !self.accept.is_empty() {
            request = request.header("accept", self.accept);
        }
        request = request.header(self.header.0, self.header.1);
        if !self.body.is_empty() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let remote = SocketAddr::new(self.peer.parse().unwrap(), 40_000);
        let request = request
            .header("cookie", "sessionid=hunter2-cookie; other=hunter2-cookie")
            .header("authorization", "Bearer hunter2-bearer")
            .header("x-api-key", "hunter2-api-key")
            .body(Body::from(self.body))
            .unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let peer = Peer::Tcp { remote, local: remote };
        let response = runtime.block_on(async { application(self.debug).serve(request, peer).await });
        let body = String::from_utf8_lossy(response.body().as_bytes().unwrap_or_default()).into_owned();
        (response, body)
    }

    fn text(&self) -> String {
        self.send().1
    }
}

#[test]
fn case_403_secrets_are_masked_in_every_form() {
    for accept in ["text/html", "application/json", "*/*", ""] {
        let page = Ask {
            accept,
            target: "/fails/?token=hunter2-token&password=hunter2-in-the-url&page=2",
            body: "password=hunter2-of-the-form&note=hello",
            ..Ask::default()
        };
        let page = page.text();
        for secret in SECRETS {
            assert!(!page.contains(secret), "{accept}: {secret}\n{page}");
        }
        for shown in ["could not log in", "page", "hello"] {
            assert!(page.contains(shown), "{accept}: {shown}\n{page}");
        }
        // The settings are for who looks at them in a browser, or asks for all of it.
        let has_settings = accept.contains("html") || accept.contains("json");
        assert_eq!(page.contains("db.example.com"), has_settings, "{accept}");
    }
}

#[test]
fn the_inside_is_for_the_developer_alone() {
    let developer = |ask: &Ask<'_>| {
        let (response, page) = ask.send();
        assert_eq!(response.status(), 500);
        let inside = page.contains("could not log in")
            || page.contains("SESSION_ENGINE")
            || page.contains("debug_page.rs");
        assert_eq!(inside, page.contains("DEBUG is on"), "{page}");
        inside
    };
    for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        assert!(developer(&Ask { peer, ..Ask::default() }), "{peer}");
    }
    assert!(!developer(&Ask { debug: false, ..Ask::default() }));
    for peer in ["192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1"] {
        assert!(!developer(&Ask { peer, ..Ask::default() }), "{peer}");
    }
    for header in [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1"), ("via", "1.1 proxy")] {
        assert!(!developer(&Ask { header, ..Ask::default() }), "{header:?}");
    }
}

#[test]
fn a_name_of_another_site_that_leads_here_sees_nothing() {
    for target in ["/fails/", "/no/route", "/session/modify/"] {
        let (response, page) = Ask { host: "evil.example:8000", target, ..Ask::default() }.send();
        assert_eq!(response.status(), 400);
        for inside in ["DEBUG is on", "SESSION_ENGINE", "kind/", "evil.example"] {
            assert!(!page.contains(inside), "{page}");
        }
    }
}

#[test]
fn the_page_runs_nothing_and_is_not_kept() {
    let (response, page) =
        Ask { target: "/kind/%3Cscript%3Ealert(1)%3C%2Fscript%3E/?%3Ci%3E=%3Cb%3E", ..Ask::default() }.send();
    assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(!page.contains("http://") && !page.contains("src="), "{page}");
    let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap();
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!((header("cache-control"), header("x-content-type-options")), ("no-store", "nosniff"));
    assert!(header("vary").contains("Accept"));
}

#[test]
fn text_and_json_for_programs() {
    let (response, page) = Ask { accept: "*/*", target: "/no/route?x=1", ..Ask::default() }.send();
    assert_eq!(
        (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()),
        (404, "text/plain; charset=utf-8")
    );
    assert!(page.starts_with("404 Not Found - Http404: "), "{page}");
    assert!(page.contains("  /fails/\n  /panics/\n  /kind/<str:kind>/\n"), "{page}");
    let (response, page) = Ask { accept: "application/json", target: "/kind/400/", ..Ask::default() }.send();
    assert_eq!(response.headers()["content-type"], "application/json");
    let value: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(value["error"]["message"], "as asked: 400");
    assert_eq!(value["error"]["status"], 400);
}

#[test]
fn where_it_was_and_what_it_said() {
    let page = Ask { target: "/fails/", ..Ask::default() }.text();
    assert!(page.contains("crates/nuages/tests/main/debug_page.rs:"), "{page}");
    let page = Ask { target: "/panics/", ..Ask::default() }.text();
    assert!(page.contains("the panic&#x27;s words") && page.contains("debug_page.rs:"), "{page}");
    let page = Ask { debug: false, target: "/panics/", ..Ask::default() }.text();
    assert!(!page.contains("words") && !page.contains("debug_page.rs"), "{page}");
    // 403 is part of the site's work; its own page answers, as in Django.
    assert_eq!(Ask { target: "/kind/403/", ..Ask::default() }.text(), "mine: 403");
    assert_eq!(Ask { debug: false, target: "/kind/404/", ..Ask::default() }.text(), "mine: 404");
    assert!(Ask { target: "/kind/404/", ..Ask::default() }.text().contains("as asked: 404"));
}

#[test]
fn why_the_session_was_or_was_not_saved() {
    for (how, said) in [
        ("not", "No: nobody has used it."),
        ("read", "No: it was read, not modified; and an answer of status 5xx saves nothing."),
        ("modify", "No: it was modified, but an answer of status 5xx saves nothing."),
        ("modify-and-say-404", "Yes, and its cookie is sent."),
    ] {
        let page = Ask { accept: "", target: &format!("/session/{how}/"), ..Ask::default() }.text();
        assert!(page.contains(said), "{how}\n{page}");
    }
    let page = Ask { accept: "", target: "/kind/interrupted/", ..Ask::default() }.text();
    assert!(page.contains("it was deleted while this request ran"), "{page}");
}

#[test]
fn what_becomes_of_each_cookie() {
    let (response, page) = Ask { accept: "", ..Ask::default() }.send();
    for said in [
        "fine: Kept for 1 hour.",
        "elsewhere: The browser drops it. Domain=example.org does not cover localhost",
        "large: The browser drops it. Name and value are 5005 bytes long",
        "old: Deletes the cookie, if path (/) and domain (none)",
        "sessionid: \u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022} (the session, 14 bytes)",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    // They are sent as well.
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 4);
}
