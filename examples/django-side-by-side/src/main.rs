//! The shop of a Django site: `side-by-side.sh` starts both behind nginx.

mod login;
mod user;
mod views;

use std::process::ExitCode;

use nuages::decorators::require_POST;
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

// ANCHOR: app
/// The same middleware as in the `MIDDLEWARE` of the Django site; what the two share, settings say.
fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(urlconf([path("shop/", include(shop()))]))
}

fn shop() -> UrlConf {
    urlconf([
        path("", views::shop).name("shop"),
        path("buy/", require_POST(views::buy)),
        path("login/", views::login),
        path("logout/", require_POST(views::logout)),
    ])
}
// ANCHOR_END: app

fn main() -> ExitCode {
    nuages::management::run(app)
}
