//! Every member inherits the lints of the workspace: `unsafe` is forbidden there.

use super::{Finding, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let manifest = format!("{}/Cargo.toml", package.folder);
        let inherits =
            tree.file(&manifest).is_some_and(|file| file.text.contains("[lints]\nworkspace = true"));
        if !inherits {
            findings.push(Finding::new(
                &manifest,
                None,
                "inherits no lints: add `[lints]` with `workspace = true`",
            ));
        }
    }
    if let Some(root) = tree.file("Cargo.toml")
        && !root.text.contains("unsafe_code = \"forbid\"")
    {
        findings.push(Finding::new("Cargo.toml", None, "the workspace must forbid unsafe_code"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[test]
    fn a_member_without_lints_is_refused() {
        let package = Package { name: "a".into(), folder: "crates/a".into(), ..Package::default() };
        for (manifest, found) in [("[lints]\nworkspace = true\n", 0), ("[lints.rust]\n", 1)] {
            let mut tree = Tree::of(&[("crates/a/Cargo.toml", manifest)]);
            tree.packages.push(package.clone());
            assert_eq!(check(&tree).len(), found, "{manifest}");
        }
    }

    #[test]
    fn the_workspace_forbids_unsafe() {
        assert_eq!(check(&Tree::of(&[("Cargo.toml", "[workspace.lints.rust]\n")])).len(), 1);
        assert!(check(&Tree::of(&[("Cargo.toml", "unsafe_code = \"forbid\"")])).is_empty());
    }
}
