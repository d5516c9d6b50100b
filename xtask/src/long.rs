//! The long tier: the short one, then what takes longer than a push should wait for.

use crate::command::Run;
use crate::stages::{self, Stage};
use crate::workspace::Workspace;
use crate::{django, fuzz, short};

/// Tests look at this variable and then do more rounds, longer histories, more kills.
const LONG: &str = "LONG_TESTS";

const STAGES: &[Stage] = &[
    Stage {
        name: "short",
        what: "everything of `cargo xtask test`",
        run: |workspace| short::run(workspace, &[]),
    },
    Stage { name: "long", what: "all tests again, with LONG_TESTS=1", run: tests },
    Stage { name: "fuzz", what: "what parses foreign text, 60 s each", run: fuzz::all },
    Stage {
        name: "django",
        what: "all of it with 2,000 steps and seeds 1 to 5, for the report, and 20,000 random templates",
        run: exchanges,
    },
];

/// Runs the stages of these names, or every one.
pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<(), String> {
    stages::select_and_run(workspace, STAGES, names)
}

fn tests(workspace: &Workspace) -> Result<(), String> {
    Run::cargo(&workspace.root)
        .env(LONG, "1")
        .args(["test", "--workspace", "--lib", "--bins", "--tests", "--locked"])
        .check()
}

/// Writes the book's report, which says what was shown.
fn exchanges(workspace: &Workspace) -> Result<(), String> {
    let options = ["--steps", "2000", "--seed", "1,2,3,4,5", "--report", "docs/src/conformance.md"];
    django::run(workspace, &options.map(str::to_owned))?;
    django::run(workspace, &["templates", "--random", "20000", "--seed", "2"].map(str::to_owned))
}
