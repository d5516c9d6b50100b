//! The tutorials, step by step, by a browser without a screen; then the site as a process of its own.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cookies;
mod files;
mod forms;
mod pages;
mod process;
mod sessions;
mod without_sessions;

use nuages::db::Database;
use nuages::prelude::*;
use nuages::test::Client;
use nuages::{Application, test};

/// Development settings, as `settings.toml` has them.
fn settings() -> Settings {
    Settings { DEBUG: true, ..test::settings() }
}

/// A browser that has not been here yet.
async fn browser() -> Client<Application> {
    browser_with(settings()).await
}

async fn browser_with(settings: Settings) -> Client<Application> {
    let application = tutorial::app(settings, Some(SessionMiddleware::new())).build().unwrap();
    if let Some(database) = application.site().extensions().get::<Database>() {
        database.migrate().await.unwrap();
    }
    Client::new(application)
}
