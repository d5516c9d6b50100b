//! The applications: one without middleware, one for each session engine, one with the middleware of `startproject`.

use std::convert::Infallible;
use std::task::{Context, Poll};

use nuages::http::{Request, Response};
use nuages::prelude::*;
use nuages::server::RequestBody;
use nuages::templates::Embedded;
use nuages::{Answer, Application, Route, StartupErrors};
use tower_service::Service;

use crate::views;

/// Where sessions are kept.
pub(crate) struct Places {
    pub(crate) sqlite: Option<String>,
    pub(crate) files: Option<String>,
}

/// All applications of this process. A site has one session engine, so that each engine is a site.
#[derive(Clone)]
pub(crate) struct Sites {
    plain: Application,
    /// By the path that they answer below.
    others: Vec<(&'static str, Application)>,
}

impl Sites {
    pub(crate) fn new(places: &Places) -> std::result::Result<Self, StartupErrors> {
        let plain = plain(settings("db"))?;
        let mut others = vec![
            ("/full/", full(settings("cache"))?),
            ("/session/memory/", with_sessions("memory", settings("cache"))?),
            ("/session/signed/", with_sessions("signed", settings("signed_cookies"))?),
        ];
        if let Some(path) = &places.sqlite {
            let url = format!("sqlite:///{path}");
            let settings = Settings { DATABASE_URL: url.as_str().into(), ..settings("db") };
            others.push(("/session/sqlite/", with_sessions("sqlite", settings)?));
        }
        if let Some(folder) = &places.files {
            let settings = Settings { SESSION_FILE_PATH: Some(folder.into()), ..settings("file") };
            others.push(("/session/file/", with_sessions("file", settings)?));
        }
        Ok(Self { plain, others })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Application> {
        std::iter::once(&self.plain).chain(self.others.iter().map(|(_, site)| site))
    }

    fn at(&mut self, path: &str) -> &mut Application {
        let found = self.others.iter_mut().find(|(prefix, _)| path.starts_with(*prefix));
        found.map_or(&mut self.plain, |(_, site)| site)
    }
}

fn settings(engine: &str) -> Settings {
    Settings {
        SECRET_KEY: "x".repeat(50).into(),
        ALLOWED_HOSTS: vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
        SESSION_ENGINE: engine.to_owned(),
        ..Settings::default()
    }
}

/// The 500 routes, with the one that is asked for in the middle.
fn table() -> Vec<Route> {
    let mut routes = Vec::new();
    for i in 0..499 {
        if i == 250 {
            routes.push(path("users/<int:id>/posts/<slug:slug>/", views::user_post));
        }
        routes.push(filler(i));
    }
    routes
}

/// One of three shapes, by its number.
fn filler(number: usize) -> Route {
    let route = match number % 3 {
        0 => format!("section{number}/"),
        1 => format!("section{number}/<int:id>/"),
        _ => format!("section{number}/<int:id>/items/<slug:slug>/"),
    };
    path(&route, views::filler)
}

fn plain(settings: Settings) -> std::result::Result<Application, StartupErrors> {
    let routes = [
        path("plaintext", views::plaintext),
        path("json", views::json),
        path("form", views::form),
        path("template", views::template),
        path("upload", views::upload),
        path("cookies/read", views::cookies_read),
        path("cookies/set", views::cookies_set),
        path("signed/read", views::signed_read),
        path("signed/set", views::signed_set),
    ];
    const TABLE: Embedded = Embedded(&[("table.html", include_str!("../templates/table.html"))]);
    App::new(settings)
        .templates(|engine| engine.embedded(TABLE))
        .urls(urlconf(routes.into_iter().chain(table())))
        .build()
}

fn with_sessions(store: &str, settings: Settings) -> std::result::Result<Application, StartupErrors> {
    let routes = urlconf([
        path("init", views::session_init),
        path("read", views::session_read),
        path("write", views::session_write),
    ]);
    let prefix = format!("session/{store}/");
    let routes = std::iter::once(path(&prefix, include(routes))).chain(table());
    App::new(settings).middleware(SessionMiddleware::new()).urls(urlconf(routes)).build()
}

/// The middleware of Django's `startproject`, as far as it exists: no auth yet.
fn full(settings: Settings) -> std::result::Result<Application, StartupErrors> {
    let routes = [
        path("full/plaintext", views::plaintext),
        path("full/init", views::session_init),
        path("full/session", views::session_read),
    ];
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .middleware(MessageMiddleware::new())
        .middleware(XFrameOptionsMiddleware::new())
        .urls(urlconf(routes.into_iter().chain(table())))
        .build()
}

impl Service<Request<RequestBody>> for Sites {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Answer {
        self.at(request.uri().path()).call(request)
    }
}
