//! Our site and a live Django on one database, one session folder and one key.

use crate::command::Run;
use crate::setup;
use crate::workspace::Workspace;

/// Builds the site of `tests/django` and lets its runner play both sides.
pub(crate) fn run(workspace: &Workspace, options: &[String]) -> Result<(), String> {
    let python = setup::venv(workspace)?;
    Run::cargo(&workspace.root).args(["build", "--locked", "--package", "side-by-side"]).check()?;
    let ours = workspace.target.join("debug/side-by-side");
    Run::new(python, &workspace.root)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["tests/django/run.py", "--ours"])
        .args([ours])
        .args(options)
        .check()
}
