//! Our site and a live Django on one database, one session folder and one key.

use crate::command::Run;
use crate::setup;
use crate::workspace::Workspace;

/// Builds what stands in `tests/django` and lets its runners play both sides: the sites, and without options or with
/// `caches` before them the caches.
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
    if let Some(("caches", options)) = options.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return play("tests/django/caches.py", "cache-beside", options);
    }
    if options.is_empty() {
        // The views in Python that the book shows.
        Run::new(&python, &workspace.root)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args(["examples/book/python/check.py"])
            .check()?;
    }
    play("tests/django/run.py", "side-by-side", options)?;
    if options.is_empty() { play("tests/django/caches.py", "cache-beside", options) } else { Ok(()) }
}
