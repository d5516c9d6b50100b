//! A public function or type has an example: its own, or one that another item shows it in.

use std::collections::{BTreeMap, BTreeSet};

use super::rust_source::is_word;
use super::{Finding, Tree};
use crate::workspace::File;

/// What a block of code in documentation may be called that is no Rust.
const OTHER_LANGUAGES: [&str; 9] =
    ["console", "html", "ignore", "json", "python", "sh", "sql", "text", "toml"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let library = |file: &&File| file.path.starts_with("crates/") && file.path.contains("/src/");
    let files: Vec<_> = tree.rust().filter(library).map(|file| (file, examples(&file.text))).collect();
    let shown: BTreeSet<&str> =
        files.iter().flat_map(|(_, examples)| examples.values()).flat_map(|line| words(line)).collect();
    let mut findings = Vec::new();
    for (file, examples) in &files {
        let unseen = |item: &Item<'_>| {
            let own = item.is_type && examples.range(item.from..item.line).next().is_some();
            !own && !shown.contains(item.name)
        };
        for item in items(&file.text).into_iter().filter(unseen) {
            findings.push(Finding::new(
                &file.path,
                item.line,
                format!("`{}` is in no example: show what it does", item.name),
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

/// A function or type that a module offers.
struct Item<'a> {
    name: &'a str,
    line: usize,
    /// The line that its documentation begins after.
    from: usize,
    /// A type that has an example need not be named in it: a guard is held by nobody.
    is_type: bool,
}

/// What a module offers, but for what is hidden; methods are shown with their types.
fn items(text: &str) -> Vec<Item<'_>> {
    let (mut items, mut from, mut hidden) = (Vec::new(), 0, false);
    for (line, text) in code(text) {
        hidden |= text == "#[doc(hidden)]";
        if let Some((is_type, name)) = declared(text)
            && !hidden
        {
            items.push(Item { name, line, from, is_type });
        }
        if text.is_empty() || text.starts_with("pub ") {
            (from, hidden) = (line, false);
        }
    }
    items
}

/// The name that this line makes public, and whether it is a type's.
fn declared(line: &str) -> Option<(bool, &str)> {
    let rest = line.strip_prefix("pub ")?;
    let mut words = words(rest).skip_while(|word| ["const", "async", "unsafe"].contains(word));
    let is_type = match words.next()? {
        "fn" => false,
        "enum" | "struct" | "trait" | "type" | "union" => true,
        _ => return None,
    };
    Some((is_type, words.next()?))
}

/// The lines of Rust in the documentation, by number.
fn examples(text: &str) -> BTreeMap<usize, &str> {
    let (mut found, mut rust) = (BTreeMap::new(), None);
    for (number, line) in code(text) {
        let line = line.trim_start();
        let Some(line) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            rust = None;
            continue;
        };
        match (line.trim_start().strip_prefix("```"), rust) {
            (Some(_), Some(_)) => rust = None,
            (Some(language), None) => rust = Some(!OTHER_LANGUAGES.contains(&language.trim())),
            (None, Some(true)) => _ = found.insert(number, line),
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
    fn types_without_an_example_are_found() {
        let cases: &[(&str, &[usize])] = &[
            ("/// A sum.\npub struct Sum;", &[2]),
            ("/// ```\n/// assert_eq!(a::Sum::of(1, 2), 3);\n/// ```\npub struct Sum;", &[]),
            ("/// ```\n/// a::sum();\n/// ```\n#[derive(Debug)]\npub struct Sum;", &[]),
            ("/// ```text\n/// Sum\n/// ```\npub struct Sum;", &[4]),
            ("/// ```\n/// a::sum();\n/// ```\npub struct Sum;\npub struct Term;", &[5]),
            ("/// ```\n/// a::sum();\n/// ```\nstruct Sum;\n\npub struct Term;", &[6]),
            (
                "pub enum A {}\npub union B {}\npub trait C {}\npub unsafe trait D {}\npub type E = A;",
                &[1, 2, 3, 4, 5],
            ),
            ("enum A {}\npub(crate) struct B;\npub mod c {}\npub use d::D;\npub const E: u8 = 0;", &[]),
            ("/// Of a macro.\n#[doc(hidden)]\npub struct Sum;\npub struct Term;", &[4]),
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
