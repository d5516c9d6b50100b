//! An axum router as one branch of a site: `cargo run -p axum-mount` serves it.

mod api;
mod views;
mod visitor;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

// ANCHOR: app
/// The middleware is around the router as around every view: its requests have a session, and need a token to change
/// anything.
fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(urlconf([path("", views::desk), path("api/", mount(api::router()))]))
}
// ANCHOR_END: app

fn main() -> ExitCode {
    nuages::management::run(app)
}
