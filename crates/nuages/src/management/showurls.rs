//! `showurls`.

use super::output::Output;
use super::project::Project;
use super::table::aligned;
use super::{Outcome, report};

/// Lists the routes: pattern, view, name.
pub(super) fn run(project: Project, output: &mut Output) -> Outcome {
    let application = match project.build() {
        Ok(application) => application,
        Err(errors) => return report::startup(&errors, output),
    };
    let rows: Vec<[String; 3]> = application
        .resolver()
        .routes()
        .map(|(route, target)| {
            let below = if route.is_mount() { "*" } else { "" };
            let name = if route.url_name().is_some() { route.view_name() } else { "" };
            [format!("/{}{below}", route.route()), target.view().name().to_owned(), name.to_owned()]
        })
        .collect();
    if rows.is_empty() {
        output.line("There are no routes; App::urls adds them.");
    }
    for line in aligned(&rows) {
        output.line(line);
    }
    Outcome::Success
}
