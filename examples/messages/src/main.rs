//! A list of chores that says what it did: `cargo run -p messages` serves it.

mod chores;
mod views;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use nuages::decorators::require_POST;
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;

// ANCHOR: app
fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .middleware(MessageMiddleware::new())
        .urls(urlconf([
            path("", views::list).name("list"),
            path("add/", require_POST(views::add)),
            path("done/<int:number>/", require_POST(views::done)),
        ]))
}
// ANCHOR_END: app

fn main() -> ExitCode {
    nuages::management::run(app)
}
