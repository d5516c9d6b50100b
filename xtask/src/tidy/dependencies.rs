//! `ARCHITECTURE.md` names every direct dependency, and no other.

use std::collections::BTreeSet;

use super::{Finding, Tree};

const MAP: &str = "ARCHITECTURE.md";
const SECTION: &str = "## Dependencies";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(map) = tree.file(MAP) else {
        return vec![Finding::new(MAP, None, "is missing")];
    };
    let section = map.text.split_once(SECTION).map(|(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
    let Some(section) = section else {
        return vec![Finding::new(MAP, None, format!("has no section `{SECTION}`"))];
    };
    let documented: BTreeSet<&str> =
        section.lines().filter(|line| line.starts_with("| `")).flat_map(named).collect();
    let used: BTreeSet<&str> = tree
        .packages
        .iter()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| !dependency.ours)
        .map(|dependency| dependency.name.as_str())
        .collect();
    let missing = used
        .difference(&documented)
        .map(|name| format!("`{name}` has no line that says why we depend on it"));
    let stale =
        documented.difference(&used).map(|name| format!("`{name}` is named, but nothing depends on it"));
    missing.chain(stale).map(|message| Finding::new(MAP, None, message)).collect()
}

/// The names in the first cell of a table row: "| `a`, `b` | reason |".
fn named(row: &str) -> impl Iterator<Item = &str> {
    let cell = row.trim_start_matches('|').split('|').next().unwrap_or_default();
    cell.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Dependency, Package};

    fn found(map: &str) -> Vec<String> {
        let mut tree = Tree::of(&[(MAP, map)]);
        let dependencies =
            ["serde", "tokio"].map(|name| Dependency { name: name.into(), ..Dependency::default() });
        let mut package =
            Package { name: "a".into(), dependencies: dependencies.into(), ..Package::default() };
        package.dependencies.push(Dependency {
            name: "nuages-b".into(),
            ours: true,
            ..Dependency::default()
        });
        tree.packages.push(package);
        check(&tree).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn each_dependency_has_a_line_and_no_other() {
        assert!(
            found("## Dependencies\n| `serde`, `tokio` | reason, not `this` |\n## Next\n| `other` | |")
                .is_empty()
        );
        assert_eq!(
            found("## Dependencies\n| `serde` | |"),
            ["`tokio` has no line that says why we depend on it"]
        );
        let stale = found("## Dependencies\n| `serde` | |\n| `tokio` | |\n| `rand` | |");
        assert_eq!(stale, ["`rand` is named, but nothing depends on it"]);
        assert_eq!(found("## Else"), ["has no section `## Dependencies`"]);
    }
}
