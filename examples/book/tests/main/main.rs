//! The book's snippets do what the book says, and its reference is that of the code.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod engine;
mod fragments;
mod layers;
mod pages;
mod reference;
mod shelves;
mod tables;
mod testing;
mod wire;

use nuages::middleware::{Chain, Layers};
use nuages::prelude::*;
use nuages::test::Client;
use nuages::{Application, test};

/// A site with these routes and sessions in memory.
fn site(urls: UrlConf) -> App<Chain<impl Layers, impl Sized>> {
    let settings = Settings { SESSION_ENGINE: "cache".into(), ..test::settings() };
    App::new(settings).middleware(SessionMiddleware::new()).urls(urls)
}

/// A browser on it.
fn browser(urls: UrlConf) -> Client<Application> {
    Client::new(site(urls).build().unwrap())
}
