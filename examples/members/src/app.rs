//! The application: middleware and URLs.

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::{errors, views};

// ANCHOR: app
/// The site.
pub fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(StaticFilesMiddleware::new().folder(concat!(env!("CARGO_MANIFEST_DIR"), "/static")))
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(urls())
}
// ANCHOR_END: app

// ANCHOR: handlers
fn urls() -> UrlConf {
    urlconf([
        path("", views::home).name("home"),
        path("register/", views::register),
        path("login/", views::login),
        path("members/<slug:name>/", views::member).name("member"),
    ])
    .handler404(errors::not_found)
    .handler500(errors::server_error)
}
// ANCHOR_END: handlers
