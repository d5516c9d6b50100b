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

/// Views of a site whose session store hangs or refuses.
#[cfg(feature = "test")]
mod away {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
    use std::time::Instant;

    use nuages::prelude::*;
    use nuages::sessions::store::{
        Custody, Listing, Loaded, Merge, Merged, Record, Retired, Saved, Seen, Written,
    };
    use nuages::sessions::{
        SessionConfig, SessionEngine, SessionKey, SessionStore, StoreError, StoreErrorKind,
    };
    use nuages::test::Client;

    /// Never answers; or keeps one session and takes its time to save it.
    struct Store {
        hangs: bool,
        saved: Arc<AtomicBool>,
    }

    impl Store {
        async fn answer<T>(&self) -> std::result::Result<T, StoreError> {
            if self.hangs {
                std::future::pending::<()>().await;
            }
            Err(StoreError::new(StoreErrorKind::Unavailable, "connection refused"))
        }
    }

    type Answer<T> = std::result::Result<T, StoreError>;

    impl SessionStore for Store {
        fn custody(&self) -> Custody {
            Custody::Server
        }
        fn new_key(&self, _: &Record) -> Answer<SessionKey> {
            Ok(SessionKey::random())
        }
        async fn load(&self, _: &SessionKey) -> Answer<Loaded> {
            self.answer().await
        }
        async fn exists(&self, _: &SessionKey) -> Answer<bool> {
            self.answer().await
        }
        async fn create(&self, key: &SessionKey, _: &Record) -> Answer<Option<Written>> {
            tokio::time::sleep(Duration::from_millis(150)).await;
            self.saved.store(true, SeqCst);
            Ok(Some(Written { key: key.clone(), seen: Seen::Never }))
        }
        async fn save(&self, _: &SessionKey, _: &Seen, _: &Record) -> Answer<Saved> {
            self.answer().await
        }
        async fn merge(&self, _: &SessionKey, _: Merge) -> Answer<Merged> {
            self.answer().await
        }
        async fn retire(&self, _: &SessionKey, _: &Seen) -> Answer<Retired> {
            self.answer().await
        }
        async fn delete(&self, _: &SessionKey) -> Answer<bool> {
            self.answer().await
        }
        async fn list(&self, _: Option<&SessionKey>, _: usize) -> Answer<Listing> {
            self.answer().await
        }
        async fn clear_expired(&self) -> Answer<u64> {
            self.answer().await
        }
    }

    async fn touch(request: HttpRequest) -> Result {
        let n: Option<u32> = request.session().await?.get("n")?;
        Ok(HttpResponse::new(format!("{n:?}")))
    }

    async fn untouched(_request: HttpRequest) -> Result {
        Ok(HttpResponse::new("fine"))
    }

    async fn begin(request: HttpRequest) -> Result {
        request.session().await?.set("n", 1)?;
        Ok(HttpResponse::new("begun"))
    }

    fn site(hangs: bool, outage: &str) -> (nuages::Application, Arc<AtomicBool>) {
        let mut settings = nuages::test::settings();
        settings.set_text("SESSION_OUTAGE", outage).unwrap();
        let mut config = SessionConfig::from(&settings);
        config.store_deadline = Duration::from_millis(300);
        let saved = Arc::<AtomicBool>::default();
        let engine = SessionEngine::new(Store { hangs, saved: Arc::clone(&saved) }, config, "key");
        let urls = urlconf([path("touch/", touch), path("untouched/", untouched), path("begin/", begin)]);
        let app = App::new(settings).middleware(SessionMiddleware::with_engine(engine)).urls(urls);
        (app.build().unwrap(), saved)
    }

    fn visitor(application: &nuages::Application) -> Client<nuages::Application> {
        let mut client = Client::new(application.clone());
        client.jar_mut().insert("testserver", "sessionid", "abcdefghijklmnopqrstuvwxyz012345");
        client
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_pages_that_need_the_session_notice() {
        for hangs in [false, true] {
            let (application, _) = site(hangs, "error");
            let mut client = visitor(&application);
            let start = Instant::now();
            let response = client.get("/touch/").await;
            response.assert_status(503).assert_header("retry-after", "1");
            assert_eq!(response.set_cookies().count(), 0, "the visitor keeps his cookie");
            assert!(start.elapsed() < Duration::from_secs(1));

            let start = Instant::now();
            for _ in 0..50 {
                client.get("/untouched/").await.assert_status(200).assert_contains("fine");
            }
            assert!(start.elapsed() < Duration::from_millis(300), "nobody waits for what he does not need");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_site_may_choose_what_django_does() {
        for hangs in [false, true] {
            let (application, _) = site(hangs, "anonymous");
            let mut client = visitor(&application);
            let response = client.get("/touch/").await;
            response.assert_status(200).assert_contains("None").assert_set_cookie("sessionid", "Max-Age=0");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_save_under_way_finishes_though_the_client_is_gone() {
        let (application, saved) = site(true, "error");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let bound = nuages::server::Server::new().bind(nuages::server::Address::from(address)).unwrap();
        let server = tokio::spawn(bound.serve(application, std::future::pending::<()>()));
        let request = "GET /begin/ HTTP/1.1\r\nHost: testserver\r\n\r\n";
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(60)).await;
        drop(stream);
        assert!(!saved.load(SeqCst), "the client left too late");
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert!(saved.load(SeqCst));
        server.abort();
    }
}
