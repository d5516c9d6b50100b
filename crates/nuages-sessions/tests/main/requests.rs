//! Requests through `SessionMiddleware`.

use std::sync::Arc;

use nuages_http::{Error, HttpRequest, HttpResponse, Result, SameSite, Settings, Site, StatusCode};
use nuages_middleware::{BoxFuture, Chain, Guarded, Middleware, Next, Respond, Setup};
use nuages_sessions::{RequestSession, SessionMiddleware};

use crate::bench::{Bench, ENGINES, SERVER_SIDE};

type Answer = BoxFuture<'static, Result>;
type View = fn(HttpRequest) -> Answer;

struct Statuses;

impl Respond for Statuses {
    fn respond(&self, _: HttpRequest, error: Error) -> BoxFuture<'_, HttpResponse> {
        Box::pin(async move { HttpResponse::new(error.to_string()).with_status(error.status()) })
    }
}

struct Endpoint {
    view: View,
    respond: Arc<dyn Respond>,
}

impl Next for Endpoint {
    async fn run(&self, request: HttpRequest) -> HttpResponse {
        let kept = request.clone();
        Guarded::new((self.view)(request), kept, &*self.respond).await
    }
}

async fn send(
    middleware: impl Middleware,
    settings: Settings,
    cookie: Option<&str>,
    view: View,
) -> HttpResponse {
    let site = Site::new(settings).unwrap();
    let mut chain = Chain::new().middleware(middleware);
    chain.setup(&Setup::new(&site)).unwrap();
    let respond: Arc<dyn Respond> = Arc::new(Statuses);
    let whole = chain.assemble(&respond, |_| Endpoint { view, respond: respond.clone() });
    let mut request = HttpRequest::test("GET", "/").site(&site);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    whole.run(request.build()).await
}

async fn visit(bench: &Bench, cookie: Option<&str>, view: View) -> HttpResponse {
    let middleware = SessionMiddleware::with_engine(bench.engine.clone());
    send(middleware, bench.settings.clone(), cookie, view).await
}

/// The Set-Cookie lines.
fn lines(response: HttpResponse) -> Vec<String> {
    let signer = nuages_cookies::CookieSigner::new(nuages_signing::SecretKeys::new("key"));
    let response = response.into_http(&signer);
    response.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned()).collect()
}

/// `sessionid=key` of the one cookie that was set.
fn pair(response: HttpResponse) -> String {
    let lines = lines(response);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].split(';').next().unwrap().to_owned()
}

fn count(request: HttpRequest) -> Answer {
    Box::pin(async move {
        let n = request.session().await?.modify("n", |n: u32| n + 1)?;
        Ok(HttpResponse::new(n.to_string()))
    })
}

fn read(request: HttpRequest) -> Answer {
    Box::pin(async move {
        let n: Option<u32> = request.session().await?.get("n")?;
        Ok(HttpResponse::new(format!("{n:?}")))
    })
}

fn flush(request: HttpRequest) -> Answer {
    Box::pin(async move {
        request.session_handle()?.flush();
        Ok(HttpResponse::new("out"))
    })
}

fn text(response: &HttpResponse) -> String {
    String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap()
}

fn vary(response: &HttpResponse) -> Option<String> {
    response.headers().get("vary").map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_session_lives_from_request_to_request() {
    for engine in ENGINES {
        let bench = Bench::new(engine).await;
        let first = visit(&bench, None, count).await;
        assert_eq!((text(&first).as_str(), vary(&first).as_deref()), ("1", Some("Cookie")), "{engine}");
        let cookie = pair(first);
        let second = visit(&bench, Some(&cookie), count).await;
        assert_eq!(text(&second), "2");
        let cookie = pair(second);
        let third = visit(&bench, Some(&cookie), read).await;
        assert_eq!((text(&third).as_str(), vary(&third).as_deref()), ("Some(2)", Some("Cookie")));
        assert_eq!(lines(third), [""; 0], "reading sets no cookie");
        let out = visit(&bench, Some(&cookie), flush).await;
        assert_eq!(vary(&out).as_deref(), Some("Cookie"));
        let deleted = pair(out);
        assert_eq!(deleted, "sessionid=\"\"");
        if engine != "signed_cookies" {
            assert_eq!(text(&visit(&bench, Some(&cookie), read).await), "None", "the old key is dead");
        }
    }
}

// Cases 307 and 325 of the attack list.
#[tokio::test]
async fn what_does_not_use_the_session_leaves_no_trace() {
    for engine in ENGINES {
        let bench = Bench::new(engine).await;
        for view in [(|_| Box::pin(async { Ok(HttpResponse::new("page")) })) as View, read] {
            let response = visit(&bench, None, view).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(lines(response), [""; 0], "{engine}");
        }
        let files = std::fs::read_dir(bench.folder.path()).unwrap();
        let files = files
            .filter(|file| file.as_ref().unwrap().file_name().to_str().unwrap().starts_with("sessionid"));
        assert_eq!(files.count(), 0);
    }
}

// Case 306.
#[tokio::test]
async fn the_cookie_has_the_attributes_of_the_settings() {
    let bench = Bench::new("cache").await;
    let line = lines(visit(&bench, None, count).await).remove(0);
    assert!(line.ends_with("; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"), "{line}");
    assert!(line.contains("; expires="), "{line}");

    let other = Bench::with("cache", |settings| {
        settings.SESSION_COOKIE_NAME = "sid".into();
        settings.SESSION_COOKIE_DOMAIN = Some("example.com".into());
        settings.SESSION_COOKIE_PATH = "/app/".into();
        settings.SESSION_COOKIE_SECURE = true;
        settings.SESSION_COOKIE_HTTPONLY = false;
        settings.SESSION_COOKIE_SAMESITE.0 = Some(SameSite::Strict);
        settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = true;
    })
    .await;
    let line = lines(visit(&other, None, count).await).remove(0);
    assert!(line.starts_with("sid="), "{line}");
    assert!(line.ends_with("; Domain=example.com; Path=/app/; SameSite=Strict; Secure"), "{line}");
    assert!(!line.contains("Max-Age") && !line.contains("expires") && !line.contains("HttpOnly"), "{line}");
}

// Case 319 and the like.
#[tokio::test]
async fn a_request_that_fails_saves_nothing() {
    let fail: View = |request| {
        Box::pin(async move {
            request.session().await?.set("n", 99)?;
            Err("broken".into())
        })
    };
    let blow: View = |request| {
        Box::pin(async move {
            let session = request.session().await?;
            session.set("n", 99)?;
            session.modify("n", |_: u32| panic!("in the midst of it"))?;
            unreachable!()
        })
    };
    for engine in ENGINES {
        let bench = Bench::new(engine).await;
        let cookie = pair(visit(&bench, None, count).await);
        for view in [fail, blow] {
            let response = visit(&bench, Some(&cookie), view).await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(lines(response), [""; 0]);
        }
        assert_eq!(text(&visit(&bench, Some(&cookie), read).await), "Some(1)", "{engine}");
    }
}

#[tokio::test]
async fn a_logout_during_a_slow_request_is_status_400() {
    let slow: View = |request| {
        Box::pin(async move {
            let session = request.session().await?;
            let other = session.engine().session(session.session_key().as_ref().map(|key| key.as_str()));
            other.flush();
            other.commit(true, 200).await?;
            session.set("late", true)?;
            Ok(HttpResponse::new("done"))
        })
    };
    for engine in SERVER_SIDE {
        let bench = Bench::new(engine).await;
        let cookie = pair(visit(&bench, None, count).await);
        let response = visit(&bench, Some(&cookie), slow).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{engine}");
        assert!(text(&response).contains("deleted before the request completed"), "{}", text(&response));
        assert_eq!(lines(response), [""; 0]);
        let key = cookie.split_once('=').unwrap().1;
        assert!(!bench.engine.session(Some(key)).exists(None).await.unwrap());
    }
}

// Cases 286 to 302.
#[tokio::test]
async fn keys_that_nobody_drew_are_never_adopted() {
    let long = "a".repeat(4096);
    let keys = [
        "thiskeydoesnotexist0123456789abc",
        "short",
        "../../../../etc/passwd",
        "/etc/passwd",
        "abcdefgh%00",
        &long,
        "' OR 1=1 --",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "1:session:admin",
        "********************************",
    ];
    for engine in SERVER_SIDE {
        let bench = Bench::new(engine).await;
        for key in keys {
            let cookie = format!("sessionid={key}");
            let read = visit(&bench, Some(&cookie), read).await;
            assert_eq!((read.status(), text(&read).as_str()), (StatusCode::OK, "None"), "{engine} {key}");
            let new = pair(visit(&bench, Some(&cookie), count).await);
            assert_ne!(new, cookie);
            assert_eq!(new.len(), "sessionid=".len() + 32);
        }
    }
}

#[tokio::test]
async fn without_the_middleware_the_error_tells_the_fix() {
    struct Nothing;
    impl Middleware for Nothing {
        async fn call(&self, request: HttpRequest, next: &impl Next) -> Result {
            Ok(next.run(request).await)
        }
    }
    let response = send(Nothing, Settings::default(), None, read).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text(&response).contains("add .middleware(SessionMiddleware::new())"), "{}", text(&response));
}

#[tokio::test]
async fn the_engine_of_the_settings_is_taken() {
    for engine in ["cache", "signed_cookies", "django.contrib.sessions.backends.cache"] {
        let settings =
            Settings { SECRET_KEY: "key".into(), SESSION_ENGINE: engine.into(), ..Settings::default() };
        let response = send(SessionMiddleware::new(), settings, None, count).await;
        assert_eq!(response.status(), StatusCode::OK, "{engine}");
    }
    let site = Site::new(Settings { SESSION_ENGINE: "disk".into(), ..Settings::default() }).unwrap();
    let mut chain = Chain::new().middleware(SessionMiddleware::new());
    let errors = chain.setup(&Setup::new(&site)).unwrap_err();
    assert!(format!("{errors:?}").contains("there is no session engine"), "{errors:?}");
}

/// Django's engine `cache` asks for the record before it reads the session, the others read first.
#[tokio::test]
async fn a_save_that_finds_no_record_leaves_a_session_in_a_cache_unread() {
    for name in SERVER_SIDE {
        let bench = Bench::new(name).await;
        let sent = "nobody0drew0this0key0000000000000";
        let handle = bench.engine.session(Some(sent));
        let error = handle.save().await.unwrap_err();
        assert_eq!(error.kind(), nuages_sessions::SessionErrorKind::UpdateError, "{name}");
        let keeps_the_key = handle.session_key().is_some_and(|key| key.as_str() == sent);
        assert_eq!((keeps_the_key, !handle.accessed()), (name == "cache", name == "cache"), "{name}");
        let committed = handle.commit(true, 200).await.unwrap();
        assert_eq!(committed.cookie, nuages_sessions::CookieChange::Keep, "{name}");
        if name == "cache" {
            handle.session().await.unwrap().contains("a");
            assert_eq!(handle.session_key().map(|key| key.as_str().to_owned()), None, "read since");
            let committed = handle.commit(true, 200).await.unwrap();
            assert_eq!(committed.cookie, nuages_sessions::CookieChange::Delete, "read since");
        }
    }
}

/// Django has written the record when it drew the key, so a cache has dropped it by the time it is saved.
#[tokio::test]
async fn a_key_drawn_for_a_session_that_has_ended_is_gone_in_a_cache() {
    for name in SERVER_SIDE {
        let bench = Bench::new(name).await;
        let handle = bench.engine.session(None);
        let session = handle.session().await.unwrap();
        session.set_expiry(-5).unwrap();
        session.cycle_key().unwrap();
        session.set("a", 1).unwrap();
        let saved = handle.save().await.map_err(|error| error.kind());
        let expected =
            if name == "cache" { Err(nuages_sessions::SessionErrorKind::UpdateError) } else { Ok(()) };
        assert_eq!(saved, expected, "{name}");
    }
}

/// Expiry is judged by the record as it was read, never by what this request wrote.
#[tokio::test]
async fn what_was_written_to_end_at_once_is_written_again() {
    for name in ["db", "file", "cached_db"] {
        let bench = Bench::new(name).await;
        let handle = bench.engine.session(None);
        let session = handle.session().await.unwrap();
        session.set_expiry(-5).unwrap();
        session.save().await.unwrap();
        session.set("a", 1).unwrap();
        session.save().await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
