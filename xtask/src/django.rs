//! Our site and a live Django on one database, one session folder and one key.

use crate::command::Run;
use crate::setup;
use crate::workspace::Workspace;

/// Builds what stands in `tests/django` and lets its runners play both sides: the sites, the caches, the templates and a new
/// project made from a Django project; with `caches`, `templates` or `new_project` before the options, only that.
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
    let new_project = || {
        Run::cargo(&workspace.root).args(["build", "--locked", "--package", "nuages-cli"]).check()?;
        let lock = workspace.root.join("Cargo.lock").display().to_string();
        let target = workspace.target.display().to_string();
        play(
            "tests/django/new_project.py",
            "nuages",
            &["--lock".to_owned(), lock, "--target".to_owned(), target],
        )
    };
    match options.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("caches", options)) => play("tests/django/caches.py", "cache-beside", options),
        Some(("templates", options)) => play("tests/django/templates.py", "template-beside", options),
        Some(("new_project", [])) => new_project(),
        Some(_) => play("tests/django/run.py", "side-by-side", options),
        None => {
            // The views in Python that the book shows.
            Run::new(&python, &workspace.root)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .args(["examples/book/python/check.py"])
                .check()?;
            play("tests/django/templates.py", "template-beside", options)?;
            play("tests/django/run.py", "side-by-side", options)?;
            play("tests/django/caches.py", "cache-beside", options)?;
            new_project()
        }
    }
}
