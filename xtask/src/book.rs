//! The book: every snippet comes from compiled code, mdBook builds it without a warning, and no link is broken.

use std::path::Path;

use crate::command::Run;
use crate::links::{self, Page};
use crate::workspace::Workspace;
use crate::{setup, tidy};

/// Checks that each snippet is included from a file that is compiled, builds `target/book`, and follows its links.
pub(crate) fn run(workspace: &Workspace) -> Result<(), String> {
    tidy::run_book(workspace)?;
    let mdbook = setup::mdbook(workspace)?;
    let output = workspace.target.join("book");
    // What an earlier build has left must not answer for a page that is gone.
    if output.exists() {
        std::fs::remove_dir_all(&output).map_err(|e| format!("cannot empty {}: {e}", output.display()))?;
    }
    let build = Run::new(mdbook, &workspace.root).args(["build", "docs", "--dest-dir"]).args([&output]);
    quiet(&build.said()?)?;
    let pages = pages(&output)?;
    let broken = links::broken(&pages);
    for link in &broken {
        println!("{link}");
    }
    println!("book: {} files, {} broken links", pages.len(), broken.len());
    if broken.is_empty() { Ok(()) } else { Err(format!("{} broken links, listed above", broken.len())) }
}

/// A warning of mdBook is an error here.
fn quiet(said: &str) -> Result<(), String> {
    let loud = |line: &&str| line.contains("WARN") || line.contains("ERROR");
    match said.lines().find(loud) {
        Some(line) => Err(format!("mdBook says: {}", line.trim())),
        None => Ok(()),
    }
}

/// Every file of the built book, by its path inside; of pages their text.
fn pages(root: &Path) -> Result<Vec<Page>, String> {
    let unreadable = |e: std::io::Error| format!("cannot read {}: {e}", root.display());
    let (mut found, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            // The whole book on one page has the links of all pages once more, as seen from another place.
            let is_page =
                name.ends_with(".html") && !["print.html", "404.html", "toc.html"].contains(&&*name);
            let html =
                if is_page { std::fs::read_to_string(&path).map_err(unreadable)? } else { String::new() };
            found.push(Page { name, html });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_fails() {
        assert_eq!(quiet(" INFO Book building has started\n INFO Running the html backend"), Ok(()));
        assert!(
            quiet(" INFO x\n WARN unclosed HTML tag `<int:id>`\n").is_err_and(|e| e.contains("<int:id>"))
        );
        assert!(quiet("ERROR Snippet not found").is_err());
    }
}
