//! `createcachetable`.

use std::error::Error;

use nuages_db::Database;
use nuages_http::Settings;

use super::output::Output;
use super::project::Project;
use super::{Outcome, report, runtime};
use crate::site_caches::tables;

/// Makes the tables of the settings' caches in the database (`createcachetable`), and returns the names of those that
/// were missing.
///
/// ```
/// use nuages::db::Database;
/// use nuages::management::create_cache_tables;
/// use nuages::prelude::*;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let settings = Settings { CACHE_URL: "db://pages".into(), ..Settings::default() };
/// let database = Database::connect("sqlite:///:memory:")?;
/// assert_eq!(create_cache_tables(&settings, &database).await?, ["pages"]);
/// assert!(create_cache_tables(&settings, &database).await?.is_empty(), "it is there now");
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
///
/// # Errors
/// A cache of the settings that cannot be, or an error of the database.
pub async fn create_cache_tables(
    settings: &Settings,
    database: &Database,
) -> Result<Vec<String>, Box<dyn Error + Send + Sync>> {
    create_all(database, &tables(settings)?).await
}

async fn create_all(
    database: &Database,
    names: &[String],
) -> Result<Vec<String>, Box<dyn Error + Send + Sync>> {
    let mut made = Vec::new();
    for name in names {
        if database.cache(name)?.create().await? {
            made.push(name.clone());
        }
    }
    Ok(made)
}

/// The command; `named` are tables that the command line names.
pub(super) fn run(project: &Project, named: Vec<String>, output: &mut Output) -> Outcome {
    match create(project.settings(), named) {
        Ok((names, made)) => {
            output.line(format_args!("Database {}", project.settings().DATABASE_URL.masked()));
            if names.is_empty() {
                output.line("  no cache of the settings is in the database");
            }
            for name in &names {
                let how = if made.contains(name) { "made" } else { "was there already" };
                output.line(format_args!("  cache table {name}: {how}"));
            }
            Outcome::Success
        }
        Err(error) => report::error(&*error, output),
    }
}

fn create(
    settings: &Settings,
    named: Vec<String>,
) -> Result<(Vec<String>, Vec<String>), Box<dyn Error + Send + Sync>> {
    let names = if named.is_empty() { tables(settings)? } else { named };
    if names.is_empty() {
        return Ok((names, Vec::new()));
    }
    let database = Database::connect(settings.DATABASE_URL.as_str())?;
    runtime::of_one_thread()?.block_on(async {
        let made = create_all(&database, &names).await?;
        database.close().await?;
        Ok((names, made))
    })
}
