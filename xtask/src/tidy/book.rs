//! Prose code compiles: the book includes its snippets from compiled sources by anchor, the README is a doctest, and
//! no link of either leads nowhere.

use super::{Finding, Tree};
use crate::workspace::File;

const BOOK: &str = "docs/src/";
const SUMMARY: &str = "docs/src/SUMMARY.md";
const README: &str = "README.md";
/// What `cargo xtask django` runs.
const PYTHON: &str = "examples/book/python/";
const FACADE: &str = "crates/nuages/src/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let pages = tree.files.iter().filter(|file| file.path.ends_with(".md"));
    for page in pages {
        findings.extend(links(tree, page));
        if page.path.starts_with(BOOK) {
            findings.extend(snippets(tree, page));
            findings.extend(unlisted(tree, page));
        }
    }
    findings.extend(readme(tree));
    findings
}

/// A language whose blocks are run by tests.
#[derive(Clone, Copy)]
enum Language {
    /// In a source that a package compiles.
    Rust,
    /// In a source of the tests beside a live Django.
    Python,
}

impl Language {
    fn of(info: &str) -> Option<Self> {
        match info.split([',', ' ']).next() {
            Some("rust" | "") => Some(Self::Rust),
            Some("python") => Some(Self::Python),
            _ => None,
        }
    }
}

/// Every block of Rust or Python is made of includes, each of an anchor in a source that a test runs.
fn snippets(tree: &Tree, page: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut block = None;
    for (number, line) in numbered(&page.text) {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            block = match block {
                Some(_) => None,
                None => Some(Language::of(info)),
            };
        } else if let Some(Some(language)) = block
            && !line.trim().is_empty()
        {
            let included = line.trim().strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix("}}"));
            let problem = match included {
                Some(target) => include(tree, page, target.trim(), language),
                None => {
                    Some("a snippet that nothing runs: include it by anchor, or name its language".to_owned())
                }
            };
            findings.extend(problem.map(|message| Finding::new(&page.path, number, message)));
        }
    }
    findings
}

/// What is wrong with `../../examples/tutorial/src/main.rs:anchor`, if anything.
fn include(tree: &Tree, page: &File, target: &str, language: Language) -> Option<String> {
    let Some((path, anchor)) = target.split_once(':') else {
        return Some(format!("`{target}` includes a whole file: name an anchor"));
    };
    let path = resolve(&page.path, path);
    let (comment, is_run) = match language {
        Language::Rust => {
            let folders = tree.packages.iter().map(|package| format!("{}/", package.folder));
            ("//", path.ends_with(".rs") && folders.into_iter().any(|folder| path.starts_with(&folder)))
        }
        Language::Python => ("#", path.ends_with(".py") && path.starts_with(PYTHON)),
    };
    let Some(source) = tree.file(&path) else {
        return Some(format!("includes `{path}`, which is not there"));
    };
    if !is_run {
        return Some(format!("includes `{path}`, which no test runs"));
    }
    let marked = |mark: &str| {
        source.text.lines().any(|line| line.trim().ends_with(&format!("{comment} {mark}: {anchor}")))
    };
    (!marked("ANCHOR") || !marked("ANCHOR_END")).then(|| format!("`{path}` has no anchor `{anchor}`"))
}

/// Links to files of the repository lead somewhere.
fn links(tree: &Tree, page: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fenced = false;
    for (number, line) in numbered(&page.text) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        for (at, _) in line.match_indices("](").filter(|_| !fenced) {
            let target = line[at + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let path = resolve(&page.path, target);
            if page.path.starts_with(BOOK) && !path.starts_with(BOOK) {
                findings.push(Finding::new(
                    &page.path,
                    number,
                    format!("links to `{path}`, outside the book"),
                ));
            } else if !exists(tree, &path) {
                findings.push(Finding::new(
                    &page.path,
                    number,
                    format!("links to `{path}`, which is not there"),
                ));
            }
        }
    }
    findings
}

fn exists(tree: &Tree, path: &str) -> bool {
    let folder = format!("{path}/");
    tree.files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
}

/// A page that the table of contents does not list is built by nobody.
fn unlisted(tree: &Tree, page: &File) -> Option<Finding> {
    let name = page.path.strip_prefix(BOOK)?;
    let summary = tree.file(SUMMARY).map(|file| file.text.as_str()).unwrap_or_default();
    let listed = page.path == SUMMARY || summary.contains(&format!("({name})"));
    (!listed).then(|| Finding::new(&page.path, None, format!("is not listed in {SUMMARY}")))
}

/// Rust code in the README is run as a doctest of the facade.
fn readme(tree: &Tree) -> Option<Finding> {
    let has_code = tree.file(README)?.text.lines().any(|line| line.starts_with("```rust"));
    let tested = tree.rust().any(|file| file.path.starts_with(FACADE) && file.text.contains("/README.md\")"));
    let message = "has Rust code that no doctest runs: include it with `doc = include_str!(…)` in the facade";
    (has_code && !tested).then(|| Finding::new(README, None, message))
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// `path` as seen from the file `from`, relative to the root.
fn resolve(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    const SOURCE: &str = "// ANCHOR: view\nfn view() {}\n// ANCHOR_END: view\n// ANCHOR: open\n";

    fn found(page: &str) -> Vec<String> {
        let mut tree = Tree::of(&[
            (SUMMARY, "- [A page](page.md)"),
            ("docs/src/page.md", page),
            ("examples/tutorial/src/main.rs", SOURCE),
            ("elsewhere/main.rs", SOURCE),
            ("examples/book/python/views.py", "# ANCHOR: view\n# ANCHOR_END: view\n"),
        ]);
        tree.packages.push(Package { folder: "examples/tutorial".to_owned(), ..Package::default() });
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn snippets_are_included_from_compiled_code() {
        let main = "../../examples/tutorial/src/main.rs";
        let block = |target: &str| format!("```rust\n{{{{#include {target}}}}}\n```\n");
        assert!(found(&block(&format!("{main}:view"))).is_empty());
        assert!(found("```sh\ncargo run\n```\n```toml\nA = 1\n```\n").is_empty());
        let python = |target: &str| format!("```python\n{{{{#include {target}}}}}\n```\n");
        assert!(found(&python("../../examples/book/python/views.py:view")).is_empty());
        let cases = [
            (
                "```python\ndef a(): pass\n```".to_owned(),
                "a snippet that nothing runs: include it by anchor, or name its language",
            ),
            (
                python("../../examples/book/python/views.py:other"),
                "`examples/book/python/views.py` has no anchor `other`",
            ),
            (
                python("../../examples/tutorial/src/main.rs:view"),
                "includes `examples/tutorial/src/main.rs`, which no test runs",
            ),
            (
                "```rust\nfn a() {}\n```".to_owned(),
                "a snippet that nothing runs: include it by anchor, or name its language",
            ),
            (
                "```\nfn a() {}\n```".to_owned(),
                "a snippet that nothing runs: include it by anchor, or name its language",
            ),
            (
                "```rust,ignore\nfn a() {}\n```".to_owned(),
                "a snippet that nothing runs: include it by anchor, or name its language",
            ),
            (block(main), "`../../examples/tutorial/src/main.rs` includes a whole file: name an anchor"),
            (block("../gone.rs:view"), "includes `docs/gone.rs`, which is not there"),
            (block("../../elsewhere/main.rs:view"), "includes `elsewhere/main.rs`, which no test runs"),
            (block(&format!("{main}:other")), "`examples/tutorial/src/main.rs` has no anchor `other`"),
            (block(&format!("{main}:open")), "`examples/tutorial/src/main.rs` has no anchor `open`"),
        ];
        for (page, message) in cases {
            assert_eq!(found(&page), [message], "{page}");
        }
    }

    #[test]
    fn links_lead_somewhere() {
        assert!(found("[a](page.md) [c](https://example.com/) [d](#here)").is_empty());
        assert_eq!(found("[a](../../examples/)"), ["links to `examples`, outside the book"]);
        assert_eq!(found("[a](gone.md#x)"), ["links to `docs/src/gone.md`, which is not there"]);
    }

    #[test]
    fn pages_are_listed() {
        let tree = Tree::of(&[(SUMMARY, "- [A](a.md)"), ("docs/src/a.md", ""), ("docs/src/b.md", "")]);
        assert_eq!(
            check(&tree),
            [Finding::new("docs/src/b.md", None, "is not listed in docs/src/SUMMARY.md")]
        );
    }

    #[test]
    fn the_readme_is_a_doctest() {
        let readme = (README, "```rust\nfn main() {}\n```");
        assert_eq!(check(&Tree::of(&[readme])).len(), 1);
        let facade = ("crates/nuages/src/lib.rs", "#[doc = include_str!(\"../../../README.md\")]");
        assert!(check(&Tree::of(&[readme, facade])).is_empty());
    }
}
