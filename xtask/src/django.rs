//! Our site and a live Django on one database, one session folder and one key.

use crate::command::Run;
use crate::setup;
use crate::workspace::Workspace;

/// Builds what stands in `tests/django` and lets its runners play both sides: the sites, the caches and the templates, or only
/// those of which the first option is the name.
pub(crate) fn run(workspace: &Workspace, options: &[String]) -> Result<(), String> {
    let python = setup::venv(workspace)?;
    Run::cargo(&workspace.root).args(["build", "--locked", "--package", "side-by-side"]).check()?;
    let play = |runner: &str, ours: &str, options: &[String]| {
        Run::new(&python, &workspace.root)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args([runner, "--ours"])
            .args([workspace.target.join("debug").join(ours)])
            .args(options)
            .check()
    };
    match options.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("caches", options)) => play("tests/django/caches.py", "cache-beside", options),
        Some(("templates", options)) => play("tests/django/templates.py", "template-beside", options),
        Some(_) => play("tests/django/run.py", "side-by-side", options),
        None => {
            // The views in Python that the book shows.
            Run::new(&python, &workspace.root)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .args(["examples/book/python/check.py"])
                .check()?;
            play("tests/django/templates.py", "template-beside", options)?;
            play("tests/django/run.py", "side-by-side", options)?;
            play("tests/django/caches.py", "cache-beside", options)
        }
    }
}
