//! The snippets of the book's page about sessions.

use nuages::prelude::*;
use nuages::sessions::{AUTH_USER_KEY, SessionEngine};

// ANCHOR: modify
async fn count(request: HttpRequest) -> Result {
    // Two requests at once: the function is called again on what the other one has left.
    let visits = request.session().await?.modify("visits", |visits: u32| visits + 1)?;
    Ok(HttpResponse::new(format!("visit {visits}")))
}
// ANCHOR_END: modify

// ANCHOR: lock
async fn pay(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let lock = session.lock().wait(Duration::from_secs(5)).await?;
    if session.get("paid")?.unwrap_or(false) {
        return Ok(HttpResponse::new("paid already"));
    }
    charge().await?;
    session.set("paid", true)?;
    session.save().await?;
    lock.unlock().await?;
    Ok(HttpResponse::new("thank you"))
}
// ANCHOR_END: lock

async fn charge() -> Result<()> {
    Ok(())
}

// ANCHOR: everywhere
async fn change_password(request: HttpRequest) -> Result {
    let session = request.session().await?;
    let user: String = session.require(AUTH_USER_KEY)?;
    session.cycle_key()?;
    session.save().await?;
    let engine = request.site().extensions().get::<SessionEngine>().or_404()?;
    let sessions = engine.user_sessions().or_404()?;
    let ended = sessions.end_all(&user, session.session_key().as_ref()).await?;
    Ok(HttpResponse::new(format!("logged out {ended} other devices")))
}
// ANCHOR_END: everywhere

// ANCHOR: devices
fn urls() -> UrlConf {
    urlconf([
        path("count/", count),
        path("pay/", pay),
        path("password/", change_password),
        path("account/devices/", include(nuages::devices::urls())),
    ])
}
// ANCHOR_END: devices

#[tokio::test(flavor = "multi_thread")]
async fn the_snippets_work() {
    let settings = Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["testserver".into()],
        SESSION_ENGINE: "cache".into(),
        ..Settings::default()
    };
    let application = App::new(settings).middleware(SessionMiddleware::new()).urls(urls()).build().unwrap();
    for path in ["/count/", "/pay/"] {
        let request = HttpRequest::test("GET", path).header("host", "testserver").site(application.site());
        let response = application.handle(request.build()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
}
