//! Can the database be reached, and does it hold the tables?

use nuages_db::{Database, DbError};
use nuages_sessions::EngineName;

use super::{Message, Subject};
use crate::configuration::sqlite_file;

/// Looks at the database, if sessions are kept there. It makes nothing: an SQLite file that is missing stays missing.
pub(super) async fn check(subject: &Subject<'_>) -> Option<Message> {
    if !subject.has_sessions() || subject.settings.SESSION_ENGINE.parse() != Ok(EngineName::Db) {
        return None;
    }
    let url = &subject.settings.DATABASE_URL;
    if let Some(file) = sqlite_file(url.as_str())
        && !file.exists()
        && file.parent().is_none_or(std::path::Path::is_dir)
    {
        return Some(missing("there is no database yet"));
    }
    match pending(url.as_str()).await {
        Ok(true) => Some(missing("tables are missing")),
        Ok(false) => None,
        Err(error) => Some(Message::error(
            "database.E001",
            format_args!("the database {} cannot be used: {}", url.masked(), chain(&error)),
            "correct DATABASE_URL",
        )),
    }
}

async fn pending(url: &str) -> Result<bool, DbError> {
    let database = Database::connect(url)?;
    let pending = database.pending_migrations().await?;
    database.close().await?;
    Ok(!pending.is_empty())
}

fn missing(what: &str) -> Message {
    let text = format!("sessions are kept in the database, and {what}");
    Message::warning("sessions.W001", text, "run the command `migrate`")
}

/// An error and what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
