//! `clearsessions`.

use std::error::Error;

use nuages_sessions::SessionEngine;

use super::output::Output;
use super::project::Project;
use super::{Outcome, report, runtime};
use crate::application::Application;
use crate::checks;

/// Deletes what has expired, and says how many.
pub(super) fn run(project: Project, output: &mut Output) -> Outcome {
    let application = match project.build() {
        Ok(application) => application,
        Err(errors) => return report::startup(&errors, output),
    };
    match clear(&application) {
        Ok(1) => output.line("Deleted 1 expired session."),
        Ok(count) => output.line(format_args!("Deleted {count} expired sessions.")),
        Err(error) => return report::error(&*error, output),
    }
    Outcome::Success
}

fn clear(application: &Application) -> Result<u64, Box<dyn Error>> {
    let engine = application.site().extensions().get::<SessionEngine>();
    let engine = engine.ok_or("there are no sessions; add .middleware(SessionMiddleware::new())")?;
    runtime::of_one_thread()?.block_on(async {
        match checks::database(application).await {
            Some(message) => Err(message.to_string().into()),
            None => Ok(engine.clear_expired().await?),
        }
    })
}
