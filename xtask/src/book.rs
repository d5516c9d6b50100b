//! The book: every snippet comes from compiled code, and mdBook builds it.

use crate::command::Run;
use crate::workspace::Workspace;
use crate::{setup, tidy};

/// Checks that each snippet is included from a file that is compiled, then builds `target/book`.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    tidy::run_book(workspace)?;
    let mdbook = setup::mdbook(workspace)?;
    let output = workspace.target.join("book");
    Run::new(mdbook, &workspace.root).args(["build", "docs", "--dest-dir"]).args([output]).check()
}
