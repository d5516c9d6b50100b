//! Are the tables of the caches there?

use nuages_db::{Database, DbErrorKind};

use super::Message;
use crate::application::Application;
use crate::error_chain::chain;
use crate::site_caches;

/// Looks at the tables of the caches that are in the database.
pub(super) async fn check(application: &Application) -> Vec<Message> {
    let site = application.site();
    let Some(database) = site.extensions().get::<Database>() else { return Vec::new() };
    let mut messages = Vec::new();
    // What is wrong with the settings was found when the application was built.
    for table in site_caches::tables(site.settings()).unwrap_or_default() {
        let error = match database.cache(&table) {
            Ok(cache) => cache.count().await.err(),
            Err(error) => Some(error),
        };
        messages.extend(error.map(|error| match error.kind() {
            DbErrorKind::MissingTable => Message::warning(
                "caches.W001",
                format_args!("the database lacks the cache table {table}"),
                "run the command `createcachetable`",
            ),
            _ => Message::error(
                "caches.E002",
                format_args!("the cache table {table} cannot be used: {}", chain(&error)),
                "correct DATABASE_URL, or the cache's location",
            ),
        }));
    }
    messages
}
