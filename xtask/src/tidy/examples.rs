//! A public function has an example: its own, or one that another item shows it in.

use std::collections::BTreeSet;

use super::rust_source::is_word;
use super::{Finding, Tree};
use crate::workspace::File;

/// What a block of code in documentation may be called that is no Rust.
const OTHER_LANGUAGES: [&str; 9] =
    ["console", "html", "ignore", "json", "python", "sh", "sql", "text", "toml"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let library = |file: &&File| file.path.starts_with("crates/") && file.path.contains("/src/");
    let files: Vec<&File> = tree.rust().filter(library).collect();
    let shown: BTreeSet<&str> = files.iter().flat_map(|file| examples(&file.text)).flat_map(words).collect();
    let mut findings = Vec::new();
    for file in files {
        for (line, name) in functions(&file.text).filter(|(_, name)| !shown.contains(name)) {
            findings.push(Finding::new(
                &file.path,
                line,
                format!("`{name}` is in no example: show what it does"),
            ));
        }
    }
    findings
}

/// The lines before the tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
}

/// The functions that a module offers; methods are shown with their types.
fn functions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    code(text).filter_map(|(number, line)| {
        let rest = line.strip_prefix("pub ")?;
        let rest =
            ["const ", "async "].iter().fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
        let name = rest.strip_prefix("fn ")?;
        Some((number, words(name).next()?))
    })
}

/// The lines of Rust in the documentation.
fn examples(text: &str) -> Vec<&str> {
    let (mut found, mut rust) = (Vec::new(), None);
    for (_, line) in code(text) {
        let line = line.trim_start();
        let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            rust = None;
            continue;
        };
        match (line.trim_start().strip_prefix("```"), rust) {
            (Some(_), Some(_)) => rust = None,
            (Some(language), None) => rust = Some(!OTHER_LANGUAGES.contains(&language.trim())),
            (None, Some(true)) => found.push(line),
            (None, _) => {}
        }
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii() || !is_word(c as u8)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Option<usize>> {
        check(&Tree::of(&[("crates/a/src/a.rs", text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn functions_without_an_example_are_found() {
        let cases: &[(&str, &[usize])] = &[
            ("/// Adds.\npub fn add() {}", &[2]),
            ("/// Adds.\n/// ```\n/// a::add();\n/// ```\npub fn add() {}", &[]),
            ("/// Adds.\n/// ```text\n/// add\n/// ```\npub fn add() {}", &[5]),
            ("/// Adds, by `add`.\npub fn add() {}", &[2]),
            ("//! ```no_run\n//! a::add()\n//! ```\npub const fn add() {}\npub async fn sub() {}", &[5]),
            ("/// ```\n/// a::adder()\n/// ```\npub fn add() {}", &[4]),
            ("fn add() {}\npub(crate) fn sub() {}\nimpl A {\n    pub fn new() {}\n}", &[]),
            ("#[cfg(test)]\nmod tests {\n    /// ```\n    /// add();\n    /// ```\n}\npub fn add() {}", &[]),
        ];
        for (text, lines) in cases {
            let lines: Vec<_> = lines.iter().copied().map(Some).collect();
            assert_eq!(found(text), lines, "{text}");
        }
    }

    #[test]
    fn an_example_elsewhere_counts_and_a_chore_needs_none() {
        let shown = ("crates/b/src/lib.rs", "//! ```\n//! a::add();\n//! ```");
        let function = "pub fn add() {}";
        assert!(check(&Tree::of(&[("crates/a/src/a.rs", function), shown])).is_empty());
        assert!(check(&Tree::of(&[("xtask/src/a.rs", function)])).is_empty());
    }
}
