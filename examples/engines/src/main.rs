//! One site on each session engine: `cargo run -p engines -- cached_db` serves it on that one.

mod views;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use nuages::decorators::require_POST;
use nuages::management::Management;
use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;
use nuages::sessions::EngineName;

// ANCHOR: app
/// The site. Nothing in it knows which engine there is: that is a matter of settings.
fn app(settings: Settings) -> App<Chain<impl Layers, impl Sized>> {
    App::new(settings)
        .middleware(SecurityMiddleware::new())
        .middleware(SessionMiddleware::new())
        .middleware(CommonMiddleware::new())
        .middleware(CsrfViewMiddleware::new())
        .urls(urlconf([path("", views::visit).name("visit"), path("forget/", require_POST(views::forget))]))
}
// ANCHOR_END: app

// ANCHOR: main
/// The first argument may name the engine; what follows is a command, as for every site.
fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let engine: Option<EngineName> = arguments.first().and_then(|first| first.parse().ok());
    if engine.is_some() {
        arguments.remove(0);
    }
    let outcome = Management::from_process().arguments(arguments).run(|mut settings| {
        if let Some(engine) = engine {
            engine.as_str().clone_into(&mut settings.SESSION_ENGINE);
        }
        app(settings)
    });
    outcome.into()
}
// ANCHOR_END: main
