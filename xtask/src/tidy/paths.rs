//! No path of one computer in any file.

use super::{Finding, Tree};

/// Put together from parts, so that this file passes its own rule.
const FOLDERS: &[&str] = &["work", "root"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| !file.path.ends_with(".lock")) {
        for (index, line) in file.text.lines().enumerate() {
            let named =
                FOLDERS.iter().map(|folder| format!("/{folder}/")).find(|path| line.contains(path.as_str()));
            if let Some(path) = named {
                findings.push(Finding::new(
                    &file.path,
                    index + 1,
                    format!("`{path}` is a path of one computer"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for folder in FOLDERS {
            let text = format!("a\ncd /{folder}/nuages");
            assert_eq!(check(&Tree::of(&[("README.md", &text)]))[0].line, Some(2), "{folder}");
            assert!(check(&Tree::of(&[("Cargo.lock", &text)])).is_empty());
        }
        assert!(check(&Tree::of(&[("a.rs", "homework/x ~/work")])).is_empty());
    }
}
