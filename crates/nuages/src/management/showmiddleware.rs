//! `showmiddleware`.

use super::Outcome;
use super::output::Output;
use super::project::Project;
use super::table::aligned;

/// Lists the middleware, also of an application that cannot start: a wrong order is seen here.
pub(super) fn run(project: &Project, output: &mut Output) -> Outcome {
    let rows: Vec<[String; 3]> = project
        .middleware()
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            let provides = labelled("provides", &layer.provides);
            let requires = labelled("requires", &layer.requires);
            let words: Vec<String> = [provides, requires].into_iter().flatten().collect();
            [format!("{}.", index.saturating_add(1)), layer.name.to_owned(), words.join("; ")]
        })
        .collect();
    if rows.is_empty() {
        output.line("There is no middleware; App::middleware adds it.");
    }
    for line in aligned(&rows) {
        output.line(line);
    }
    Outcome::Success
}

fn labelled(label: &str, names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{label} {}", names.join(", ")))
}
