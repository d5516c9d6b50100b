//! A file is named by its noun.

use super::{Finding, Tree};

const FORBIDDEN: &[&str] = &["utils", "util", "helpers", "helper", "common"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let nameless = |path: &str| {
        let parts = path.split('/').map(|part| part.split_once('.').map_or(part, |(stem, _)| stem));
        parts.into_iter().find(|part| FORBIDDEN.contains(part)).map(str::to_owned)
    };
    let named = tree.files.iter().filter_map(|file| Some((file, nameless(&file.path)?)));
    named
        .map(|(file, name)| {
            Finding::new(&file.path, None, format!("`{name}` says nothing: name it by what is in it"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for path in ["crates/a/src/utils.rs", "tests/common/mod.rs", "tests/django/helpers.py"] {
            assert_eq!(check(&Tree::of(&[(path, "")])).len(), 1, "{path}");
        }
        assert!(check(&Tree::of(&[("crates/a/src/commonplace.rs", "")])).is_empty());
    }
}
