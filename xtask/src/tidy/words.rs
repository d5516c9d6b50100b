//! Words that no source may hold: what is unfinished, what is skipped, what is unsafe.

use super::rust_source::{code_only, lines_with_word};
use super::{Finding, Tree};

/// Put together from parts where a plain search for the word would find this very table.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("todo", "!"), "unfinished: write it, or leave it out"),
    (concat!("unimplemented", "!"), "unfinished: write it, or leave it out"),
    (concat!("#[", "ignore"), "a test that does not run shows nothing; read LONG_TESTS for what is slow"),
    ("unsafe", "the safe way, or a crate that is about it"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let code = code_only(&file.text);
        for (word, why) in FORBIDDEN {
            let found = lines_with_word(&code, word)
                .map(|line| Finding::new(&file.path, line, format!("`{word}`: {why}")));
            findings.extend(found);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_found_in_code_only() {
        for (word, _) in FORBIDDEN {
            let tree = Tree::of(&[("a.rs", &format!("// {word}\nfn a() {{ \"{word}\" }}\n{word} x"))]);
            let lines: Vec<_> = check(&tree).iter().map(|finding| finding.line).collect();
            assert_eq!(lines, [Some(3)], "{word}");
        }
        assert!(check(&Tree::of(&[("a.rs", "#![forbid(unsafe_code)]")])).is_empty());
    }
}
