//! The short tier: what every change passes before it is pushed.

use crate::command::Run;
use crate::stages::{self, Stage};
use crate::workspace::Workspace;
use crate::{book, django, setup, tidy};

const STAGES: &[Stage] = &[
    Stage { name: "setup", what: "what is missing, from apt, pip and rustup", run: setup::run },
    Stage { name: "format", what: "rustfmt finds nothing to change", run: format },
    Stage { name: "tidy", what: "the rules of the house", run: tidy::run },
    Stage { name: "clippy", what: "no warning anywhere", run: clippy },
    Stage { name: "tests", what: "unit and integration tests, on real servers", run: tests },
    Stage { name: "doctests", what: "the examples in the documentation", run: doctests },
    Stage { name: "doc", what: "the API documentation, without a warning", run: doc },
    Stage {
        name: "django",
        what: "our site beside a live Django",
        run: |workspace| django::run(workspace, &[]),
    },
    Stage { name: "book", what: "the book's snippets and its pages", run: book::run },
];

/// Runs the named stages, or all.
pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<(), String> {
    stages::select_and_run(workspace, STAGES, names)
}

fn format(workspace: &Workspace) -> Result<(), String> {
    Run::cargo(&workspace.root).args(["fmt", "--all", "--check"]).check()
}

fn clippy(workspace: &Workspace) -> Result<(), String> {
    Run::cargo(&workspace.root)
        .args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
        .check()?;
    // The workspaces beside this one still fit the API.
    for manifest in ["fuzz/Cargo.toml", "benches/Cargo.toml"] {
        Run::cargo(&workspace.root)
            .env("CARGO_TARGET_DIR", &workspace.target)
            .args(["clippy", "--locked", "--manifest-path", manifest, "--", "-D", "warnings"])
            .check()?;
    }
    // A site without a database: the features of the workspace's members turn it on together.
    Run::cargo(&workspace.root).args(["check", "-p", "nuages", "--no-default-features", "--locked"]).check()
}

fn tests(workspace: &Workspace) -> Result<(), String> {
    Run::cargo(&workspace.root)
        .args(["test", "--workspace", "--lib", "--bins", "--tests", "--examples", "--locked"])
        .check()?;
    // The codings that nobody gets unasked.
    Run::cargo(&workspace.root)
        .args(["test", "-p", "nuages-middleware", "--features", "brotli,zstd", "--test", "main", "--locked"])
        .check()
}

fn doctests(workspace: &Workspace) -> Result<(), String> {
    Run::cargo(&workspace.root).args(["test", "--workspace", "--doc", "--locked"]).check()
}

fn doc(workspace: &Workspace) -> Result<(), String> {
    Run::cargo(&workspace.root)
        .env("RUSTDOCFLAGS", "-D warnings")
        .args(["doc", "--workspace", "--no-deps", "--locked"])
        .check()
}
