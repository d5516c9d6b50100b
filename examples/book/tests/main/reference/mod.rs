//! The pages of the reference that are written from the code.

mod checks;
mod commands;
mod messages;
mod settings;
mod threats;

use std::path::PathBuf;

/// Set to write the page instead of comparing with it.
const BLESS: &str = "BLESS_TESTS";

/// Compares a page of the book with what the code says, or writes it.
#[track_caller]
fn compare(page: &str, expected: &str) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference")).join(page);
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found == expected {
        return;
    }
    assert!(
        std::env::var_os(BLESS).is_some_and(|value| !value.is_empty()),
        "docs/src/reference/{page} is not what the code says; write it with `{BLESS}=1 cargo test -p book-snippets`\n{}",
        first_difference(&found, expected)
    );
    std::fs::write(path, expected).unwrap();
}

fn first_difference(found: &str, expected: &str) -> String {
    let mut lines = found.lines().zip(expected.lines()).enumerate();
    match lines.find(|(_, (found, expected))| found != expected) {
        Some((at, (found, expected))) => format!("line {}: {found}\nin the code: {expected}", at + 1),
        None => format!("{} lines, in the code {}", found.lines().count(), expected.lines().count()),
    }
}

#[test]
fn the_first_difference_is_shown() {
    assert_eq!(first_difference("a\nb\n", "a\nc\n"), "line 2: b\nin the code: c");
    assert_eq!(first_difference("a\n", "a\nb\n"), "1 lines, in the code 2");
}
