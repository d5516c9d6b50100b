//! `migrate`.

use std::error::Error;

use nuages_db::{Applied, Database, DbError, How};
use nuages_http::Settings;

use super::output::Output;
use super::project::Project;
use super::{Outcome, report, runtime};

/// Makes the tables.
pub(super) fn run(project: &Project, output: &mut Output) -> Outcome {
    match migrate(project.settings()) {
        Ok((applied, index)) => {
            output.line(format_args!("Database {}", project.settings().DATABASE_URL.masked()));
            if applied.is_empty() && !index {
                output.line("  nothing to migrate");
            }
            for migration in &applied {
                output.line(format_args!("  {}", describe(migration)));
            }
            if index {
                output.line("  index of sessions: made");
            }
            Outcome::Success
        }
        Err(error) => report::error(&*error, output),
    }
}

/// What was done, and whether the index of sessions was made.
fn migrate(settings: &Settings) -> Result<(Vec<Applied>, bool), Box<dyn Error>> {
    let database = Database::connect(settings.DATABASE_URL.as_str())?;
    let done = runtime::of_one_thread()?.block_on(async {
        let applied = database.migrate().await?;
        let index = settings.SESSION_INDEX && database.session_index().create().await?;
        database.close().await?;
        Ok::<_, DbError>((applied, index))
    })?;
    Ok(done)
}

/// Migrates if there is something to migrate.
pub(super) async fn migrate_if_needed(database: &Database) -> Result<Vec<Applied>, DbError> {
    if database.pending_migrations().await?.is_empty() {
        return Ok(Vec::new());
    }
    database.migrate().await
}

pub(super) fn describe(migration: &Applied) -> String {
    let how = match migration.how {
        How::Created => "made",
        How::Adopted => "was there, adopted as it is",
    };
    format!("{migration}: {how}")
}
