//! The page of a user's devices, and what a middleware writes down for it.

use nuages::devices;
use nuages::prelude::*;
use nuages::sessions::{AUTH_USER_KEY, SessionEngine};
use nuages_db::Database;
use nuages_test::Client;

async fn login(request: HttpRequest, user: String) -> Result {
    let session = request.session().await?;
    session.cycle_key()?;
    session.set(AUTH_USER_KEY, user)?;
    Ok(HttpResponse::new("hello"))
}

async fn logout(request: HttpRequest) -> Result {
    request.session_handle()?.flush();
    Ok(HttpResponse::new("good bye"))
}

async fn cycle(request: HttpRequest) -> Result {
    request.session().await?.cycle_key()?;
    Ok(HttpResponse::new("another key"))
}

async fn who(request: HttpRequest) -> Result {
    let user: Option<String> = request.session().await?.get(AUTH_USER_KEY)?;
    Ok(HttpResponse::new(user.unwrap_or_default()))
}

async fn site(change: impl FnOnce(&mut Settings)) -> nuages::Application {
    let mut settings = Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["testserver".into()],
        DATABASE_URL: "sqlite:///:memory:".into(),
        SESSION_INDEX: true,
        ..Settings::default()
    };
    change(&mut settings);
    let urls = urlconf([
        path("login/<str:user>/", login),
        path("logout/", logout),
        path("cycle/", cycle),
        path("", who),
        path("devices/", include(devices::urls())),
    ]);
    let application = App::new(settings)
        .middleware(SessionMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(urls)
        .build()
        .unwrap();
    let database = application.site().extensions().get::<Database>().unwrap();
    database.migrate().await.unwrap();
    database.session_index().create().await.unwrap();
    application
}

fn client(application: &nuages::Application, agent: &str) -> Client<nuages::Application> {
    Client::new(application.clone()).header("user-agent", agent)
}

fn field<'a>(page: &'a str, before: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap();
    rest.split('"').next().unwrap()
}

fn token(page: &str) -> &str {
    field(page, "name=\"token\" value=\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_his_sessions_and_ends_them() {
    for (engine, hashed) in [("db", false), ("db", true), ("cache", false), ("cached_db", true)] {
        let application = site(|settings| {
            settings.SESSION_ENGINE = engine.into();
            settings.SESSION_HASH_KEYS = hashed;
        })
        .await;
        let (mut one, mut two, mut three) =
            (client(&application, "One/1 <b>"), client(&application, "Two"), client(&application, "Three"));
        one.get("/devices/").await.assert_status(403);
        for (client, user) in [(&mut one, "7"), (&mut two, "7"), (&mut three, "8")] {
            client.get(&format!("/login/{user}/")).await.assert_status(200);
        }
        let page = one.get("/devices/").await;
        page.assert_status(200)
            .assert_contains("One/1 &lt;b&gt;")
            .assert_contains("Two")
            .assert_not_contains("Three");
        page.assert_header("cache-control", "no-store");
        for client in [&one, &two] {
            page.assert_not_contains(client.jar().get("sessionid").unwrap());
        }
        let token = token(&page.text()).to_owned();

        // Somebody else's form ends nothing.
        for forged in ["", "x", &token.to_uppercase()] {
            one.post("/devices/").form(&[("token", forged), ("end", "others")]).await.assert_status(403);
        }
        let foreign = three.get("/devices/").await.text().into_owned();
        let their_id = field(&foreign, "name=\"end\" value=\"").to_owned();
        one.post("/devices/")
            .form(&[("token", &token), ("end", &their_id)])
            .await
            .assert_redirects("/devices/");
        assert_eq!(three.get("/").await.text(), "8", "{engine}: nobody ends what is not his");

        one.post("/devices/")
            .form(&[("token", token.as_str()), ("end", "others")])
            .await
            .assert_redirects("/devices/");
        assert_eq!(
            (one.get("/").await.text(), two.get("/").await.text()),
            ("7".into(), "".into()),
            "{engine}"
        );
        one.get("/devices/").await.assert_not_contains("Two").assert_not_contains("others");

        // A changed key is the same device.
        one.get("/cycle/").await.assert_status(200);
        let page = one.get("/devices/").await.text().into_owned();
        assert_eq!(page.matches("One/1").count(), 1, "{engine}: {page}");
        let id = field(&page, "name=\"end\" value=\"").to_owned();
        one.post("/devices/").form(&[("token", self::token(&page)), ("end", &id)]).await;
        assert_eq!(one.get("/").await.text(), "", "{engine}: ended by its own button");

        three.get("/logout/").await.assert_status(200);
        let index = application.site().extensions().get::<Database>().unwrap().session_index();
        assert_eq!(index.list(None, 10, 0).await.unwrap().len(), 0, "{engine}: nothing is left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_everywhere_ends_every_session() {
    let application = site(|_| {}).await;
    let mut clients: Vec<_> = (0..5).map(|n| client(&application, &format!("Browser {n}"))).collect();
    for client in &mut clients {
        client.get("/login/7/").await.assert_status(200);
    }
    let engine = application.site().extensions().get::<SessionEngine>().unwrap();
    let sessions = engine.user_sessions().unwrap();
    assert_eq!(sessions.list("7", None).await.unwrap().len(), 5);
    assert_eq!(sessions.end_all("7", None).await.unwrap(), 5);
    for client in &mut clients {
        assert_eq!(client.get("/").await.text(), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_the_index_cannot_take_gets_no_cookie() {
    let application = site(|settings| settings.SESSION_ENGINE = "file".into()).await;
    application.site().extensions().get::<Database>().unwrap().close().await.unwrap();
    let mut client = client(&application, "One");
    let response = client.get("/login/7/").await;
    response.assert_status(503);
    assert_eq!(response.set_cookie("sessionid"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_forms_pass_the_csrf_check() {
    let application = site(|_| {}).await;
    let mut client = client(&application, "One").enforce_csrf_checks();
    client.get("/login/7/").await.assert_status(200);
    let page = client.get("/devices/").await.text().into_owned();
    let (token, csrf) = (token(&page), field(&page, "name=\"csrfmiddlewaretoken\" value=\""));
    let form = [("token", token), ("end", "others")];
    client.post("/devices/").form(&form).await.assert_status(403);
    let form = [("token", token), ("end", "others"), ("csrfmiddlewaretoken", csrf)];
    client.post("/devices/").form(&form).await.assert_redirects("/devices/");
}
