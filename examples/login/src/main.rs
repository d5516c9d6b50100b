//! Logging in and out by hand: `cargo run -p login` serves it.

mod accounts;
mod session;
mod views;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use nuages::decorators::require_POST;
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

use crate::session::login_required;

// ANCHOR: app
fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(urlconf([
            path("", views::home).name("home"),
            path("login/", views::login).name("login"),
            path("logout/", require_POST(views::logout)),
            path("diary/", login_required(views::diary)),
        ]))
}
// ANCHOR_END: app

fn main() -> ExitCode {
    nuages::management::run(app)
}
