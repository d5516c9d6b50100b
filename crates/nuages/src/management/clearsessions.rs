//! `clearsessions`.

use std::error::Error;

use nuages_cache::{CacheFront, Caches};
use nuages_http::Settings;
use nuages_sessions::{Backends, EngineName, SessionEngine};

use super::output::Output;
use super::project::{Project, database};
use super::{Outcome, report, runtime};

/// Deletes what has expired, and says how many.
pub(super) fn run(project: Project, output: &mut Output) -> Outcome {
    match clear(project.settings()) {
        Ok(1) => output.line("Deleted 1 expired session."),
        Ok(count) => output.line(format_args!("Deleted {count} expired sessions.")),
        Err(error) => return report::error(&*error, output),
    }
    Outcome::Success
}

fn clear(settings: &Settings) -> Result<u64, Box<dyn Error>> {
    let mut backends = Backends::default();
    match settings.SESSION_ENGINE.parse()? {
        EngineName::Db => backends.database = Some(database(settings)?),
        EngineName::Cache => {
            backends.caches = Some(Caches::new(CacheFront::connect(settings.CACHE_URL.as_str())?));
        }
        _ => {}
    }
    let engine = SessionEngine::from_settings(settings, &backends)?;
    Ok(runtime::of_one_thread()?.block_on(engine.clear_expired())?)
}
