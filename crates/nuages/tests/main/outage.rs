//! A session store that is away.

use nuages::prelude::*;
use nuages_db::Database;

/// What a view's `?` makes of the session's error is still a 503, with Retry-After.
#[test]
fn a_view_that_saves_into_a_store_that_is_away_answers_503() {
    async fn save(request: HttpRequest) -> Result {
        let session = request.session().await?;
        session.set("a", 1)?;
        let database = request.site().extensions().get::<Database>().or_404()?;
        database.close().await?;
        session.save().await?;
        Ok(HttpResponse::new("saved"))
    }

    let settings = Settings {
        SECRET_KEY: "a key for tests only".into(),
        ALLOWED_HOSTS: vec!["testserver".into()],
        DATABASE_URL: "sqlite:///:memory:".into(),
        ..Settings::default()
    };
    let application = App::new(settings)
        .middleware(SessionMiddleware::new())
        .urls(urlconf([path("", save)]))
        .build()
        .unwrap();
    let request = HttpRequest::test("GET", "/").header("host", "testserver").site(application.site()).build();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let response = runtime.block_on(application.handle(request));
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after").as_deref(), Some("1"));
}
