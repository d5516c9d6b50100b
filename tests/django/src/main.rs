//! The nuages site that runs beside a live Django: the routes and answers of `site/`, on the same storage.

mod cookies;
mod fragments;
mod sessions;
mod tokens;

use std::process::ExitCode;

use nuages::prelude::*;

/// The salt of signed cookies and tokens, on both sites.
const SALT: &str = "side by side";

fn urls() -> UrlConf {
    urlconf([
        path("session/", sessions::show),
        path("session/set/", sessions::set),
        path("session/append/", sessions::append),
        path("session/delete/", sessions::delete),
        path("session/expiry/", sessions::expiry),
        path("session/cycle/", sessions::cycle),
        path("session/clear/", sessions::clear),
        path("session/flush/", sessions::flush),
        path("login/", sessions::login),
        path("cookie/", cookies::show),
        path("cookie/set/", cookies::set),
        path("cookie/delete/", cookies::delete),
        path("signed/", cookies::show_signed),
        path("signed/set/", cookies::set_signed),
        path("fragment/", fragments::show),
        path("fragment/forget/", fragments::forget),
        path("token/dumps/", tokens::dumps),
        path("token/loads/", tokens::loads),
    ])
}

fn main() -> ExitCode {
    nuages::management::run(|settings| {
        App::new(settings)
            .middleware(SecurityMiddleware::new())
            .middleware(SessionMiddleware::new())
            .middleware(CommonMiddleware::new())
            .templates(|engine| engine.embedded(fragments::TEMPLATES))
            .urls(urls())
    })
}

/// `{"done": true}`: the answer of a view that has changed something.
fn done() -> Result {
    HttpResponse::json(&serde_json::json!({"done": true}))
}
