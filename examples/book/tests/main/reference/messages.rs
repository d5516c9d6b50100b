//! The page of error messages quotes the code.

use std::path::PathBuf;

use regex::Regex;

use super::checks::sources;

/// The sources as text, with the line breaks inside of string literals taken out.
fn code() -> String {
    let broken = Regex::new(r"\\\n\s*").unwrap();
    let crates = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates"));
    let texts = sources(&crates).into_iter().map(|file| std::fs::read_to_string(file).unwrap());
    texts
        .map(|text| broken.replace_all(&text, "").replace("\\\\", "\\").replace("{{", "{").replace("}}", "}"))
        .collect()
}

/// The messages of the page: the code in the first cell of each row.
fn messages(page: &str) -> Vec<&str> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split("` |").next()).collect()
}

#[test]
fn every_message_is_one_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference/errors.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (code, messages) = (code(), messages(&page));
    assert!(messages.len() > 40, "{messages:?}");
    let said = |message: &str| message.split('…').map(str::trim).all(|piece| code.contains(piece));
    let unknown: Vec<&str> = messages.into_iter().filter(|message| !said(message)).collect();
    assert!(unknown.is_empty(), "docs/src/reference/errors.md has messages that nothing says: {unknown:#?}");
}

#[test]
fn rows_of_the_page() {
    assert_eq!(messages("| message | cause |\n| --- | --- |\n| `a …b` | c `d` |\ntext\n"), ["a …b"]);
}
