//! Our site and a live Django on one database, one session folder and one key.

use crate::command::Run;
use crate::setup;
use crate::workspace::Workspace;

/// Builds what stands in `tests/django` and lets its runners play both sides: the sites, and without options the caches and a
/// new project made from a Django project; with `caches` or `new_project` before the options, only that.
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
        Some(("caches", options)) => return play("tests/django/caches.py", "cache-beside", options),
        Some(("new_project", [])) => return new_project(),
        _ => {}
    }
    play("tests/django/run.py", "side-by-side", options)?;
    if options.is_empty() {
        play("tests/django/caches.py", "cache-beside", options)?;
        new_project()?;
    }
    Ok(())
}
