//! `lib.rs` is a table of contents.

use super::rust_source::code_only;
use super::{Finding, Tree};

const LIMIT: usize = 150;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let roots = tree.rust().filter(|file| file.path.ends_with("src/lib.rs"));
    let counted =
        roots.map(|file| (file, code_only(&file.text).lines().filter(|l| !l.trim().is_empty()).count()));
    counted
        .filter(|(_, lines)| *lines > LIMIT)
        .map(|(file, lines)| {
            let message = format!("{lines} lines of code: lib.rs is a table of contents, at most {LIMIT}");
            Finding::new(&file.path, None, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_not_counted() {
        let path = "crates/a/src/lib.rs";
        assert_eq!(check(&Tree::of(&[(path, &"mod a;\n".repeat(151))])).len(), 1);
        assert!(check(&Tree::of(&[(path, &"//! manual\nmod a;\n\n".repeat(150))])).is_empty());
        assert!(check(&Tree::of(&[("crates/a/src/a.rs", &"mod a;\n".repeat(151))])).is_empty());
    }
}
