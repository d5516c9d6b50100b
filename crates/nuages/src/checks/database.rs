//! Can the database be reached, and does it hold the tables?

use nuages_db::Database;

use super::Message;
use crate::application::Application;
use crate::error_chain::chain;

/// Looks at the database, if something of the application is kept there.
pub(super) async fn check(application: &Application) -> Option<Message> {
    let site = application.site();
    let database = site.extensions().get::<Database>()?;
    match database.pending_migrations().await {
        Ok(pending) if pending.is_empty() => None,
        Ok(_) => Some(Message::warning(
            "database.W001",
            format_args!("the database {} lacks tables", site.settings().DATABASE_URL.masked()),
            "run the command `migrate`",
        )),
        Err(error) => Some(Message::error(
            "database.E001",
            format_args!(
                "the database {} cannot be used: {}",
                site.settings().DATABASE_URL.masked(),
                chain(&error)
            ),
            if error.is_outage() {
                "start the database, or correct DATABASE_URL"
            } else {
                "correct DATABASE_URL"
            },
        )),
    }
}
