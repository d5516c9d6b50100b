//! What cargo writes beside a binary: the list of files that it was built from (`target/debug/site.d`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files that this binary was built from; none if there is no list.
pub(super) fn sources(binary: &Path) -> BTreeSet<PathBuf> {
    let text = std::fs::read_to_string(binary.with_extension("d")).unwrap_or_default();
    parse(&text)
}

/// The right side of the first rule, in the syntax of make: separated by spaces, a space inside a name is `\ `.
fn parse(text: &str) -> BTreeSet<PathBuf> {
    let line = text.lines().next().unwrap_or_default();
    let mut files = BTreeSet::new();
    let mut file = String::new();
    let mut letters = line.split_once(": ").map_or("", |(_, files)| files).chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&' ') => file.extend(letters.next()),
            ' ' => {
                files.insert(PathBuf::from(std::mem::take(&mut file)));
            }
            letter => file.push(letter),
        }
    }
    files.insert(PathBuf::from(file));
    files.remove(Path::new(""));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let list = |files: &[&str]| files.iter().map(PathBuf::from).collect::<BTreeSet<_>>();
        for (text, files) in [
            (
                "/t/debug/site: /p/src/main.rs /p/templates/a.html\n",
                list(&["/p/src/main.rs", "/p/templates/a.html"]),
            ),
            ("/t/site: /my\\ site/src/main.rs /b\\c.rs", list(&["/my site/src/main.rs", "/b\\c.rs"])),
            ("/t/site:", list(&[])),
            ("", list(&[])),
        ] {
            assert_eq!(parse(text), files, "{text}");
        }
    }
}
